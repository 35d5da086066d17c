using System.CommandLine;

namespace Layerbench.Cli.Remote;

/// <summary>Which server a command speaks to, and as whom; the same two options on every such command.</summary>
internal sealed class ServerOptions
{
    public const string ServerVariable = "LAYERBENCH_SERVER";
    public const string TokenVariable = "LAYERBENCH_TOKEN";
    public const string AuthorityVariable = "LAYERBENCH_CA_FILE";

    private readonly Option<string?> server = new("--server")
    {
        Description = $"The cluster's gateway; else {ServerVariable}.",
        HelpName = "URL",
    };

    private readonly Option<string?> tokenFile = new("--token-file")
    {
        Description = $"A file with the token for it; else {TokenVariable} is the token.",
        HelpName = "PATH",
    };

    private readonly Option<string?> authority = new("--ca-file")
    {
        Description = $"PEM file of the authority of its certificate; else {AuthorityVariable}, else this system's.",
        HelpName = "PATH",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(server);
        command.Options.Add(tokenFile);
        command.Options.Add(authority);
    }

    /// <summary>Whether a server was named on the command line.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetValue(server) is not null;

    /// <summary>Whether one was named, there or in the environment.</summary>
    public bool IsKnown(ParseResult parsed) => Address(parsed) is not null;

    /// <summary>Those that were given on the command line, each after a space, for a command that is told to be given next.</summary>
    public string Repeated(ParseResult parsed) =>
        string.Concat(
            new[] { server, tokenFile, authority }
                .Where(o => parsed.GetValue(o) is not null)
                .Select(o => $" {o.Name} {parsed.GetValue(o)}")
        );

    /// <exception cref="BadInputException">No server is given, its address is none, or a file that was named is not what it should be.</exception>
    public RemoteServer Connect(ParseResult parsed, TimeProvider time)
    {
        var address =
            Address(parsed)
            ?? throw new BadInputException(
                $"no server is given; give --server URL, or set {ServerVariable}; runs of this machine are told of by `layerbench runs` and `layerbench results`"
            );
        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? new RemoteServer(uri, Token(parsed), time, Trust(parsed))
            : throw new BadInputException(
                $"--server '{address}' is no address of a server; give one like http://127.0.0.1:8080"
            );
    }

    private string? Address(ParseResult parsed) =>
        parsed.GetValue(server)
        ?? (Environment.GetEnvironmentVariable(ServerVariable) is { Length: > 0 } address ? address : null);

    private ServerTrust Trust(ParseResult parsed)
    {
        var path = parsed.GetValue(authority) ?? Environment.GetEnvironmentVariable(AuthorityVariable);
        return path is { Length: > 0 } ? ServerTrust.OfFile(path) : ServerTrust.OfSystem;
    }

    private string? Token(ParseResult parsed)
    {
        if (parsed.GetValue(tokenFile) is not { } path)
        {
            return Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } token ? token.Trim() : null;
        }

        try
        {
            return
                File.ReadAllText(path).Trim() is { Length: > 0 } read && !read.Contains('\n', StringComparison.Ordinal)
                ? read
                : throw new BadInputException($"--token-file '{path}' is not one line with a token");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"--token-file '{path}' cannot be read: {e.Message}", e);
        }
    }
}
