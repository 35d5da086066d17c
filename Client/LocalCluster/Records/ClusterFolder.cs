using System.Text.Json;
using Layerbench.Core;

namespace Layerbench.LocalCluster.Records;

/// <summary>The folder of a cluster: its record, logs, and the data of its PostgreSQL.</summary>
public sealed class ClusterFolder(string path)
{
    private const string RecordName = "cluster.json";

    private static readonly JsonSerializerOptions json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Of root <c>/var/lib/layerbench/cluster</c> (FHS 5.8), since PostgreSQL runs as another user; else in the user's state folder (XDG base directories).</summary>
    public static string Usual =>
        Environment.IsPrivilegedProcess
            ? "/var/lib/layerbench/cluster"
            : System.IO.Path.Combine(
                Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state
                    ? state
                    : System.IO.Path.Combine(
                        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
                        ".local",
                        "state"
                    ),
                "layerbench",
                "cluster"
            );

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    public string Postgres => System.IO.Path.Combine(Path, "postgres");

    public string Prometheus => System.IO.Path.Combine(Path, "prometheus");

    public string Logs => System.IO.Path.Combine(Path, "logs");

    private string RecordPath => System.IO.Path.Combine(Path, RecordName);

    /// <param name="part">A silo's name, or <c>gateway</c>.</param>
    public string LogOf(string part) => System.IO.Path.Combine(Logs, part + ".log");

    public string JournalOf(string silo) => System.IO.Path.Combine(Logs, silo + ".journal.jsonl");

    /// <summary>The cluster that is here; null: the folder is absent or empty.</summary>
    /// <exception cref="BadInputException">There is something else in it, or a record that cannot be read.</exception>
    public ClusterRecord? Read()
    {
        if (!File.Exists(RecordPath))
        {
            return !Directory.Exists(Path) || !Directory.EnumerateFileSystemEntries(Path).Any(IsNotOurs)
                ? null
                : throw new BadInputException(
                    $"'{Path}' has something in it that is no cluster of layerbench; choose another --dir, or empty it"
                );
        }

        try
        {
            var record = JsonSerializer.Deserialize<ClusterRecord>(File.ReadAllText(RecordPath), json);
            return record?.Version == ClusterRecord.CurrentVersion
                ? record
                : throw new BadInputException(
                    $"'{RecordPath}' is of version {record?.Version}, and this layerbench reads {ClusterRecord.CurrentVersion}; "
                        + "stop the cluster with the layerbench that started it, or choose another --dir"
                );
        }
        catch (JsonException e)
        {
            throw new BadInputException(
                $"'{RecordPath}' cannot be read: {e.Message} Stop what runs by hand, remove the file, and start again",
                e
            );
        }
    }

    /// <summary>Readers see the old record or the new one. Only its owner may read it: a connection string may have a password.</summary>
    public void Write(ClusterRecord record)
    {
        Directory.CreateDirectory(Path);
        var draft = RecordPath + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(draft, options))
        {
            JsonSerializer.Serialize(file, record, json);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, RecordPath, overwrite: true);
    }

    /// <summary>One command at a time changes a cluster.</summary>
    /// <exception cref="BadInputException">Another one does.</exception>
    public IDisposable Hold()
    {
        Directory.CreateDirectory(Logs);
        try
        {
            return new FileStream(LockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new BadInputException(
                $"another command is starting or stopping the cluster in '{Path}'; wait for it, or choose another --dir",
                e
            );
        }
    }

    /// <summary>Without its record the folder has no cluster.</summary>
    public void Forget() => File.Delete(RecordPath);

    public void Remove() => Directory.Delete(Path, recursive: true);

    private const string LockName = ".lock";

    private string LockPath => System.IO.Path.Combine(Path, LockName);

    /// <summary>What a start that was stopped early leaves behind is no reason to refuse the next.</summary>
    private bool IsNotOurs(string entry) =>
        entry != Logs && entry != Postgres && entry != Prometheus && System.IO.Path.GetFileName(entry) != LockName;
}
