namespace Layerbench.Grains;

/// <summary>Under which name the silo registers the grain storage that the engine's grains use.</summary>
public static class GrainStorageName
{
    public const string Value = "layerbench";
}
