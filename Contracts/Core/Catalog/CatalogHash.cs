using System.Security.Cryptography;
using System.Text.Json;
using Layerbench.Core.Protocol;

namespace Layerbench.Core.Catalog;

/// <summary>Names a worker's description by its content: the first 16 hex digits of a SHA-256. Workers of one hash plan and cost alike.</summary>
public static class CatalogHash
{
    private const int Digits = 16;

    public static string Of(BackendInfo backend) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(backend, ProtocolJson.Options)))[
            ..Digits
        ];
}
