namespace Layerbench.Web.Live;

/// <summary>The orders of rows that were asked for last.</summary>
internal sealed class RowOrders
{
    private const int Most = 4;

    private readonly Lock gate = new();
    private readonly LinkedList<(string Name, RowPlace[] Rows)> kept = [];

    public RowPlace[] Of(string name, Func<RowPlace[]> make)
    {
        lock (gate)
        {
            for (var at = kept.First; at is not null; at = at.Next)
            {
                if (at.Value.Name == name)
                {
                    kept.Remove(at);
                    kept.AddFirst(at);
                    return at.Value.Rows;
                }
            }
        }

        var rows = make();
        lock (gate)
        {
            kept.AddFirst((name, rows));
            if (kept.Count > Most)
            {
                kept.RemoveLast();
            }
        }

        return rows;
    }
}
