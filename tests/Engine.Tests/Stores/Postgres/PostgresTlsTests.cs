using Layerbench.Engine.Stores;
using Layerbench.Tests.Shared;

namespace Layerbench.Engine.Tests.Stores.Postgres;

/// <summary>A server whose certificate is of an authority that this machine does not know, as in a company's own network.</summary>
public sealed class PostgresTlsTests : PostgresTest
{
    private const string InUse = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";

    private protected override bool StopsServer => true;

    [Fact]
    public async Task AServersCertificateIsHeldAgainstTheAuthorityThatTheConnectionNames()
    {
        using var folder = new ScratchFolder();
        using var ours = new TestAuthority(folder.Path, "ours");
        using var others = new TestAuthority(folder.Path, "others");
        var (certificate, key) = ours.Issue("db");
        await Server.EncryptAsync(certificate, key);

        // The words that the chart adds to its connection string.
        await OpenAsync($"{Database};SSL Mode=VerifyFull;Root Certificate={ours.File}");
        var stranger = await RefusedAsync($"{Database};SSL Mode=VerifyFull;Root Certificate={others.File}");
        var unnamed = await RefusedAsync($"{Database};SSL Mode=VerifyFull");

        (await PostgresServer.AskAsync($"{Database};SSL Mode=VerifyFull;Root Certificate={ours.File}", InUse)).ShouldBe(
            true
        );
        foreach (var error in new[] { stranger, unnamed })
        {
            error.Problem.ShouldBe(StoreProblem.Misconfigured);
            error.Message.ShouldEndWith("; correct SSL Mode or Root Certificate in the connection string");
        }
    }

    private Task<StoreException> RefusedAsync(string connectionString) =>
        Should.ThrowAsync<StoreException>(() => OpenAsync(connectionString, patience: TimeSpan.FromSeconds(0.5)));
}
