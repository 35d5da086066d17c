using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Layerbench.Telemetry.Logs;

/// <summary>How programs log: for people on a terminal, one JSON object a line in a container, with trace ids in both.</summary>
public static class StructuredLogs
{
    /// <summary>
    /// Sets defaults, which every other source of configuration overrides; <c>Logging:Console:FormatterName</c> (<c>json</c>
    /// or <c>simple</c>) chooses otherwise.
    /// </summary>
    /// <param name="quiet">Categories of which only warnings are of interest.</param>
    public static void AddLogs(this IHostApplicationBuilder builder, params string[] quiet)
    {
        var defaults = quiet.ToDictionary(c => $"Logging:LogLevel:{c}", _ => (string?)"Warning");
        if (builder.Configuration["DOTNET_RUNNING_IN_CONTAINER"] is "true" or "1" || IsInContainer)
        {
            defaults["Logging:Console:FormatterName"] = "json";
        }

        defaults["Logging:Console:FormatterOptions:IncludeScopes"] = "true";
        defaults["Logging:Console:FormatterOptions:UseUtcTimestamp"] = "true";
        defaults["Logging:Console:FormatterOptions:TimestampFormat"] = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(
            0,
            new MemoryConfigurationSource { InitialData = defaults }
        );
        builder.Logging.Configure(o =>
            o.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId
        );
    }

    /// <summary>.NET's own images set it.</summary>
    private static bool IsInContainer =>
        Environment.GetEnvironmentVariable("DOTNET_RUNNING_IN_CONTAINER") is "true" or "1";
}
