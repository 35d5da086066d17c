using System.Globalization;
using System.Text.Json;
using Layerbench.Core.Engines;
using Layerbench.Engine.Stores;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace Layerbench.Web.Problems;

/// <summary>What a request threw, in words; never a stack trace.</summary>
internal sealed partial class ExceptionProblems(ILogger<ExceptionProblems> logger) : IExceptionHandler
{
    /// <summary>After which a store that could not be used is worth another try.</summary>
    private static readonly TimeSpan storeRetry = TimeSpan.FromSeconds(10);

    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext,
        Exception exception,
        CancellationToken cancellationToken
    )
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            return true; // nobody is there to be told
        }

        var (status, words, retryAfter) = Of(exception);
        if (status == StatusCodes.Status500InternalServerError)
        {
            LogUnexpected(exception, httpContext.Request.Method, httpContext.Request.Path);
        }
        else if (status == StatusCodes.Status503ServiceUnavailable)
        {
            LogUnavailable(words);
        }

        if (retryAfter is { } wait)
        {
            httpContext.Response.Headers[HeaderNames.RetryAfter] = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds))
                .ToString(CultureInfo.InvariantCulture);
        }

        await Problem.Of(status, words).ExecuteAsync(httpContext);
        return true;
    }

    private static (int Status, string Words, TimeSpan? RetryAfter) Of(Exception exception) =>
        exception switch
        {
            EngineUnavailableException e => (StatusCodes.Status503ServiceUnavailable, e.Message, e.RetryAfter),
            StoreException e when e.Problem != StoreProblem.Refused => (
                StatusCodes.Status503ServiceUnavailable,
                e.Message,
                storeRetry
            ),
            BadHttpRequestException e => (e.StatusCode, Words(e), null),
            _ => (
                StatusCodes.Status500InternalServerError,
                $"{exception.Message} (this is a bug in layerbench; please report it with the server's log)",
                null
            ),
        };

    private static string Words(BadHttpRequestException bad) =>
        bad switch
        {
            { StatusCode: StatusCodes.Status413PayloadTooLarge } => StatusWords.TooLarge,
            { InnerException: JsonException json } => $"the body is not the JSON that is expected here: {json.Message}",
            _ => bad.Message,
        };

    [LoggerMessage(1, LogLevel.Error, "{Method} {Path} failed")]
    private partial void LogUnexpected(Exception error, string method, string path);

    [LoggerMessage(2, LogLevel.Warning, "Unavailable: {Words}")]
    private partial void LogUnavailable(string words);
}
