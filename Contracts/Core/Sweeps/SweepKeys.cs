namespace Layerbench.Core.Sweeps;

/// <summary>A key of a sweep file.</summary>
/// <param name="Summary">One line, shown by editors.</param>
/// <param name="Required">Whether the file must give it.</param>
internal sealed record SpecKey(string Name, string Summary, bool Required = false);

/// <summary>Every key that a sweep file can have, level by level. The binder and the schema both read these tables.</summary>
internal static class SweepKeys
{
    public static readonly IReadOnlyList<SpecKey> Root =
    [
        new(
            "name",
            "What the sweep is called, in results and file names: 1 to 64 of A-Z a-z 0-9 . _ -",
            Required: true
        ),
        new("question", "What the sweep asks, in your words; shown in reports."),
        new(
            "variants",
            "What is compared: names, or mappings with a label and parameters of their own.",
            Required: true
        ),
        new("plugins", "Files with variants of your own: .py for the PyTorch worker, .dll for TorchSharp's."),
        new("baseline", "The label that ratios are taken against; the first variant by default."),
        new("pass", "What is timed: one pass, or a list (an axis of its own). Default: forward."),
        new("backend", "The framework: one, or a list (an axis of its own). Default: auto."),
        new("dtype", "Element type: one, or a list (an axis of its own). Default: float32."),
        new("threads", "CPU threads of a worker: a number, 'all', or a list (an axis of its own). Default: all."),
        new("axes", "Values of each parameter: one, a list, a range, a log_range, or an expression over other axes."),
        new("where", "Expressions that must all be true of a point for it to be measured."),
        new("exclude", "Points to leave out: expressions, or mappings of axes to a value or a list of values."),
        new("design", "Which combinations are measured. Default: grid."),
        new(
            "match",
            "Chooses a width or depth of each variant so that it equals the baseline in flops, parameters or time."
        ),
        new("measure", "How a cell is measured."),
        new("devices", "Where: auto, or a list of cpu, cpu:0-3, cuda:0, cuda:*, simulated:4. Default: auto."),
        new("cluster", "On what terms the sweep shares a cluster; options of submit go before it."),
        new("seed", "Of every random choice: designs, inputs, orders. Default: 1."),
        new(
            "controls",
            "Cells that measure the measurement itself: the baseline against itself, some with extra work."
        ),
        new("headline", "The few comparisons that the sweep is made for; judged by Holm, besides the grid."),
        new("limits", "Guards against asking for more than was meant."),
    ];

    public static readonly IReadOnlyList<SpecKey> Variant =
    [
        new("variant", "The catalogue's name, e.g. ffn.dense.", Required: true),
        new("label", "What results call it; the variant's name by default. Each label once."),
        new("with", "Parameters of this variant alone: values, or expressions over the axes."),
    ];

    public static readonly IReadOnlyList<SpecKey> PlugIn =
    [
        new("file", "Its name, from the sweep file's folder.", Required: true),
        new("sha256", "Of its content, 64 hexadecimal digits; a run writes it into what it stores."),
    ];

    public static readonly IReadOnlyList<SpecKey> AxisForms =
    [
        new("range", "Evenly spaced values, both ends included where a step meets them."),
        new("log_range", "Geometrically spaced values; rounded to integers where both ends are."),
    ];

    public static readonly IReadOnlyList<SpecKey> Range =
    [
        new("from", "The first value.", Required: true),
        new("to", "The last value, where a step meets it.", Required: true),
        new("step", "From each value to the next. Default: 1."),
    ];

    public static readonly IReadOnlyList<SpecKey> LogRange =
    [
        new("from", "The first value, above 0.", Required: true),
        new("to", "The greatest value.", Required: true),
        new("count", "How many values, both ends included. Either this or base."),
        new("base", "The factor from each value to the next, e.g. 2. Either this or count."),
    ];

    public static readonly IReadOnlyList<SpecKey> Designs =
    [
        new("one_at_a_time", "A centre, and for each axis its other values with the rest at the centre."),
        new("list", "The points themselves, each a mapping of axes to values."),
        new("random", "Points of the grid drawn without repetition, by the seed."),
        new("latin_hypercube", "Points that cover each axis evenly, by the seed."),
    ];

    /// <summary>Designs that need nothing more than their name.</summary>
    public static readonly IReadOnlyList<SpecKey> PlainDesigns =
    [
        new("grid", "Every combination."),
        new("zip", "The nth values of all axes together; axes of one value stay as they are."),
    ];

    public static readonly IReadOnlyList<SpecKey> OneAtATime =
    [
        new("centre", "A value for each axis that has more than one; it need not be among them.", Required: true),
    ];

    public static readonly IReadOnlyList<SpecKey> Count = [new("count", "How many points.", Required: true)];

    public static readonly IReadOnlyList<SpecKey> Measure =
    [
        new(
            "launches",
            "Fresh worker processes per cell: auto (as many as the target takes), or 1 to 1000, 1 being a quick look. Default: auto."
        ),
        new("max_launches", "With launches: auto, the most per cell, 6 to 48. Default: 48."),
        new("blocks", "Timed blocks per launch, 1 to 10000. Default: 20."),
        new("memory_launches", "Launches that measure peak memory only, 0 to 100. Default: 3."),
        new("target", "Wanted half-width of a ratio's 95% interval. Default: 1%, half the margin of a verdict."),
        new("minimum_sample", "Least wall time of one sample. Default: 1ms."),
        new("warm_up", "How long to warm up in each launch."),
        new("cell_timeout", "A cell that takes longer than this in one launch is given up. Default: 10m."),
        new("canaries", "Measure the device's own rates at both ends of each launch: true or false. Default: true."),
        new("budget", "No cell is started after this long. Default: no bound."),
        new("cell_budget", "Measuring time for one cell over all launches. Default: no bound."),
        new("prune", "End hopeless trainings of quality passes early (successive halving). Default: none."),
    ];

    public static readonly IReadOnlyList<SpecKey> Prune =
    [
        new("rungs", "How often a training is compared with the others of its group, 1 to 10. Default: 3."),
        new("keep", "Share that goes on at each rung, 1% to 90%, also as 1/3. Default: 1/3."),
    ];

    public static readonly IReadOnlyList<SpecKey> Match =
    [
        new("by", "What is to be equal: flops, parameters or time.", Required: true),
        new(
            "adjust",
            "The axis that is chosen: one name, or a mapping of labels to names. Default: d_ff, tokens_ff, gmlp_ff or depth."
        ),
        new(
            "within",
            "How far off the baseline's a variant may be; a cell that is farther off is skipped. Default: 5%."
        ),
        new("chosen", "What a run's pilot chose, for match by time; a run writes it into what it stores."),
    ];

    public static readonly IReadOnlyList<SpecKey> MatchChoice =
    [
        new("variant", "The label.", Required: true),
        new("at", "The point's values.", Required: true),
        new("value", "Of the axis that is adjusted.", Required: true),
        new("ratio", "Expected time, variant to baseline.", Required: true),
    ];

    public static readonly IReadOnlyList<SpecKey> WarmUp =
    [
        new("minimum", "At least this long. Default: 200ms."),
        new("maximum", "At most this long, steady or not. Default: 2s."),
    ];

    public static readonly IReadOnlyList<SpecKey> Controls =
    [
        new("same", "Share of cells of identical code, 0% (off) to 50%. Default: 5%, at least one."),
        new("slower", "Share of cells with extra work, 0% (off) to 50%. Default: 5%, at least one."),
        new("effect", "Their extra work, 0.1% to 100% of the work. Default: 3%."),
    ];

    public static readonly IReadOnlyList<SpecKey> Headline =
    [
        new("name", "What reports call it.", Required: true),
        new("where", "An expression that is true of the points it means. Default: all points."),
        new("variant", "Label of the variant that is compared with the baseline. Default: each."),
    ];

    public static readonly IReadOnlyList<SpecKey> Cluster =
    [
        new("priority", "Sweeps of higher priority get devices first; -1000 to 1000. Default: 0."),
        new("devices_at_most", "Most devices that work for it at once. Default: as many as it gets."),
        new("needs", "Which devices, e.g. kind=cuda,model=H100,memory=40GiB. Default: any."),
        new("failure_budget", "Stop when so many cells have failed, e.g. 20 or 5%. Default: no bound."),
    ];

    public static readonly IReadOnlyList<SpecKey> Limits =
    [
        new("cells", "Most points that the design may have, before conditions. Default: 10000000."),
    ];
}
