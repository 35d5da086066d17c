using System.Globalization;
using System.Text.Json;
using Layerbench.Core.Protocol;
using Layerbench.Core.Sweeps;

namespace Layerbench.Cli.Remote;

/// <summary>What a server answered in place of what it was asked for, in the words that the same mistake has on one machine.</summary>
internal static class ServerProblem
{
    private const string MediaType = "application/problem+json";

    /// <param name="sweepFile">What errors of a sweep's text are of; null where none was sent.</param>
    public static async Task<BadInputException> ReadAsync(
        HttpResponseMessage response,
        string? sweepFile,
        CancellationToken cancellation
    )
    {
        if (response.Content.Headers.ContentType?.MediaType == MediaType)
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellation);
            if (await JsonSerializer.DeserializeAsync<Problem>(body, CoreJson.Options, cancellation) is { } problem)
            {
                return Of(problem, sweepFile, Status(response));
            }
        }

        return new BadInputException(
            $"{response.RequestMessage?.RequestUri}: answered {Status(response)}; check that the address is a layerbench gateway's"
        );
    }

    private static BadInputException Of(Problem problem, string? sweepFile, string status)
    {
        IReadOnlyList<string> messages = problem.Errors is { Count: > 0 } errors
            ? [.. errors.Select(e => e.Format(sweepFile ?? "sweep"))]
            : (problem.Detail ?? problem.Title ?? status).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return new BadInputException(messages, notes: problem.Notes);
    }

    private static string Status(HttpResponseMessage response) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)response.StatusCode} {response.ReasonPhrase}");

    /// <summary>RFC 9457, with what docs/rest.md adds.</summary>
    private sealed record Problem(
        string? Title,
        string? Detail,
        IReadOnlyList<SpecError>? Errors,
        IReadOnlyList<string>? Notes
    );
}
