namespace Layerbench.Worker.Variants;

/// <summary>How a layer wants its items in memory: where this is not row by row, inputs are rearranged before the clock starts.</summary>
public sealed class ItemLayout
{
    private ItemLayout(string name, bool turned) => (Name, Turned) = (name, turned);

    /// <summary>[batch, seq_len, d_model], contiguous.</summary>
    public static ItemLayout ChannelsLast { get; } = new("channels_last", false);

    /// <summary>[batch, d_model, seq_len], contiguous.</summary>
    public static ItemLayout ChannelsFirst { get; } = new("channels_first", true);

    public string Name { get; }

    private bool Turned { get; }

    /// <summary>From [batch, seq_len, d_model]; contiguous.</summary>
    public Tensor ToStored(Tensor logical) => Turned ? logical.transpose(1, 2).contiguous() : logical;

    /// <summary>The elements of one stored item, in the logical order.</summary>
    /// <param name="item">[seq_len, d_model].</param>
    public Tensor FromFlat(Tensor stored, IReadOnlyList<long> item) =>
        Turned ? stored.view(item[1], item[0]).t().flatten() : stored;

    /// <summary>A view of what the layer takes or gives as [batch, seq_len, d_model].</summary>
    public Tensor ToLogical(Tensor stored) => Turned ? stored.transpose(1, 2) : stored;
}
