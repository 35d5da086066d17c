namespace Layerbench.Bench.Validity;

/// <summary>Cells that share processes, launch by launch, as the cells of a slice do.</summary>
internal sealed record CellGroup(int Run, bool Deep, int FirstCell)
{
    /// <summary>A grid's cells may look at 6 and 12 launches, deep ones up to 48.</summary>
    public int Launches => Deep ? Campaign.DeepLaunches : Campaign.GridLaunches;

    public IEnumerable<int> Cells =>
        Enumerable.Range(FirstCell, Deep ? CellKinds.DeepCellsPerLaunch : CellKinds.GridCellsPerLaunch);
}

/// <summary>
/// The order of work, the same whatever the time is, so that pieces of a campaign add up: every group of the grid twice,
/// in two runs of different seeds; the deep cells after the first and again after every twelfth group, as further cells.
/// </summary>
internal static class Campaign
{
    public const int GridLaunches = 12;
    public const int DeepLaunches = 48;

    /// <summary>Of every cell of the grid, so that a ratio can be compared with itself.</summary>
    public const int Runs = 2;

    private const int GroupsBetweenDeep = 12;

    public static IEnumerable<CellGroup> Groups()
    {
        for (var group = 0; ; group++)
        {
            for (var run = 0; run < Runs; run++)
            {
                yield return new CellGroup(run, false, group * CellKinds.GridCellsPerLaunch);
            }

            if (group % GroupsBetweenDeep == 0)
            {
                var first = group / GroupsBetweenDeep * CellKinds.DeepGroups;
                for (var deep = 0; deep < CellKinds.DeepGroups; deep++)
                {
                    yield return new CellGroup(0, true, (first + deep) * CellKinds.DeepCellsPerLaunch);
                }
            }
        }
    }
}
