using Layerbench.SweepFiles;

namespace Layerbench.Core.Tests.Sweeps;

public sealed class SweepFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("layerbench-sweep-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static string OnlyError(string path)
    {
        var result = SweepFile.Load(path, [], CatalogFixture.Create());
        result.IsValid.ShouldBeFalse();
        result.EffectiveText.ShouldBeNull();
        return result.Result.Errors.ShouldHaveSingleItem().Format("f");
    }

    [Fact]
    public void AMissingFileIsOneError() =>
        OnlyError(Path.Combine(folder, "nothing", "here.yaml"))
            .ShouldBe("f: does not exist; check the path, or write one with 'layerbench init'");

    [Fact]
    public void AFolderIsOneError() => OnlyError(folder).ShouldBe("f: is a folder; name a sweep file in it");

    [Fact]
    public void AFileThatMayNotBeReadIsOneError()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Skip("this user may read every file, or the system has no file modes");
            return;
        }

        var path = Write("secret.yaml", "name: x"u8.ToArray());
        File.SetUnixFileMode(path, UnixFileMode.None);
        OnlyError(path).ShouldBe("f: cannot be read: permission denied; give this user the right to read it");
    }

    [Fact]
    public void AFileOf100MegabytesIsRefusedFromItsLength()
    {
        var path = Write("large.yaml", []);
        using (var file = File.OpenWrite(path))
        {
            file.SetLength(100_000_000);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        OnlyError(path)
            .ShouldBe(
                "f: is larger than 1048576 bytes, the most that is read; split it, or use range, log_range or "
                    + "random in place of long lists"
            );
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1_000_000);
    }

    [Fact]
    public void AnEndlessFileIsReadNoFurtherThanTheBound()
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "there is no /dev/zero");
        OnlyError("/dev/zero").ShouldStartWith("f: is larger than 1048576 bytes");
    }

    [Fact]
    public void AByteOrderMarkIsLetThrough()
    {
        var text = "name: bom\nvariants: [ffn.dense]\naxes: {batch: 8, seq_len: 32, d_model: 64}\n";
        var path = Write("bom.yaml", [0xef, 0xbb, 0xbf, .. System.Text.Encoding.UTF8.GetBytes(text)]);
        SweepFile.Load(path, [], CatalogFixture.Create()).Result.Spec.ShouldNotBeNull().Name.ShouldBe("bom");
    }

    [Fact]
    public void AnEmptyFileIsOneError() =>
        OnlyError(Write("empty.yaml", [])).ShouldBe("f: is empty; 'layerbench init' writes a sweep to start from");
}
