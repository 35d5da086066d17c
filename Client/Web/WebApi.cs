using System.Text.Json;
using Layerbench.Core.Protocol;
using Layerbench.Web.Access;
using Layerbench.Web.Describing;
using Layerbench.Web.Live;
using Layerbench.Web.Nodes;
using Layerbench.Web.Page;
using Layerbench.Web.Problems;
using Layerbench.Web.Sweeps;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Layerbench.Web;

/// <summary>REST and the live page over an <see cref="Core.Engines.ISweepEngine"/>, which the host registers.</summary>
public static class WebApi
{
    public const string Root = "/api/v1";

    /// <summary>The policy of who may look.</summary>
    public const string ViewPolicy = Roles.View;

    public const string OpenApiPath = $"{Root}/openapi.json";

    /// <param name="settings">Without errors: see <see cref="WebSettings.Errors"/>.</param>
    public static IServiceCollection AddWebApi(this IServiceCollection services, WebSettings settings)
    {
        services.AddSingleton(settings);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(p => new TokenBook(
            settings.Tokens,
            p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<ILogger<TokenBook>>()
        ));
        services.AddSingleton<SweepBooks>();
        services.AddSingleton<SweepFindings>();
        services.AddSingleton<ReportDesk>();
        services.AddTokens();
        services.AddProblemDetails(o => o.CustomizeProblemDetails = StatusWords.Complete);
        services.AddExceptionHandler<ExceptionProblems>();
        services.AddApiDocument();
        // A map of 10,000 boxes is a megabyte of text. Events are not compressed: each is sent as it happens.
        services.AddResponseCompression(o => o.MimeTypes = ["application/json"]);
        services.ConfigureHttpJsonOptions(o => AsCore(o.SerializerOptions));
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        return services;
    }

    public static WebApplication MapWebApi(this WebApplication app)
    {
        app.UseResponseCompression();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseMiddleware<OwnPagesOnly>();
        app.UseAuthentication();
        app.UseAuthorization();
        var settings = app.Services.GetRequiredService<WebSettings>();
        var routes = app.MapGroup("");
        ((IEndpointConventionBuilder)routes).Finally(Refusals.Declare);
        var api = routes.MapGroup(Root);
        api.MapServer();
        api.MapSweeps(settings);
        api.MapEvents();
        api.MapResults();
        api.MapNodes();
        api.MapLive();
        api.MapReports();
        routes.MapPage();
        routes.MapHealth();
        app.MapOpenApi("/api/{documentName}/openapi.json").AllowAnonymous();
        return app;
    }

    private static void AsCore(JsonSerializerOptions options)
    {
        var core = CoreJson.Options;
        options.PropertyNamingPolicy = core.PropertyNamingPolicy;
        options.DictionaryKeyPolicy = core.DictionaryKeyPolicy;
        options.DefaultIgnoreCondition = core.DefaultIgnoreCondition;
        options.NumberHandling = core.NumberHandling;
        options.TypeInfoResolverChain.Clear();
        options.TypeInfoResolverChain.Add(core.TypeInfoResolver!);
        foreach (var converter in core.Converters)
        {
            options.Converters.Add(converter);
        }
    }
}
