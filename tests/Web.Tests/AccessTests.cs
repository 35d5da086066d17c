using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Layerbench.Core.Access;
using Layerbench.Web.Access;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Layerbench.Web.Tests;

public sealed class AccessTests
{
    private static readonly string view = AccessToken.Of(new byte[AccessToken.Size]);
    private static readonly string ann = AccessToken.Of([.. Enumerable.Repeat((byte)1, AccessToken.Size)]);
    private static readonly string bob = AccessToken.Of([.. Enumerable.Repeat((byte)2, AccessToken.Size)]);
    private static readonly string admin = AccessToken.Of([.. Enumerable.Repeat((byte)3, AccessToken.Size)]);
    private static readonly string expired = AccessToken.Of([.. Enumerable.Repeat((byte)4, AccessToken.Size)]);

    private static readonly TokenEntry[] lines =
    [
        new("eve", Role.View, Expires: null, AccessToken.HashOf(view)),
        new("ann", Role.Submit, Expires: null, AccessToken.HashOf(ann)),
        new("bob", Role.Submit, new DateTimeOffset(2999, 1, 1, 0, 0, 0, TimeSpan.Zero), AccessToken.HashOf(bob)),
        new("root", Role.Admin, Expires: null, AccessToken.HashOf(admin)),
        new("old", Role.Admin, new DateTimeOffset(2020, 1, 2, 3, 4, 0, TimeSpan.Zero), AccessToken.HashOf(expired)),
    ];

    [Fact]
    public async Task WithoutATokenNothingIsSaidButHealthAndTheDocument()
    {
        await using var server = await TestServer.StartAsync(lines);
        using var client = server.Client();

        using var refused = await client.GetAsync("/api/v1/sweeps");

        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        refused.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        (await TestServer.DetailAsync(refused)).ShouldStartWith("this server wants a token; ask the server's operator");
        (await client.GetStringAsync("/health")).ShouldBe("ready");
        (await client.GetStringAsync("/health/live")).ShouldBe("live");
        (await client.GetStringAsync("/api/v1/openapi.json")).ShouldContain("/api/v1/sweeps");
    }

    [Fact]
    public async Task ATokenThatIsUnknownOrExpiredIsRefusedInWords()
    {
        await using var server = await TestServer.StartAsync(lines);
        using var unknown = server.Client(view + "x");
        using var old = server.Client(expired);

        using var first = await unknown.GetAsync("/api/v1/sweeps");
        using var second = await old.GetAsync("/api/v1/sweeps");

        first.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        first.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer error=\"invalid_token\"");
        (await TestServer.DetailAsync(first)).ShouldStartWith("this server does not know the token; ");
        second.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await TestServer.DetailAsync(second)).ShouldStartWith("the token of 'old' expired at 2020-01-02 03:04 UTC; ");
    }

    [Fact]
    public async Task ARoleThatIsTooLowIsForbiddenAndNamed()
    {
        await using var server = await TestServer.StartAsync(lines);
        using var viewer = server.Client(view);
        using var submitter = server.Client(ann);

        using var submitted = await viewer.PostAsJsonAsync("/api/v1/sweeps", new { text = Texts.Sweep(1) });
        using var drained = await submitter.PutAsJsonAsync("/api/v1/nodes/here", new { draining = true });

        submitted.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await TestServer.DetailAsync(submitted)).ShouldBe(
            "this needs the role submit, and the token of 'eve' has the role view; use another token"
        );
        drained.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await TestServer.DetailAsync(drained)).ShouldStartWith("this needs the role admin");
        server.Engine.IsDraining.ShouldBeFalse();
        (await viewer.GetAsync("/api/v1/sweeps")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task NobodyButItsOwnerAndAnAdminChangesASweep()
    {
        await using var server = await TestServer.StartAsync(lines);
        using var owner = server.Client(ann);
        using var other = server.Client(bob);
        using var root = server.Client(admin);
        using var submitted = await owner.PostAsJsonAsync("/api/v1/sweeps", new { text = Texts.Sweep(1) });
        var id = (await TestServer.ReadAsync<SweepStatus>(submitted)).Id;

        using var refused = await other.PostAsync($"/api/v1/sweeps/{id}/cancel", content: null);
        using var paused = await owner.PostAsync($"/api/v1/sweeps/{id}/pause", content: null);
        using var resumed = await root.PostAsync($"/api/v1/sweeps/{id}/resume", content: null);

        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await TestServer.DetailAsync(refused)).ShouldBe(
            $"'{id}' is the sweep of 'ann', and only that user or an admin changes it"
        );
        (await TestServer.ReadAsync<SweepStatus>(paused)).Stage.ShouldBe(SweepStage.Paused);
        (await TestServer.ReadAsync<SweepStatus>(resumed)).Stage.ShouldBe(SweepStage.Waiting);
    }

    [Fact]
    public async Task ATokenThatIsTakenOutOfTheFileIsRefusedSoon()
    {
        await using var server = await TestServer.StartAsync(lines);
        using var client = server.Client(ann);
        (await client.GetAsync("/api/v1")).StatusCode.ShouldBe(HttpStatusCode.OK);

        await WriteAsync(server.TokenFile, $"{lines[0]}\n");
        await Wait.UntilAsync(async () => (await client.GetAsync("/api/v1")).StatusCode == HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task ATokenFileThatHasBecomeWrongLeavesInForceWhatWasReadBefore()
    {
        var path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, $"{lines[1]}\n");
        var time = new ManualTime();
        var book = new TokenBook(path, time, NullLogger<TokenBook>.Instance);

        await WriteAsync(path, "ann submit tomorrow 12\n");
        time.Advance(TokenBook.LookAgain);
        book.Find(ann).ShouldBe(lines[1]);

        await WriteAsync(path, $"{lines[2]}\n");
        book.Find(bob).ShouldBeNull("it is not looked at again so soon");
        time.Advance(TokenBook.LookAgain);
        book.Find(bob).ShouldBe(lines[2]);
        book.Find(ann).ShouldBeNull();
        File.Delete(path);
    }

    [Fact]
    public async Task AMountedSecretThatIsRotatedIsReadAgain()
    {
        var mount = Directory.CreateTempSubdirectory("layerbench-tokens-").FullName;
        try
        {
            // As Kubernetes mounts a secret: tokens -> ..data/tokens, ..data -> the folder of this version.
            string[] versions = ["..1", "..2"];
            var written = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
            foreach (var (version, line) in versions.Zip(lines))
            {
                var file = Path.Combine(Directory.CreateDirectory(Path.Combine(mount, version)).FullName, "tokens");
                await File.WriteAllTextAsync(file, $"{line}\n");
                File.SetLastWriteTimeUtc(file, written);
            }

            Directory.CreateSymbolicLink(Path.Combine(mount, "..data"), "..1");
            var path = Path.Combine(mount, "tokens");
            File.CreateSymbolicLink(path, Path.Combine("..data", "tokens"));
            var time = new ManualTime();
            var book = new TokenBook(path, time, NullLogger<TokenBook>.Instance);
            book.Find(view).ShouldNotBeNull();

            Directory.CreateSymbolicLink(Path.Combine(mount, "..next"), "..2");
            using (var swap = Process.Start("mv", ["-T", $"{mount}/..next", $"{mount}/..data"]))
            {
                await swap.WaitForExitAsync(TestContext.Current.CancellationToken);
            }

            time.Advance(TokenBook.LookAgain);
            book.Find(view).ShouldBeNull();
            book.Find(ann).ShouldNotBeNull();
        }
        finally
        {
            Directory.Delete(mount, recursive: true);
        }
    }

    [Fact]
    public async Task AServerWithoutTokensAnswersEverybodyOnItsOwnMachineAsAnAdmin()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Client();

        var info = await TestServer.ReadAsync<ServerInfo>(await client.GetAsync("/api/v1"));

        info.User.ShouldBe("local");
        info.Role.ShouldBe(Role.Admin);
        info.Version.ShouldBe("0.1.0");
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080", true)]
    [InlineData("http://localhost:8080", true)]
    [InlineData("http://[::1]:8080", true)]
    [InlineData("http://unix:/run/layerbench.sock", true)]
    [InlineData("http://127.0.0.1:1;http://0.0.0.0:2", false)]
    [InlineData("http://*:8080", false)]
    [InlineData("http://+:8080", false)]
    [InlineData("https://[::]:443", false)]
    [InlineData("http://10.0.0.7:80", false)]
    [InlineData("http://example.org:80", false)]
    public void OnlyLoopbackMayBeListenedOnWithoutTokens(string urls, bool may)
    {
        var configuration = new ConfigurationManager { ["urls"] = urls };

        var errors = new WebSettings().Errors(configuration).ToList();

        errors.Count.ShouldBe(may ? 0 : 1);
        errors.ShouldAllBe(e =>
            e.StartsWith("Tokens: is missing, and http") && e.Contains("can be reached from other machines")
        );
    }

    [Fact]
    public void EndpointsOfKestrelAreLookedAtInPlaceOfUrls()
    {
        var configuration = new ConfigurationManager
        {
            ["urls"] = "http://127.0.0.1:8080",
            ["Kestrel:Endpoints:Open:Url"] = "https://*:443",
        };

        new WebSettings()
            .Errors(configuration)
            .Single()
            .ShouldStartWith(
                "Tokens: is missing, and https://*:443 can be reached from other machines; name a token file"
            );
    }

    [Fact]
    public void SettingsThatAreWrongAreAllNamedAtOnce()
    {
        var settings = new WebSettings
        {
            Tokens = "/nowhere/tokens",
            Limits = new SubmitLimits
            {
                SpecBytes = 1,
                Cells = 0,
                SweepsPerUser = -1,
            },
        };

        var errors = settings.Errors(new ConfigurationManager()).ToList();

        errors.Count.ShouldBe(4);
        errors[0].ShouldStartWith("Limits:SpecBytes: 1 is not from 1024 to 1048576");
        errors[1].ShouldStartWith("Limits:Cells: 0 is below 1");
        errors[2].ShouldStartWith("Limits:SweepsPerUser: -1 is below 1");
        errors[3].ShouldStartWith("Tokens: '/nowhere/tokens' cannot be read (");
    }

    // Its time is what is looked at, and two writes may fall into one tick of the file system's clock.
    private static async Task WriteAsync(string path, string text)
    {
        var before = File.GetLastWriteTimeUtc(path);
        await File.WriteAllTextAsync(path, text);
        File.SetLastWriteTimeUtc(path, before + TimeSpan.FromSeconds(2));
    }
}
