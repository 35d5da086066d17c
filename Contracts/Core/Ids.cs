namespace Layerbench.Core;

/// <summary>Names a sweep inside a store: its name and a hash of its spec, e.g. <c>quickstart-1f3a9c20</c>.</summary>
public readonly record struct SweepId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>
/// Names a cell by a hash of its content (point, variants, baseline): the first 16 hex digits of a SHA-256.
/// Two runs of the same cell, on any machine, have the same id, so they can be joined.
/// </summary>
public readonly record struct CellId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>Names a device of one node: <c>cpu</c>, <c>cpu:0-3</c>, <c>cuda:0</c>, <c>simulated:0</c>.</summary>
public readonly record struct DeviceId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>The right to tell about a slice; a new one for every lease, never reused.</summary>
public readonly record struct LeaseToken(string Value)
{
    public override string ToString() => Value;
}

/// <summary>The hash of the environment a launch ran in.</summary>
public readonly record struct FingerprintId(string Value)
{
    public override string ToString() => Value;
}
