using System.Text.RegularExpressions;

namespace Layerbench.Deploy.Tests.Images;

/// <summary>
/// Which files of a folder a build does not see: the rules of a .dockerignore, of which the last that matches decides.
/// </summary>
internal sealed class DockerIgnore
{
    private readonly IReadOnlyList<(Regex Pattern, bool Ignores)> rules;

    public DockerIgnore(IEnumerable<string> lines) =>
        rules = [
            .. lines
                .Select(l => l.Trim())
                .Where(l => l.Length > 0 && l[0] != '#')
                .Select(l => (PatternOf(l.TrimStart('!').Trim('/')), l[0] != '!')),
        ];

    /// <param name="path">Below the folder, with slashes.</param>
    public bool Ignores(string path) => rules.LastOrDefault(r => r.Pattern.IsMatch(path)).Ignores;

    /// <summary>Copies what a build sees; what is there and not seen is removed, but for <paramref name="kept"/>.</summary>
    /// <param name="kept">A folder's name at the top, left as it is.</param>
    public void Copy(string from, string to, string kept)
    {
        Directory.CreateDirectory(to);
        foreach (var entry in new DirectoryInfo(to).GetFileSystemInfos().Where(e => e.Name != kept))
        {
            if (entry is DirectoryInfo { LinkTarget: null } folder)
            {
                folder.Delete(recursive: true);
            }
            else
            {
                entry.Delete();
            }
        }

        CopyFolder(new DirectoryInfo(from), to, "");
    }

    private void CopyFolder(DirectoryInfo from, string to, string path)
    {
        foreach (var entry in from.GetFileSystemInfos())
        {
            var below = path.Length == 0 ? entry.Name : $"{path}/{entry.Name}";
            if (Ignores(below))
            {
                continue;
            }

            var target = Path.Combine(to, below);
            if (entry.LinkTarget is { } link)
            {
                File.CreateSymbolicLink(target, link);
            }
            else if (entry is FileInfo file)
            {
                file.CopyTo(target);
            }
            else
            {
                Directory.CreateDirectory(target);
                CopyFolder((DirectoryInfo)entry, to, below);
            }
        }
    }

    /// <summary>A folder that is matched takes all that is in it with it.</summary>
    private static Regex PatternOf(string rule)
    {
        var pattern = Regex
            .Escape(rule)
            .Replace(@"\*\*/", "(.*/)?", StringComparison.Ordinal)
            .Replace(@"\*\*", ".*", StringComparison.Ordinal)
            .Replace(@"\*", "[^/]*", StringComparison.Ordinal)
            .Replace(@"\?", "[^/]", StringComparison.Ordinal);
        return new Regex($"^{pattern}(/.*)?$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
    }
}
