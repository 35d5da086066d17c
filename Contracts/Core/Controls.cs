namespace Layerbench.Core;

/// <summary>Whether a cell measures the measurement itself.</summary>
public enum ControlKind
{
    /// <summary>It answers the sweep's question.</summary>
    None,

    /// <summary>The baseline against itself: a difference found here is a false one.</summary>
    Same,

    /// <summary>The baseline against itself with extra work: a difference not found here is a missed one.</summary>
    Slower,
}

/// <summary>How controls are told from other cells, in a plan and in a store: by the label of their second side.</summary>
public static class Controls
{
    /// <summary>No label of a sweep file may begin with it.</summary>
    public const string Prefix = "control.";

    public const string SameLabel = "control.same";
    public const string SlowerLabel = "control.slower";

    /// <param name="labels">A cell's, in its order.</param>
    public static ControlKind KindOf(IReadOnlyList<string> labels) =>
        labels switch
        {
            [_, SameLabel] => ControlKind.Same,
            [_, SlowerLabel] => ControlKind.Slower,
            _ => ControlKind.None,
        };
}
