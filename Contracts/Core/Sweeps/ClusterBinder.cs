using Layerbench.Core.Engines;
using Layerbench.Core.Scheduling;

namespace Layerbench.Core.Sweeps;

/// <summary><c>cluster</c>: priority, most devices, which devices, failure budget.</summary>
internal sealed class ClusterBinder(SpecErrors errors)
{
    public const int MostDevices = 1_000_000;

    public ClusterSpec Read(SpecMap root)
    {
        if (
            root.Find("cluster") is not { } node
            || SpecMap.Read(node, root.PathOf("cluster"), SweepKeys.Cluster, errors) is not { } map
        )
        {
            return new();
        }

        const int highest = SweepSubmission.HighestPriority;
        return new()
        {
            Priority = Integer(map, "priority", -highest, highest),
            MaximumDevices = Integer(map, "devices_at_most", 1, MostDevices),
            Needs = Text(map, "needs", DeviceSelector.Read),
            Failures = Text(map, "failure_budget", FailureBudget.Read),
        };
    }

    private int? Integer(SpecMap map, string key, int least, int most)
    {
        if (map.Find(key) is not { } node)
        {
            return null;
        }

        var value = SpecText.Integer(node, least, most, out var problem);
        if (value is null)
        {
            errors.Add(map.PathOf(key), problem, node.Mark);
        }

        return (int?)value;
    }

    private T? Text<T>(SpecMap map, string key, Func<string, (T? Value, IReadOnlyList<string> Problems)> read)
        where T : class
    {
        if (map.Find(key) is not { } node)
        {
            return null;
        }

        // What is no text is read as one that means nothing, so that the rule is said in the same words.
        var (value, problems) = read(node is SpecNode.Scalar scalar ? scalar.Text : SpecText.Describe(node));
        foreach (var problem in problems)
        {
            errors.Add(map.PathOf(key), problem, node.Mark);
        }

        return value;
    }
}
