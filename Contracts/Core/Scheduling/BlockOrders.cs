namespace Layerbench.Core.Scheduling;

/// <summary>
/// In which order a launch's blocks time their variants: a random order for each block, in which every variant leads
/// equally often (±1), because the first to run in a block finds other caches than the rest.
/// </summary>
public static class BlockOrders
{
    /// <param name="variants">At least 1.</param>
    /// <param name="blocks">At least 0.</param>
    /// <returns>For each block, the variants' places in the order to run them.</returns>
    public static IReadOnlyList<IReadOnlyList<int>> Make(int variants, int blocks, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(variants, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(blocks);
        var random = SeededRandom.For(seed, "block orders");
        var leads = new int[variants];
        var orders = new int[blocks][];
        for (var block = 0; block < blocks; block++)
        {
            if (block % variants == 0)
            {
                // Every run of `variants` blocks is led by each once, in a random order.
                Fill(leads);
                random.Shuffle<int>(leads);
            }

            var order = new int[variants];
            Fill(order);
            random.Shuffle<int>(order);
            var lead = Array.IndexOf(order, leads[block % variants]);
            (order[0], order[lead]) = (order[lead], order[0]);
            orders[block] = order;
        }

        return orders;
    }

    private static void Fill(int[] places)
    {
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = i;
        }
    }
}
