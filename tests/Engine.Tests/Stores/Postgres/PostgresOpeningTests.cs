using System.Net;
using System.Net.Sockets;
using Layerbench.Engine.Stores;
using Layerbench.Engine.Stores.Postgres;
using Layerbench.Tests.Shared;
using Npgsql;
using static Layerbench.Engine.Tests.Stores.Records;

namespace Layerbench.Engine.Tests.Stores.Postgres;

/// <summary>What a store says when it cannot be opened, and how it is made.</summary>
public sealed class PostgresOpeningTests : PostgresTest
{
    [Theory]
    [InlineData("nonsense", "is no connection string (")]
    [InlineData("postgresql://u:secret@h/d", "is no connection string (")]
    [InlineData("Host=db;Prot=5432", "is no connection string (")]
    [InlineData("Host=db;Port=many", "is no connection string (")]
    [InlineData("Database=layerbench;Password=secret", "names no server")]
    public void AConnectionStringThatIsNoneIsSaidWithoutRepeatingIt(string text, string why)
    {
        var error = Should.Throw<StoreException>(() => PostgresAddress.Parse(text));

        error.Problem.ShouldBe(StoreProblem.Misconfigured);
        error.Message.ShouldStartWith($"the connection string of PostgreSQL {why}");
        error.Message.ShouldEndWith("; give e.g. Host=db;Port=5432;Database=layerbench;Username=layerbench");
        error.Message.ShouldNotContain("secret");
    }

    [Fact]
    public async Task AWrongPasswordIsSaidAndNotRepeated()
    {
        var error = await RefusedAsync(With(c => c.Password = "wrong"), StoreProblem.Denied);

        error.Message.ShouldBe(
            $"'{Display()}': the password of user 'bench' is refused; correct it in PGPASSWORD, the password file or the connection string"
        );
    }

    [Fact]
    public async Task AMissingPasswordIsSaid()
    {
        var error = await RefusedAsync(With(c => c.Password = null), StoreProblem.Denied);

        error.Message.ShouldBe(
            $"'{Display()}': the server asks user 'bench' for a password and none was given; set PGPASSWORD, or name a password file"
        );
    }

    [Fact]
    public async Task APasswordFileTakesTheConnectionStringsPlace()
    {
        using var folder = new ScratchFolder();
        var file = folder.File("password");
        await File.WriteAllTextAsync(file, PostgresServer.Password + "\n", Token);

        var address = PostgresAddress.Parse(With(c => c.Password = "wrong"), file);

        await (await PostgresResultStore.OpenAsync(address, cancellation: Token)).DisposeAsync();
        address.ToString().ShouldBe(Display());
    }

    [Fact]
    public void APasswordFileThatIsMissingOrEmptyIsSaid()
    {
        using var folder = new ScratchFolder();
        var file = folder.File("password");

        Should
            .Throw<StoreException>(() => PostgresAddress.Parse("Host=db", file))
            .Message.ShouldStartWith($"the password file '{file}' cannot be read (");
        File.WriteAllText(file, "");
        Should
            .Throw<StoreException>(() => PostgresAddress.Parse("Host=db", file))
            .Message.ShouldBe($"the password file '{file}' is empty; write PostgreSQL's password on its first line");
    }

    [Fact]
    public async Task ADatabaseThatDoesNotExistIsSaid()
    {
        var error = await RefusedAsync(With(c => c.Database = "nowhere"), StoreProblem.Missing);

        error.Message.ShouldBe(
            $"'bench@127.0.0.1:{Server.Port}/nowhere': there is no database 'nowhere'; correct Database, or make it: createdb nowhere"
        );
    }

    [Fact]
    public async Task AUserWithoutTheRightToMakeTheSchemaIsSaidAndTheRepairHelps()
    {
        var user = $"guest_{Name()}";
        await AskAsync($"CREATE ROLE {user} LOGIN PASSWORD '{PostgresServer.Password}'");
        var connection = With(c => c.Username = user);

        var error = await RefusedAsync(connection, StoreProblem.Denied);

        var grant = $"GRANT CREATE ON DATABASE \"{Name()}\" TO \"{user}\"";
        error.Message.ShouldContain($"user '{user}' lacks a right (permission denied for database {Name()})");
        error.Message.ShouldContain(grant);
        await AskAsync(grant);
        await (await OpenAsync(connection)).SaveSweepAsync(Sweep(), Token);
    }

    [Fact]
    public async Task AServerThatIsNoPostgreSqlIsSaid()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var answering = Task.Run(
            async () =>
            {
                while (true)
                {
                    using var client = await listener.AcceptTcpClientAsync(enough.Token);
                    await client.GetStream().ReadExactlyAsync(new byte[8], enough.Token);
                    await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), enough.Token);
                }
            },
            Token
        );

        var error = await RefusedAsync(With(c => c.Port = port), StoreProblem.NotAStore);

        error.Message.ShouldBe(
            $"'bench@127.0.0.1:{port}/{Name()}' does not answer as PostgreSQL does (Received unknown response H for SSLRequest (expecting S or N)); correct Host and Port"
        );
        await enough.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => answering);
    }

    [Fact]
    public async Task AServerThatIsNotThereIsSaidWhenPatienceEnds()
    {
        var error = await RefusedAsync(With(c => c.Port = 1), StoreProblem.Unreachable);

        error.Message.ShouldBe(
            $"'bench@127.0.0.1:1/{Name()}': PostgreSQL does not answer (Connection refused), tried for 0.5 s; what was stored before is kept; start the server, or correct Host and Port"
        );
    }

    [Fact]
    public async Task ANewerVersionIsLeftAsItIs()
    {
        await (await OpenAsync()).SaveSweepAsync(Sweep(), Token);
        await AskAsync("UPDATE layerbench.meta SET value = '7' WHERE name = 'schema_version'");

        var error = await RefusedAsync(Database, StoreProblem.NewerVersion);

        error.Message.ShouldBe(
            $"'{Display()}' has store version 7, this layerbench knows up to 2; use the layerbench that wrote it, or give another Database"
        );
    }

    [Theory]
    [InlineData("CREATE TABLE layerbench.orders (id INTEGER)", "holds orders and tells no version")]
    [InlineData("CREATE TABLE layerbench.meta (name TEXT, value TEXT)", "holds meta and tells no version")]
    [InlineData("CREATE TABLE layerbench.meta (id INTEGER)", "is another program's")]
    public async Task AnotherProgramsSchemaIsLeftAsItIs(string tables, string why)
    {
        await AskAsync($"CREATE SCHEMA layerbench; {tables}");

        var error = await RefusedAsync(Database, StoreProblem.NotAStore);

        error.Message.ShouldStartWith($"'{Display()}' is no layerbench store: ");
        error.Message.ShouldEndWith($"{why}; give another Database, or rename that schema");
        (await AskAsync("SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'layerbench'")).ShouldBe(1L);
    }

    [Fact(Timeout = 120_000)]
    public async Task OfProcessesThatMakeTheSchemaAtOnceOneDoes()
    {
        List<RunningChild> children = [.. Enumerable.Range(0, 4).Select(_ => StoreChild.Start("migrate", Database))];
        try
        {
            var found = await Task.WhenAll(children.Select(c => c.Process.StandardOutput.ReadToEndAsync(Token)));

            found.Select(f => f.Trim()).Order(StringComparer.Ordinal).ShouldBe(["0", "2", "2", "2"]);
        }
        finally
        {
            children.ForEach(c => c.Dispose());
        }

        (await AskAsync("SELECT value FROM layerbench.meta WHERE name = 'schema_version'")).ShouldBe("2");
        (await AskAsync("SELECT COUNT(*) FROM layerbench.OrleansQuery")).ShouldBe(20L);
    }

    private async Task<StoreException> RefusedAsync(string connectionString, StoreProblem problem)
    {
        var error = await Should.ThrowAsync<StoreException>(() =>
            OpenAsync(connectionString, patience: TimeSpan.FromSeconds(0.5))
        );
        error.Problem.ShouldBe(problem);
        error.Message.ShouldNotContain(PostgresServer.Password);
        return error;
    }

    private string With(Action<NpgsqlConnectionStringBuilder> change)
    {
        var builder = new NpgsqlConnectionStringBuilder(Database);
        change(builder);
        return builder.ConnectionString;
    }

    private string Name() => new NpgsqlConnectionStringBuilder(Database).Database!;

    private string Display() => $"bench@127.0.0.1:{Server.Port}/{Name()}";
}
