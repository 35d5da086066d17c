using Microsoft.AspNetCore.Http;

namespace Layerbench.Web.Access;

/// <summary>
/// A route that a browser opens as a page, where a script cannot set the Authorization header: the token may stand in the
/// form's body (RFC 6750, section 2.2), and never in the address, which is kept and passed on.
/// </summary>
internal sealed class TokenInForm
{
    /// <summary>The field's name.</summary>
    public const string Field = "access_token";

    /// <summary>The token; empty: there is none, or the route takes none there.</summary>
    public static async Task<string> OfAsync(HttpRequest request)
    {
        if (
            request.HttpContext.GetEndpoint()?.Metadata.GetMetadata<TokenInForm>() is null
            || !request.HasFormContentType
        )
        {
            return "";
        }

        try
        {
            return (await request.ReadFormAsync(request.HttpContext.RequestAborted))[Field].ToString();
        }
        catch (InvalidDataException)
        {
            return ""; // More fields or longer ones than a form may have.
        }
    }
}
