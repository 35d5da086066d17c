using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using Layerbench.Engine.Tests.Stores;
using Layerbench.Engine.Tls;
using Layerbench.Tests.Shared;

namespace Layerbench.Engine.Tests.Tls;

public sealed class TlsIdentityTests : IDisposable
{
    private const string ForServers = "1.3.6.1.5.5.7.3.1";
    private const string ForClients = "1.3.6.1.5.5.7.3.2";

    private readonly ScratchFolder folder = new();
    private readonly TestAuthority authority;
    private readonly List<string> said = [];

    public TlsIdentityTests() => authority = new TestAuthority(folder.Path, "ca");

    public void Dispose()
    {
        authority.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void ACertificateOfTheAuthorityIsLetInAndOneOfAnotherIsNot()
    {
        var identity = new TlsIdentity(Files(authority, "a"), said.Add);
        using var other = new TestAuthority(folder.Path, "other");

        identity.Refusal(Loaded(authority, "b")).ShouldBeNull();
        identity
            .Refusal(Loaded(other, "c"))
            .ShouldBe(
                $"CN=c is not of an authority in '{authority.File}'; give every silo and gateway of the cluster certificates "
                    + "of one authority"
            );
    }

    [Fact]
    public async Task WhatTheScriptOfTheComposeStackMakesIsTaken()
    {
        using var made = Process.Start(
            new ProcessStartInfo(Checkout.File("deploy", "compose", "make-certificates.sh"), [folder.Path])
            {
                UseShellExecute = false,
                RedirectStandardError = true,
            }
        )!;
        await made.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        var files = new TlsFiles
        {
            Certificate = Path.Combine(folder.Path, "cluster_certificate"),
            Key = Path.Combine(folder.Path, "cluster_key"),
            Authority = Path.Combine(folder.Path, "cluster_authority"),
        };

        var identity = new TlsIdentity(files, said.Add);

        files.Errors().ShouldBeEmpty();
        identity.Refusal(identity.Certificate).ShouldBeNull();
        identity.Refusal(Loaded(authority, "b")).ShouldNotBeNull();
    }

    [Fact]
    public void ACertificateThatHasExpiredIsNotLetIn() =>
        new TlsIdentity(Files(authority, "a"), said.Add)
            .Refusal(Loaded(authority, "old", DateTimeOffset.UnixEpoch.AddYears(51)))
            .ShouldBe("CN=old is valid from 2020-01-01 00:00:00Z to 2021-01-01 00:00:00Z, and not now; renew it");

    [Fact]
    public void FilesThatChangeAreReadAgainAndThoseThatAreWrongLeaveWhatWasThere()
    {
        var files = Files(authority, "a");
        var identity = new TlsIdentity(files, said.Add);
        var (renewed, key) = authority.Issue("renewed");

        Replace(files, renewed, key, minute: 1);
        identity.Certificate.Subject.ShouldBe("CN=renewed");
        File.WriteAllText(files.Certificate, "nonsense");
        File.SetLastWriteTimeUtc(files.Certificate, DateTime.UnixEpoch.AddYears(90).AddMinutes(2));
        identity.Certificate.Subject.ShouldBe("CN=renewed");
        identity.Certificate.Subject.ShouldBe("CN=renewed");

        said.ShouldHaveSingleItem().ShouldEndWith("; what was read before stays in force");
        said[0].ShouldStartWith($"Tls:Certificate: '{files.Certificate}' with '{files.Key}' cannot be used (");
    }

    [Fact]
    public void FilesBehindALinkedFolderThatIsSwappedAreReadAgain()
    {
        // As Kubernetes mounts a secret: NAME -> ..data/NAME, ..data -> ..1.
        var files = Files(authority, "a");
        var (renewed, key) = authority.Issue("renewed");
        Mount("..1", files.Certificate, files.Key);
        Mount("..2", renewed, key);
        var data = Directory.CreateSymbolicLink(folder.File("..data"), folder.File("..1"));
        File.CreateSymbolicLink(folder.File("tls.crt"), "..data/tls.crt");
        File.CreateSymbolicLink(folder.File("tls.key"), "..data/tls.key");
        var identity = new TlsIdentity(
            files with
            {
                Certificate = folder.File("tls.crt"),
                Key = folder.File("tls.key"),
            },
            said.Add
        );
        identity.Certificate.Subject.ShouldBe("CN=a");

        data.Delete();
        Directory.CreateSymbolicLink(folder.File("..data"), folder.File("..2"));

        identity.Certificate.Subject.ShouldBe("CN=renewed");
        said.ShouldBeEmpty();
    }

    [Fact]
    public void WhatIsWrongWithTheFilesIsSaidUnderTheirSettings()
    {
        using var other = new TestAuthority(folder.Path, "other");
        var good = Files(authority, "a");
        var (server, serverKey) = authority.Issue("server", null, ForServers);
        var (both, bothKey) = authority.Issue("both", null, ForServers, ForClients);
        File.WriteAllText(Path.Combine(folder.Path, "empty"), "");

        new TlsFiles().Errors().ShouldBeEmpty();
        good.Errors().ShouldBeEmpty();
        (good with { Certificate = both, Key = bothKey }).Errors().ShouldBeEmpty();
        (good with { Key = "" })
            .Errors()
            .ShouldBe(["Tls:Key: is missing; give Certificate, Key and Authority, or none of them"]);
        (good with { Key = serverKey }).Errors().Single().ShouldStartWith("Tls:Certificate: ");
        (good with { Certificate = server, Key = serverKey })
            .Errors()
            .Single()
            .ShouldBe(
                $"Tls:Certificate: '{server}': is not for both servers and clients, and silos are both; issue it with both "
                    + "extended key usages, or with none"
            );
        (good with { Authority = Path.Combine(folder.Path, "empty") })
            .Errors()
            .Single()
            .ShouldEndWith("/empty' has no certificate in PEM; give the authority's, e.g. ca.crt");
        (good with { Authority = other.File }).Errors().Single().ShouldContain("CN=a is not of an authority in");
        (good with { Authority = "/nowhere" })
            .Errors()
            .Single()
            .ShouldStartWith("Tls:Authority: '/nowhere' cannot be used (");
    }

    private static TlsFiles Files(TestAuthority authority, string subject)
    {
        var (certificate, key) = authority.Issue(subject);
        return new()
        {
            Certificate = certificate,
            Key = key,
            Authority = authority.File,
        };
    }

    private static X509Certificate2 Loaded(TestAuthority authority, string subject, DateTimeOffset? expires = null) =>
        X509CertificateLoader.LoadCertificateFromFile(authority.Issue(subject, expires).Certificate);

    private void Mount(string name, string certificate, string key)
    {
        Directory.CreateDirectory(folder.File(name));
        File.Copy(certificate, Path.Combine(folder.File(name), "tls.crt"));
        File.Copy(key, Path.Combine(folder.File(name), "tls.key"));
        var at = DateTime.UnixEpoch.AddYears(90).AddMinutes(name[^1]);
        File.SetLastWriteTimeUtc(Path.Combine(folder.File(name), "tls.crt"), at);
    }

    private static void Replace(TlsFiles files, string certificate, string key, int minute)
    {
        File.Copy(certificate, files.Certificate, overwrite: true);
        File.Copy(key, files.Key, overwrite: true);
        File.SetLastWriteTimeUtc(files.Key, DateTime.UnixEpoch.AddYears(90).AddMinutes(minute));
    }
}
