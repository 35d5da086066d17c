namespace Layerbench.Engine.Launches;

/// <summary>This build.</summary>
public static class Product
{
    /// <summary><c>0.1.0</c>, without the commit.</summary>
    public static string Version => HostFacts.Product.Version;
}
