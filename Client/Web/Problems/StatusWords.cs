using Microsoft.AspNetCore.Http;

namespace Layerbench.Web.Problems;

/// <summary>What is said where the server itself refuses a request, before any route sees it.</summary>
internal static class StatusWords
{
    public const string TooLarge =
        "the request is larger than this server takes (Limits:SpecBytes); make the sweep's text smaller, e.g. with range, log_range or random in place of long lists";

    public static void Complete(ProblemDetailsContext context) =>
        context.ProblemDetails.Detail ??= context.HttpContext.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound =>
                $"there is nothing at {context.HttpContext.Request.Path}; {WebApi.OpenApiPath} lists what there is",
            StatusCodes.Status405MethodNotAllowed =>
                $"{context.HttpContext.Request.Path} does not take {context.HttpContext.Request.Method}; {WebApi.OpenApiPath} lists what it takes",
            StatusCodes.Status413PayloadTooLarge => TooLarge,
            StatusCodes.Status415UnsupportedMediaType => "the body is not of type application/json",
            _ => null,
        };
}
