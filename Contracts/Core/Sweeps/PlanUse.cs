using Layerbench.Core.Catalog;
using Layerbench.Core.Scheduling;
using Layerbench.Core.Sweeps.Matching;

namespace Layerbench.Core.Sweeps;

/// <summary>One variant under one pass: where each parameter comes from, what must hold, what it costs.</summary>
internal sealed class PlanUse
{
    private readonly VariantSpec variant;
    private readonly (AxisInfo Info, Expression? With)[] parameters;
    private readonly string[] names;
    private readonly (Expression Holds, string Reason)[] constraints;
    private readonly Expression flops;
    private readonly Expression bytes;
    private readonly Expression flopsFactor;
    private readonly Expression memoryFactor;
    private readonly Expression parameterCount;
    private readonly StepWork? step;
    private readonly MatchedAxis? matched;

    /// <exception cref="ExpressionException">The catalogue has an expression that cannot be read.</exception>
    public PlanUse(VariantSpec variant, VariantInfo info, PassInfo pass)
    {
        this.variant = variant;
        parameters =
        [
            .. info
                .Axes.Concat(pass.Axes)
                .DistinctBy(a => a.Name)
                .OrderBy(a => a.Name, StringComparer.Ordinal)
                .Select(a => (a, variant.With.GetValueOrDefault(a.Name))),
        ];
        names = [.. parameters.Select(p => p.Info.Name)];
        constraints = [.. info.Constraints.Select(c => (Expression.Parse(c.Expression), c.Reason))];
        flops = Expression.Parse(info.ForwardFlops);
        bytes = Expression.Parse(info.ForwardBytes);
        flopsFactor = Expression.Parse(pass.FlopsFactor);
        memoryFactor = Expression.Parse(pass.MemoryFactor);
        parameterCount = Expression.Parse(info.Parameters);
        step = StepWork.Of(pass);
    }

    /// <summary>The same with one axis chosen at each point.</summary>
    /// <exception cref="ArgumentException">The variant has no such axis.</exception>
    public PlanUse(PlanUse plain, MatchSpec match, string axis, PlanUse baseline)
    {
        (variant, parameters, names, constraints) = (plain.variant, plain.parameters, plain.names, plain.constraints);
        (flops, bytes, parameterCount) = (plain.flops, plain.bytes, plain.parameterCount);
        (flopsFactor, memoryFactor, step) = (plain.flopsFactor, plain.memoryFactor, plain.step);
        var info = parameters.FirstOrDefault(p => string.Equals(p.Info.Name, axis, StringComparison.Ordinal)).Info;
        matched = new(
            match,
            info ?? throw new ArgumentException($"{plain.Label} takes no '{axis}'.", nameof(axis)),
            plain,
            baseline
        );
    }

    public string Label => variant.Label;

    /// <summary>The variant with every parameter that can be computed at the point; what cannot is left out.</summary>
    public VariantUse At(Func<string, AxisValue?> point)
    {
        point = Seen(point, out var choice);
        var values = new AxisValue[parameters.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Value(parameters[i].Info, parameters[i].With, point, out _) ?? default;
        }

        return new(variant.Label, variant.Variant, new ParameterTable(names, values))
        {
            Matched = choice is { Value: { } value } ? new(matched!.By, choice.Axis, value, choice.Ratio) : null,
        };
    }

    /// <summary>Why the variant cannot run at this point, or null.</summary>
    public string? Refusal(Func<string, AxisValue?> point)
    {
        point = Seen(point, out var choice);
        if (choice?.Failure is { } unmatched)
        {
            return $"{variant.Label}: {unmatched}";
        }

        foreach (var (info, with) in parameters)
        {
            if (Value(info, with, point, out var failure) is not { } value)
            {
                return $"{variant.Label}: {info.Name}: {failure}";
            }

            if (ParameterSet.Problem(info, variant.Label, value) is { } problem)
            {
                return $"{info.Name}: {problem}";
            }
        }

        var lookup = Lookup(point);
        try
        {
            foreach (var (holds, reason) in constraints)
            {
                if (!holds.Truth(lookup))
                {
                    return $"{variant.Label}: {reason} ({holds.Text})";
                }
            }

            Cost(lookup);
            return null;
        }
        catch (ExpressionException e)
        {
            return $"{variant.Label}: {e.Message}";
        }
    }

    /// <summary>Of one iteration; bytes as the catalogue has them, at 4 bytes an element.</summary>
    /// <exception cref="ExpressionException">It cannot be computed at this point.</exception>
    public CellCost CostAt(Func<string, AxisValue?> point) => Cost(Lookup(Seen(point, out _)));

    /// <summary>What is chosen for this variant at the point; null where nothing is.</summary>
    public Matched? MatchAt(Func<string, AxisValue?> point) => matched?.At(point);

    /// <summary>Whether the matched variant can run at the point with this value of its axis.</summary>
    public bool Allows(Func<string, AxisValue?> point, long value) => matched?.Allows(point, value) == true;

    /// <summary>FLOPs of one iteration, or trainable parameters. For a match by time, FLOPs: they stand in until a pilot has run.</summary>
    /// <exception cref="ExpressionException">It cannot be computed at this point.</exception>
    public double Work(MatchBy by, Func<string, AxisValue?> point)
    {
        var lookup = Lookup(point);
        return by == MatchBy.Parameters
            ? parameterCount.Number(lookup)
            : flops.Number(lookup) * flopsFactor.Number(lookup);
    }

    /// <summary>Whether the variant's constraints hold at the point.</summary>
    /// <exception cref="ExpressionException">One cannot be computed there.</exception>
    public bool Holds(Func<string, AxisValue?> point)
    {
        var lookup = Lookup(point);
        return constraints.All(c => c.Holds.Truth(lookup));
    }

    /// <summary>The point as this variant sees it: with the chosen value of the axis that is adjusted.</summary>
    private Func<string, AxisValue?> Seen(Func<string, AxisValue?> point, out Matched? choice)
    {
        if ((choice = MatchAt(point)) is not { } made)
        {
            return point;
        }

        AxisValue? value = made.Value is { } n ? AxisValue.Of(n) : null;
        return name => string.Equals(name, made.Axis, StringComparison.Ordinal) ? value : point(name);
    }

    private CellCost Cost(Func<string, AxisValue?> lookup)
    {
        var factor = flopsFactor.Number(lookup);
        var forwardBytes = bytes.Number(lookup);
        // A pass moves the forward pass's bytes about as many times more as it does its FLOPs: each product is one pass
        // over its operands.
        var cost = new CellCost(
            flops.Number(lookup) * factor,
            forwardBytes * factor,
            forwardBytes * memoryFactor.Number(lookup)
        );
        return step?.AddTo(cost, lookup) ?? cost;
    }

    /// <summary>The variant's own parameters, and behind them the point.</summary>
    private Func<string, AxisValue?> Lookup(Func<string, AxisValue?> point) =>
        name =>
        {
            foreach (var (info, with) in parameters)
            {
                if (string.Equals(info.Name, name, StringComparison.Ordinal))
                {
                    return with is null ? point(name) : with.Evaluate(point);
                }
            }

            return point(name);
        };

    private static AxisValue? Value(AxisInfo info, Expression? with, Func<string, AxisValue?> point, out string failure)
    {
        failure = "";
        if (with is null)
        {
            var value = point(info.Name);
            failure = value is null ? "has no value here" : "";
            return value;
        }

        try
        {
            return with.Evaluate(point);
        }
        catch (ExpressionException e)
        {
            failure = e.Message;
            return null;
        }
    }
}
