using Layerbench.Web.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Layerbench.Web.Access;

/// <summary>
/// Where nobody is asked for a token, whoever reaches the server is an admin, and so would be any page that a browser on
/// this machine shows. Refused are names that a page's own server could let point here (DNS rebinding), and changes that a
/// page of another origin asks for (https://www.w3.org/TR/fetch-metadata/). Programs say neither origin nor site. With
/// tokens nothing is refused: a browser adds none by itself, as it does cookies.
/// </summary>
internal sealed class OwnPagesOnly(RequestDelegate next, TokenBook tokens)
{
    private const string Site = "Sec-Fetch-Site";

    public Task InvokeAsync(HttpContext context)
    {
        var refusal = tokens.IsOff ? Refusal(context.Request) : null;
        return refusal is (var status, var words) ? Problem.Of(status, words).ExecuteAsync(context) : next(context);
    }

    private static (int Status, string Words)? Refusal(HttpRequest request)
    {
        if (!Listening.IsLoopbackHost(request.Host.Host))
        {
            return (
                StatusCodes.Status421MisdirectedRequest,
                $"Host: '{request.Host}' is no name of this machine's own, and this server has no tokens; ask it as 127.0.0.1 or localhost, or name a token file"
            );
        }

        if (
            HttpMethods.IsGet(request.Method)
            || HttpMethods.IsHead(request.Method)
            || HttpMethods.IsOptions(request.Method)
        )
        {
            return null; // They change nothing, and a page of another origin is not given what they answer.
        }

        var site = request.Headers[Site].ToString();
        var origin = request.Headers.Origin.ToString();
        return site is "" or "same-origin" or "none" && (origin.Length == 0 || IsOwn(origin, request.Host))
            ? null
            : (
                StatusCodes.Status403Forbidden,
                $"{HeaderNames.Origin}: '{(origin.Length == 0 ? site : origin)}' is another site's, and this server has no tokens, so only its own page and programs change anything; use its own page, or name a token file"
            );
    }

    /// <summary>A browser names the port in both or in neither.</summary>
    private static bool IsOwn(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var from)
        && string.Equals(from.Authority, host.Value, StringComparison.OrdinalIgnoreCase);
}
