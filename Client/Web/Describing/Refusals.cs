using System.Reflection;
using Layerbench.Core.Engines;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace Layerbench.Web.Describing;

/// <summary>What a route may answer beside what it says itself: derived from what it asks for, so that none is forgotten.</summary>
internal static class Refusals
{
    public static void Declare(EndpointBuilder endpoint)
    {
        var metadata = endpoint.Metadata;
        Add(StatusCodes.Status421MisdirectedRequest, "Without tokens: Host is no name of loopback.");
        if (metadata.OfType<IAuthorizeData>().FirstOrDefault()?.Policy is { } role)
        {
            Add(StatusCodes.Status401Unauthorized, "There is no token, or one that is unknown or has expired.");
            Add(
                StatusCodes.Status403Forbidden,
                $"The token's role is below {role}; without tokens, another site's page asks for a change."
            );
        }

        if (metadata.OfType<IAcceptsMetadata>().Any())
        {
            Add(StatusCodes.Status400BadRequest, "The body is not what is expected; the words say where.");
            Add(StatusCodes.Status413PayloadTooLarge, "The body is larger than this server takes.");
            Add(StatusCodes.Status415UnsupportedMediaType, "The body is of another media type.");
        }

        if (metadata.OfType<MethodInfo>().Any(m => m.GetParameters().Any(p => p.ParameterType == typeof(ISweepEngine))))
        {
            Add(
                StatusCodes.Status503ServiceUnavailable,
                "The engine or its store did not answer; Retry-After says when to ask again."
            );
        }

        void Add(int status, string why)
        {
            if (!metadata.OfType<IProducesResponseTypeMetadata>().Any(m => m.StatusCode == status))
            {
                metadata.Add(
                    new ProducesResponseTypeMetadata(status, typeof(ProblemDetails), ["application/problem+json"])
                    {
                        Description = why,
                    }
                );
            }
        }
    }
}
