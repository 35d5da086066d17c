using System.Security.Cryptography;
using Layerbench.Engine.Stores;

namespace Layerbench.Gateway;

/// <summary>Why the gateway could not start, in the operator's words.</summary>
internal static class StartErrors
{
    /// <summary>Null: something else, which is a bug.</summary>
    public static string? Of(Exception error) =>
        error switch
        {
            StoreException or IOException => error.Message,
            // Of a settings file; what is wrong with which line is said by the exception within.
            InvalidDataException => string.Join(
                ' ',
                new[] { error.Message, error.GetBaseException().Message }.Distinct()
            ),
            InvalidOperationException or CryptographicException or FormatException when IsOfEndpoints(error) =>
                $"cannot listen at the addresses of the setting 'urls' with the certificate of 'Kestrel:Certificates:Default': {error.Message}",
            _ => null,
        };

    private static bool IsOfEndpoints(Exception error) =>
        error.ToString().Contains("Microsoft.AspNetCore.Server.Kestrel", StringComparison.Ordinal);
}
