using System.Net;
using Layerbench.Cli.Sweeping;
using Layerbench.Core;

namespace Layerbench.Cli.Remote;

/// <summary>Which of its sweeps is meant.</summary>
internal sealed partial class RemoteServer
{
    /// <summary>The sweep that is meant, by its id or as <see cref="SweepNames"/> has it.</summary>
    /// <exception cref="BadInputException">There is none, or it may be several.</exception>
    public async Task<SweepId> FindAsync(string given, CancellationToken cancellation)
    {
        // Its text is had at once; a status counts the verdicts of all its cells.
        var text = $"sweeps/{Uri.EscapeDataString(given)}/spec";
        using (var response = await AskAsync(() => new HttpRequestMessage(HttpMethod.Get, text), cancellation))
        {
            if (response.StatusCode != HttpStatusCode.NotFound)
            {
                return response.IsSuccessStatusCode
                    ? new SweepId(given)
                    : throw await ServerProblem.ReadAsync(response, sweepFile: null, cancellation);
            }
        }

        var found = SweepNames.Meant(given, await AllAsync(cancellation), s => s.Id, s => s.Name);
        return found.Count switch
        {
            1 => found[0].Id,
            0 => throw new BadInputException(
                $"there is no sweep '{given}' on {Address}; `layerbench status --server {Address}` lists them"
            ),
            _ => throw new BadInputException(
                $"'{given}' may be {string.Join(" or ", found.Select(s => s.Id))}; give more of its id"
            ),
        };
    }

    /// <summary>All sweeps, the one submitted last first.</summary>
    public async Task<IReadOnlyList<SweepStatus>> AllAsync(CancellationToken cancellation)
    {
        List<SweepStatus> all = [];
        SweepId? after = null;
        do
        {
            var page = await ListAsync(after, cancellation);
            all.AddRange(page.Sweeps);
            after = page.Next;
        } while (after is not null);

        return all;
    }
}
