using Layerbench.Core.Engines;
using Layerbench.Web.Access;
using Layerbench.Web.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Layerbench.Web.Nodes;

/// <summary>What a node is to do.</summary>
/// <param name="Draining">True: its devices get no more work, what they have they finish. False: they work again.</param>
public sealed record NodeOrder(bool? Draining);

/// <summary>The nodes with their devices, and taking one out.</summary>
internal static class NodeRoutes
{
    public static void MapNodes(this RouteGroupBuilder api)
    {
        var nodes = api.MapGroup("/nodes").WithTags("Nodes");
        nodes
            .MapGet("", (ISweepEngine engine, CancellationToken cancellation) => engine.NodesAsync(cancellation))
            .RequireAuthorization(Roles.View)
            .WithSummary("The nodes by name, with their devices and what those work for.")
            .Produces<IReadOnlyList<FleetNode>>();
        nodes
            .MapPut("/{name}", OrderAsync)
            .RequireAuthorization(Roles.Admin)
            .WithSummary("Give a node's devices no more work, or work again.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/users", (ISweepEngine engine, CancellationToken cancellation) => engine.UsersAsync(cancellation))
            .WithTags("Nodes")
            .RequireAuthorization(Roles.View)
            .WithSummary("Who has devices or had one within 10 minutes, with their share of the device time of late.")
            .Produces<IReadOnlyList<UserShare>>();
    }

    private static async Task<IResult> OrderAsync(
        string name,
        NodeOrder order,
        ISweepEngine engine,
        CancellationToken cancellation
    )
    {
        if (order.Draining is not { } drain)
        {
            return Problem.Of(StatusCodes.Status400BadRequest, "draining: is missing; give true or false");
        }

        return await engine.DrainAsync(name, drain, cancellation)
            ? TypedResults.NoContent()
            : Problem.Of(
                StatusCodes.Status404NotFound,
                $"there is no node '{name}' here now; `layerbench nodes` lists them"
            );
    }
}
