using Layerbench.Report.Data;
using Layerbench.Report.Page;
using Layerbench.Tests.Shared.Browser;
using Microsoft.Playwright;

namespace Layerbench.Report.Tests.Browser;

/// <summary>Reports in the browser, each from a file, with no network.</summary>
internal static class ReportPages
{
    public static async Task<OpenPage> OpenAsync(
        this Chromium chromium,
        ReportData data,
        ColorScheme scheme = ColorScheme.Light,
        (int Width, int Height)? size = null
    )
    {
        Assert.SkipWhen(PageAssets.OfBuild.Script is null, $"built without charts: {PageAssets.OfBuild.Missing}");
        var folder = Directory.CreateTempSubdirectory("layerbench-page-");
        try
        {
            var file = Path.Combine(folder.FullName, "report.html");
            await using (var stream = File.Create(file))
            {
                await ReportPage.WriteAsync(stream, data, assets: null, TestContext.Current.CancellationToken);
            }

            return await chromium.OpenAsync(new Uri(file).AbsoluteUri, network: false, scheme, size);
        }
        finally
        {
            folder.Delete(recursive: true); // it is in the browser
        }
    }
}
