using Layerbench.Core.Engines;
using Layerbench.Core.Sweeps;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;

namespace Layerbench.Web.Problems;

/// <summary>A sweep that is rejected, as it is written: every error of its text, and what helps to understand them.</summary>
/// <param name="Detail">All of them as they would be written on one machine, a line each.</param>
public sealed record RejectedSweep(
    string Type,
    string Title,
    int Status,
    string Detail,
    IReadOnlyList<SpecError> Errors,
    IReadOnlyList<string> Notes
);

/// <summary>Errors as application/problem+json (RFC 9457): <c>detail</c> has the words for the user.</summary>
internal static class Problem
{
    /// <summary>Key of a rejected sweep's errors: objects with <c>path</c>, <c>message</c>, <c>mark</c> (line, column).</summary>
    public const string Errors = "errors";

    /// <summary>Key of what helps to understand them.</summary>
    public const string Notes = "notes";

    public static ProblemHttpResult Of(int status, string words) =>
        TypedResults.Problem(words, statusCode: status, title: ReasonPhrases.GetReasonPhrase(status));

    public static ProblemHttpResult UnknownSweep(string id) =>
        Of(StatusCodes.Status404NotFound, $"there is no sweep '{id}' here; `layerbench status` lists them");

    /// <summary>Every error, each with its place; the detail has them as they would be written on one machine.</summary>
    public static ProblemHttpResult Rejected(SubmitAnswer.Rejected rejected) =>
        TypedResults.Problem(
            string.Join('\n', rejected.Errors.Select(e => e.Format("sweep"))),
            statusCode: StatusCodes.Status422UnprocessableEntity,
            title: "The sweep is rejected",
            extensions: new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [Errors] = rejected.Errors,
                [Notes] = rejected.Notes,
            }
        );
}
