using System.Security.Claims;
using Layerbench.Core.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;

namespace Layerbench.Web.Access;

/// <summary>The roles as policies; the name of each is the least role that it lets pass.</summary>
internal static class Roles
{
    public const string View = "view";
    public const string Submit = "submit";
    public const string Admin = "admin";

    public static string NameOf(Role role) => role.ToString().ToLowerInvariant();

    /// <summary>Whoever has been let in.</summary>
    public static Caller Caller(this ClaimsPrincipal user) =>
        new(
            user.Identity?.Name ?? throw new InvalidOperationException("Nobody has been let in."),
            TokenEntry.RoleOf(user.FindFirstValue(ClaimTypes.Role)!)!.Value
        );

    public static IServiceCollection AddTokens(this IServiceCollection services)
    {
        services
            .AddAuthentication(BearerHandler.Name)
            .AddScheme<AuthenticationSchemeOptions, BearerHandler>(BearerHandler.Name, null);
        var policies = services.AddAuthorizationBuilder();
        foreach (var least in Enum.GetValues<Role>())
        {
            string[] enough = [.. Enum.GetValues<Role>().Where(r => r >= least).Select(NameOf)];
            policies.AddPolicy(NameOf(least), policy => policy.RequireRole(enough));
        }

        return services;
    }
}
