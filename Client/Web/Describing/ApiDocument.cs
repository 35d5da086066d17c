using Layerbench.Web.Access;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Layerbench.Web.Describing;

/// <summary>A route that is asked with values of axes, <c>at.AXIS=VALUE</c>, whatever axes the sweep has.</summary>
internal sealed class TakesAxes;

/// <summary>What the OpenAPI document says beside what routes declare: the tokens, and parameters without a fixed name.</summary>
internal static class ApiDocument
{
    public const string AxisParameter = "at.AXIS";

    public static void AddApiDocument(this IServiceCollection services) =>
        services.AddOpenApi(
            "v1",
            options =>
            {
                options.AddDocumentTransformer(
                    (document, _, _) =>
                    {
                        document.Info.Title = "layerbench";
                        document.Info.Description = "Sweeps, their results and the nodes that measure them.";
                        document.AddComponent<IOpenApiSecurityScheme>(BearerHandler.Name, Tokens());
                        return Task.CompletedTask;
                    }
                );
                options.AddOperationTransformer(
                    (operation, context, _) =>
                    {
                        Complete(operation, context);
                        return Task.CompletedTask;
                    }
                );
            }
        );

    private static void Complete(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<IAuthorizeData>().FirstOrDefault()?.Policy is { } role)
        {
            operation.Description = $"Role: {role}.";
            operation.Security =
            [
                new OpenApiSecurityRequirement
                {
                    [new OpenApiSecuritySchemeReference(BearerHandler.Name, context.Document)] = [],
                },
            ];
        }

        if (metadata.OfType<TakesAxes>().Any())
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(
                new OpenApiParameter
                {
                    Name = AxisParameter,
                    In = ParameterLocation.Query,
                    Description =
                        "Cells at this value of an axis alone: AXIS is the axis's name, e.g. at.batch=16; for as many axes as wanted.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                }
            );
        }
    }

    private static OpenApiSecurityScheme Tokens() =>
        new()
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description =
                "A token of `layerbench token new`. A server without a token file, which listens on loopback only, takes requests without one.",
        };
}
