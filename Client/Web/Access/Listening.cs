using System.Net;
using Microsoft.Extensions.Configuration;

namespace Layerbench.Web.Access;

/// <summary>Whether those who can reach a server are on its own machine.</summary>
internal static class Listening
{
    /// <summary>What is wrong with listening without tokens where the configuration says; null: nothing.</summary>
    public static string? Problem(IConfiguration configuration)
    {
        // Kestrel's endpoints, where there are any, take the place of the addresses in "urls".
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"]).ToList();
        return Problem(endpoints.Count > 0 ? endpoints.OfType<string>() : configuration["urls"]?.Split(';') ?? []);
    }

    /// <param name="addresses">As Kestrel takes them, e.g. <c>http://127.0.0.1:8080</c>, <c>http://*:80</c>.</param>
    public static string? Problem(IEnumerable<string> addresses) =>
        addresses.FirstOrDefault(a => !IsLoopback(a)) is { } open
            ? $"Tokens: is missing, and {open} can be reached from other machines; name a token file (layerbench token new makes its lines), or listen on 127.0.0.1"
            : null;

    private static bool IsLoopback(string address)
    {
        if (address.StartsWith("http://unix:", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        // Kestrel's + and * mean every address, and are no host of a URI.
        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && IsLoopbackHost(uri.Host);
    }

    /// <param name="host">Without a port, e.g. <c>localhost</c>, <c>127.0.0.1</c>, <c>[::1]</c>.</param>
    public static bool IsLoopbackHost(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
}
