using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Layerbench.Core.Results;
using Layerbench.Report.Data;
using Layerbench.Report.Page;

namespace Layerbench.Report.Tests.Page;

public partial class ReportPageTests
{
    private const string Hostile = "</script><script>alert(1)</script><!--\"'&<img src=x onerror=alert(2)>";

    private static readonly PageAssets assets = new("p{color:red}", "document.title += '!'", null);

    [Fact]
    public async Task NamesAndErrorsWithMarkupInThemAreTextEverywhere()
    {
        await using var run = new MadeRun(Hostile, Hostile)
            .Timed(0, 1, 64, 0.5, second: Hostile)
            .Ended(1, 4, 64, new Outcome.Failed(Hostile));
        var data = await run.ReadAsync();

        foreach (var with in (PageAssets[])[assets, assets with { Script = null, Missing = Hostile }])
        {
            var page = await PageAsync(data with { Command = Hostile }, with);

            page.ShouldNotContain("<script>alert");
            page.ShouldNotContain("<img");
            page.ShouldNotContain("<!--");
            Tags(page, "script").ShouldBe(with.Script is null ? 0 : 2);
        }
    }

    [Fact]
    public async Task WhatIsNotFinishedAndWhatIsWrongWithTheMachineStandWithTheAnswer()
    {
        await using var run = new MadeRun().Timed(0, 1, 64, 0.5);
        var data = await run.ReadAsync() with
        {
            Standing = "running: 1 of 2 cells so far",
            Trust = [new("noise", "Little.", false), new("environment", "The BLAS is an old one.", true)],
        };

        var page = await PageAsync(data, assets);

        var answer = page[page.IndexOf("<section id=\"answer\"", StringComparison.Ordinal)..];
        answer = answer[..answer.IndexOf("</section>", StringComparison.Ordinal)];
        answer.ShouldContain("<p class=\"concern\">running: 1 of 2 cells so far</p>");
        answer.ShouldContain("<p class=\"concern\">The BLAS is an old one.</p>");
        page.Split("The BLAS is an old one.").Length.ShouldBe(2, "once");
    }

    [Fact]
    public async Task TheDataBlockIsJsonAndGivesHostileNamesBack()
    {
        await using var run = new MadeRun().Timed(0, 1, 64, 0.5, second: Hostile);

        using var json = await JsonAsync(run);

        json.RootElement.GetProperty("labels")[1].GetString().ShouldBe(Hostile);
    }

    [Fact]
    public async Task ThePolicyNamesTheScriptAndTheStyleByTheirHashes()
    {
        await using var run = new MadeRun();
        var page = await PageAsync(await run.ReadAsync(), assets);

        var policy = Policy().Match(page).Groups["policy"].Value;
        policy.ShouldContain("default-src 'none'");
        policy.ShouldContain($"script-src {Hash(assets.Script!)};");
        policy.ShouldContain($"style-src-elem {Hash(assets.Style)};");
        page.ShouldContain($"<script>{assets.Script}</script>");
        page.ShouldContain($"<style>{assets.Style}</style>");
    }

    [Fact]
    public async Task ACellHasItsNumbersItsTextsAndItsSamples()
    {
        await using var run = new MadeRun().Timed(0, 1, 64, 0.5).Timed(1, 4, 64, 0.5, count: 1);

        using var json = await JsonAsync(run);

        var cells = json.RootElement.GetProperty("cells");
        var side = cells[0].GetProperty("sides")[1];
        side.GetProperty("ratio")[0].GetDouble().ShouldBe(0.5, 1e-4);
        side.GetProperty("ratioText").GetString().ShouldBe("0.500× [0.499, 0.501]");
        side.GetProperty("verdict").GetString().ShouldBe("faster");
        side.GetProperty("memoryText").GetString().ShouldBe("1.50 MiB");
        cells[0].GetProperty("point").EnumerateArray().Select(p => p.GetInt32()).ShouldBe([0, 0, 0, 0, 0]);
        cells[0].GetProperty("launches").GetArrayLength().ShouldBe(6);
        cells[0].GetProperty("launches")[0][5][0].GetArrayLength().ShouldBe(MadeRun.Blocks);
        // One launch bounds nothing.
        cells[1].GetProperty("sides")[1].GetProperty("ratio")[1].ValueKind.ShouldBe(JsonValueKind.Null);
        cells[1].GetProperty("note").GetString().ShouldBe("quick look: one launch, no interval");
    }

    [Fact]
    public async Task WhatIsNoNumberIsNullAndTheBlockIsStillJson()
    {
        await using var run = new MadeRun().Timed(0, 1, 64, 0.5);
        var data = await run.ReadAsync();
        var broken = data with
        {
            Cells =
            [
                data.Cells[0] with
                {
                    Rows =
                    [
                        .. data.Cells[0]
                            .Rows.Select(r =>
                                r with
                                {
                                    TimeMedianSeconds = double.NaN,
                                    Flops = double.PositiveInfinity,
                                }
                            ),
                    ],
                },
            ],
            Canaries = [data.Canaries[0] with { GemmFlopsPerSecond = double.NaN }],
        };

        using var json = Json(await PageAsync(broken, assets));

        var side = json.RootElement.GetProperty("cells")[0].GetProperty("sides")[0];
        side.GetProperty("time")[0].ValueKind.ShouldBe(JsonValueKind.Null);
        side.TryGetProperty("flops", out _).ShouldBeFalse();
        json.RootElement.GetProperty("canaries")[0].GetProperty("gemm").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task WithoutAScriptTheTableIsPlainAndTheReasonIsSaid()
    {
        await using var run = new MadeRun().Timed(0, 1, 64, 0.5);

        var page = await PageAsync(await run.ReadAsync(), assets with { Script = null, Missing = "npm was not there" });

        page.ShouldContain("Without charts: npm was not there. The numbers are below; results.csv has all of them.");
        page.ShouldContain("<td>ffn.conv1d</td>\n<td>501 µs [499, 504]</td>");
        page.ShouldContain("script-src 'none'");
    }

    [Fact]
    public void TheScriptOfThisBuildCanStandInline()
    {
        Assert.SkipWhen(PageAssets.OfBuild.Script is null, $"built without charts: {PageAssets.OfBuild.Missing}");
        PageAssets.OfBuild.Script!.Contains("</script", StringComparison.OrdinalIgnoreCase).ShouldBeFalse();
        PageAssets.OfBuild.Script.Contains("<!--", StringComparison.Ordinal).ShouldBeFalse();
        PageAssets.OfBuild.Style.Contains("</", StringComparison.Ordinal).ShouldBeFalse();
    }

    private static async Task<JsonDocument> JsonAsync(MadeRun run) =>
        Json(await PageAsync(await run.ReadAsync(), assets));

    private static JsonDocument Json(string page) => JsonDocument.Parse(Data().Match(page).Groups["json"].Value);

    private static async Task<string> PageAsync(ReportData data, PageAssets with)
    {
        using var stream = new MemoryStream();
        await ReportPage.WriteAsync(stream, data, with, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string Hash(string text) =>
        $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    [GeneratedRegex("Content-Security-Policy\" content=\"(?<policy>[^\"]*)\"")]
    private static partial Regex Policy();

    [GeneratedRegex("id=\"data\">(?<json>.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Data();

    private static int Tags(string page, string tag) =>
        Regex.Count(page, $"<{tag}[ >]", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(10));
}
