using Layerbench.Bench;
using Layerbench.Bench.Validity;

// Prints the product's own figures. Every figure is measured in this run; ratios are taken within it, because
// machines are noisy. Nothing here passes or fails.
if (args is ["hog", var hogSeed])
{
    return CpuHog.Burn(hogSeed);
}

if (args.Length > 0 && args[0] == "validity")
{
    return await ValidityCommand.RunAsync(args[1..]);
}

if (args is ["pictures"])
{
    return await Pictures.RunAsync();
}

string[] known = ["harness", "throughput", "plan", "start", "report", "web", "all"];
if (args.Length != 1 || !known.Contains(args[0]))
{
    Console.Error.WriteLine(
        $"""
        Usage: dotnet run -c Release --project bench/Bench -- {string.Join(" | ", known)}

          harness     what the harness costs inside a sample: an empty kernel, and the same loop by hand
          throughput  no-op cells a second through plan, lease, tell and SQLite, one process
          plan        a plan of 10,000,000 cells: time to the first lease, resident memory
          start       from starting a worker to its first sample, and how often a cell pays it
          report      a report of 500 cells and of 10,000: time to read and to write, size
          web         the live page over 100,000 cells: list, map and rows a request, bytes, paint
          all         all of these
          pictures    makes docs/images of a real sweep: quickstart.svg, live.png, live-submit.png, report.png; some minutes
          validity    whether verdicts, intervals and ratios can be believed; validity --help tells more
        """
    );
    return 2;
}

var all = args[0] == "all";
Machine.Print();
if (all || args[0] == "plan")
{
    // First and in a fresh process: the resident size is the plan's, not another program's.
    await PlanScale.RunAsync();
}

if (all || args[0] == "throughput")
{
    await Throughput.RunAsync();
}

if (all || args[0] == "report")
{
    await ReportScale.RunAsync();
}

if (all || args[0] == "web")
{
    await WebScale.RunAsync();
}

if (all || args[0] == "start")
{
    await WorkerStartCost.RunAsync();
}

if (all || args[0] == "harness")
{
    await HarnessCost.RunAsync();
}

return 0;
