using Layerbench.Bench;
using Layerbench.Bench.Clusters;
using Layerbench.Bench.Clusters.Scenarios;
using Layerbench.Core;

// Prints the cluster's own figures, beside what was asked of them. Every figure is measured in this run; nothing here
// passes or fails but the count of results that were lost or accepted twice.
var (options, errors) = BenchOptions.Read(args);
if (options is null)
{
    foreach (var error in errors)
    {
        await Console.Error.WriteLineAsync($"error: {error}");
    }

    await Console.Error.WriteLineAsync(BenchOptions.Usage);
    return 2;
}

Machine.Print();
var bad = 0;
foreach (var scenario in Scenario.All.Where(s => options.Only is null || s.Name == options.Only))
{
    Machine.Title($"{scenario.Name}: {scenario.What}");
    try
    {
        bad += await scenario.RunAsync(options) ? 0 : 1;
    }
    catch (Exception e) when (e is BadInputException or TimeoutException)
    {
        Machine.Line("not measured", e.Message);
        bad += e is TimeoutException ? 1 : 0;
    }
}

return bad == 0 ? 0 : 1;
