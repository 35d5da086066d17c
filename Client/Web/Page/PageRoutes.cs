using System.IO.Compression;
using Layerbench.Report.Page;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Layerbench.Web.Page;

/// <summary>The live page and what it is made of, from this build. Its files say nothing of any sweep, so they need no token.</summary>
internal static class PageRoutes
{
    /// <summary>
    /// Scripts and style sheets of this server alone, none of them inline; nothing from anywhere else. Style attributes,
    /// which run nothing, are set by browsers themselves where a text is edited.
    /// </summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; connect-src 'self'; img-src 'self' data:; "
        + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public static void MapPage(this IEndpointRouteBuilder routes)
    {
        foreach (var (name, asset) in LiveAssets.OfBuild.Files)
        {
            Map(routes, $"/live/{name}", asset);
        }

        if (LiveAssets.OfBuild.Files.TryGetValue(LiveAssets.Index, out var index))
        {
            Map(routes, "/", index);
        }
        else
        {
            routes
                .MapGet(
                    "/",
                    () =>
                        TypedResults.Text(
                            $"layerbench: this build has no live page: {LiveAssets.OfBuild.Missing}\n{WebApi.OpenApiPath} lists what there is.\n"
                        )
                )
                .AllowAnonymous()
                .ExcludeFromDescription();
        }
    }

    private static void Map(IEndpointRouteBuilder routes, string path, LiveAsset asset) =>
        routes
            .MapGet(path, (HttpRequest request, HttpResponse response) => Give(request, response, asset))
            .AllowAnonymous()
            .ExcludeFromDescription();

    private static IResult Give(HttpRequest request, HttpResponse response, LiveAsset asset)
    {
        var headers = response.Headers;
        headers[HeaderNames.ContentSecurityPolicy] = Policy;
        headers[HeaderNames.XContentTypeOptions] = "nosniff";
        // With "no-referrer" a form of this page would come from the origin "null".
        headers["Referrer-Policy"] = "same-origin";
        // Asked for again each time, and answered with 304: a server of another build is seen at once.
        headers[HeaderNames.CacheControl] = "no-cache";
        headers[HeaderNames.Vary] = HeaderNames.AcceptEncoding;
        var tag = new EntityTagHeaderValue($"\"{asset.Tag}\"");
        if (!request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase))
        {
            return Results.Stream(
                new GZipStream(new MemoryStream(asset.Gzip), CompressionMode.Decompress),
                asset.ContentType,
                entityTag: tag
            );
        }

        headers[HeaderNames.ContentEncoding] = "gzip";
        return Results.Bytes(asset.Gzip, asset.ContentType, entityTag: tag);
    }
}
