using System.Globalization;
using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Layerbench.Core.Access;
using Layerbench.Web.Problems;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Layerbench.Web.Access;

/// <summary>Bearer tokens (RFC 6750) from the <see cref="TokenBook"/>. What is wrong with one is said in words.</summary>
internal sealed class BearerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logging,
    UrlEncoder encoder,
    TokenBook tokens
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logging, encoder)
{
    public const string Name = "Bearer";

    /// <summary>Who everybody is where nobody is asked for a token.</summary>
    public const string LocalUser = "local";

    private const string Repair =
        "ask the server's operator for one (layerbench token new), and give it in LAYERBENCH_TOKEN or with --token-file";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (tokens.IsOff)
        {
            // Beside the check at the start: what listens where may be changed by whoever hosts this.
            return Context.Connection.LocalIpAddress is { } address && !IPAddress.IsLoopback(address)
                ? AuthenticateResult.Fail("this server has no tokens, so it answers on loopback only")
                : Known(new Caller(LocalUser, Role.Admin));
        }

        var header = Request.Headers.Authorization.ToString();
        if (header.Length == 0)
        {
            return await TokenInForm.OfAsync(Request) is { Length: > 0 } token
                ? Authenticate(token)
                : AuthenticateResult.NoResult();
        }

        return header.StartsWith($"{Name} ", StringComparison.OrdinalIgnoreCase)
            ? Authenticate(header[(Name.Length + 1)..])
            : AuthenticateResult.Fail($"the Authorization header is not '{Name} TOKEN'; {Repair}");
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var failure = (await HandleAuthenticateOnceSafeAsync()).Failure;
        Response.Headers[HeaderNames.WWWAuthenticate] = failure is null ? Name : $"{Name} error=\"invalid_token\"";
        await Problem
            .Of(StatusCodes.Status401Unauthorized, failure?.Message ?? $"this server wants a token; {Repair}")
            .ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var needed = Context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>()?.Policy;
        var caller = Context.User.Caller();
        return Problem
            .Of(
                StatusCodes.Status403Forbidden,
                $"this needs the role {needed}, and the token of '{caller.User}' has the role {Roles.NameOf(caller.Role)}; use another token"
            )
            .ExecuteAsync(Context);
    }

    private AuthenticateResult Authenticate(string token)
    {
        if (tokens.Find(token.Trim()) is not { } entry)
        {
            return AuthenticateResult.Fail($"this server does not know the token; {Repair}");
        }

        return entry.Expires is { } at && at <= TimeProvider.GetUtcNow()
            ? AuthenticateResult.Fail(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the token of '{entry.User}' expired at {at.UtcDateTime:yyyy-MM-dd HH:mm} UTC; {Repair}"
                )
            )
            : Known(new Caller(entry.User, entry.Role));
    }

    private AuthenticateResult Known(Caller caller) =>
        AuthenticateResult.Success(
            new AuthenticationTicket(
                new ClaimsPrincipal(
                    new ClaimsIdentity(
                        [new(ClaimTypes.Name, caller.User), new(ClaimTypes.Role, Roles.NameOf(caller.Role))],
                        Scheme.Name
                    )
                ),
                Scheme.Name
            )
        );
}
