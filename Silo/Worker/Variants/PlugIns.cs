using System.Reflection;
using System.Security.Cryptography;

namespace Layerbench.Worker.Variants;

/// <summary>What is wrong with a plug-in, in one line that names it.</summary>
internal sealed class PlugInException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Assemblies of a user's own, with subclasses of <see cref="LayerVariant"/>.</summary>
internal static class PlugIns
{
    private const string Variable = "LAYERBENCH_EXTRA_VARIANTS";

    /// <summary>The assemblies that the variable names, separated as in PATH; Python's files are the other worker's.</summary>
    public static IReadOnlyList<string> Files { get; } =
    [
        .. (Environment.GetEnvironmentVariable(Variable) ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(file => file.EndsWith(".dll", StringComparison.Ordinal))
            .Select(Path.GetFullPath),
    ];

    /// <summary>Of the fingerprint: which they are, and a hash of their code. Nothing where there are none.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Entries()
    {
        if (Files.Count == 0)
        {
            yield break;
        }

        using var code = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Files)
        {
            code.AppendData(File.ReadAllBytes(file));
        }

        yield return new("extra_variants", string.Join(Path.PathSeparator, Files));
        yield return new("extra_variants_code", Convert.ToHexStringLower(code.GetHashAndReset())[..16]);
    }

    /// <exception cref="PlugInException">It does not load, or has no variant.</exception>
    public static IReadOnlyList<Variant> Load(string file)
    {
        try
        {
            Variant[] found =
            [
                .. Assembly
                    .LoadFrom(file)
                    .GetTypes()
                    .Where(t => t.IsSubclassOf(typeof(LayerVariant)) && !t.IsAbstract)
                    .Select(t => (Variant)Activator.CreateInstance(t)!),
            ];
            return found.Length > 0
                ? found
                : throw new PlugInException(
                    $"{file} has no class that derives from {typeof(LayerVariant).FullName}; give one, as docs/adding-a-variant.md shows"
                );
        }
        catch (PlugInException)
        {
            throw;
        }
        // A user's code: its constructor may throw anything.
        catch (Exception e)
        {
            var cause = e is TargetInvocationException { InnerException: { } inner } ? inner : e;
            var message = cause is ReflectionTypeLoadException { LoaderExceptions: [{ } first, ..] }
                ? first.Message
                : cause.Message;
            throw new PlugInException(
                $"{file} does not load: {cause.GetType().Name}: {message.ReplaceLineEndings(" ")}",
                e
            );
        }
    }
}
