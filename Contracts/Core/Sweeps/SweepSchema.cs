using System.Text.Json;
using System.Text.Json.Nodes;
using Layerbench.Core.Catalog;
using Layerbench.Core.Engines;
using Layerbench.Core.Statistics;
using Layerbench.Core.Sweeps.Matching;
using static Layerbench.Core.Sweeps.SchemaParts;

namespace Layerbench.Core.Sweeps;

/// <summary>
/// The sweep file's JSON schema (draft 2020-12), for editors: keys from <see cref="SweepKeys"/>, names from the
/// catalogue. It is looser than <see cref="SweepBinder"/>: it cannot see from one key to another.
/// </summary>
public static class SweepSchema
{
    public const string NamePattern = "^[A-Za-z0-9._-]{1,64}$";
    public const string AxisPattern = "^[a-z][a-z0-9_]{0,63}$";
    private const string DevicePattern = "^(auto|cpu|cpu:[0-9,-]+|cuda|cuda:([0-9]+|\\*)|simulated|simulated:[0-9]+)$";

    private const string NeedsPattern =
        "^ *(kind *= *(cpu|cuda|simulated)|model *=[^,]+|memory *=[^,]+) *(, *(kind *= *(cpu|cuda|simulated)|model *=[^,]+|memory *=[^,]+) *)*$";

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(VariantCatalog catalog)
    {
        var root = Table(SweepKeys.Root, key => Root(key, catalog));
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "layerbench sweep",
            ["description"] = "Variants, the points they are compared at, and how they are measured.",
        };
        foreach (var (key, value) in root.ToArray())
        {
            root.Remove(key);
            schema[key] = value;
        }

        return schema.ToJsonString(Indented);
    }

    private static JsonObject Root(string key, VariantCatalog catalog) =>
        key switch
        {
            "name" => new() { ["type"] = "string", ["pattern"] = NamePattern },
            "question" => new()
            {
                ["type"] = "string",
                ["minLength"] = 1,
                ["maxLength"] = 1000,
            },
            "variants" => OneOrList(Variant(catalog), VariantBinder.MostVariants),
            "plugins" => OneOrList(Either(Text(), Table(SweepKeys.PlugIn, _ => Text()))),
            "baseline" => Text(),
            "pass" => OneOrList(Names(catalog.Passes.Select(p => p.Name))),
            "backend" => OneOrList(Names(["auto", .. catalog.Backends.Select(b => b.Backend)])),
            "dtype" => OneOrList(Names(catalog.Backends.SelectMany(b => b.Dtypes).Distinct(StringComparer.Ordinal))),
            "threads" => OneOrList(Either(Integer(1, ChoiceBinder.MostThreads), Names(["all"]))),
            "axes" => Axes(catalog),
            "where" => OneOrList(Expression()),
            "exclude" => OneOrList(Either(Expression(), Point(listed: true))),
            "design" => Design(),
            "match" => Either(Names(MatchBinder.Ways), Table(SweepKeys.Match, Match)),
            "measure" => Table(SweepKeys.Measure, Measure),
            "devices" => OneOrList(new() { ["type"] = "string", ["pattern"] = DevicePattern }),
            "cluster" => Table(SweepKeys.Cluster, Cluster),
            "seed" => new() { ["type"] = "integer", ["minimum"] = 0 },
            "controls" => Table(
                SweepKeys.Controls,
                key => key == "effect" ? Share(ControlBinder.LeastEffect, 1) : Share(0, ControlBinder.LargestShare)
            ),
            "headline" => OneOrList(Table(SweepKeys.Headline, Headline), HeadlineBinder.Most),
            "limits" => Table(SweepKeys.Limits, _ => Integer(1, null)),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static JsonObject Variant(VariantCatalog catalog)
    {
        var names = Names(catalog.Variants.Select(v => v.Name));
        return Either(
            names,
            Table(
                SweepKeys.Variant,
                key =>
                    key switch
                    {
                        "variant" => (JsonObject)names.DeepClone(),
                        "label" => new()
                        {
                            ["type"] = "string",
                            ["minLength"] = 1,
                            ["maxLength"] = VariantBinder.LongestLabel,
                        },
                        "with" => Mapping(Either(Value(), Expression())),
                        _ => throw new System.Diagnostics.UnreachableException(),
                    }
            )
        );
    }

    private static JsonObject Headline(string key) =>
        key == "where" ? Expression() : new() { ["type"] = "string", ["minLength"] = 1 };

    private static JsonObject Axes(VariantCatalog catalog)
    {
        var axis = new JsonObject
        {
            ["anyOf"] = new JsonArray(
                Value(),
                new JsonObject
                {
                    ["type"] = "array",
                    ["minItems"] = 1,
                    ["uniqueItems"] = true,
                    ["items"] = Value(),
                },
                Forms()
            ),
        };
        var schema = Mapping(axis);
        var known = new JsonObject();
        var infos = catalog
            .Variants.SelectMany(v => v.Axes)
            .Concat(catalog.Passes.SelectMany(p => p.Axes))
            .DistinctBy(a => a.Name);
        foreach (var info in infos.OrderBy(a => a.Name, StringComparer.Ordinal))
        {
            var described = (JsonObject)axis.DeepClone();
            var byDefault = info.Default is null ? "" : $" Default: {info.Default}.";
            described["description"] = $"{info.Summary} ({ParameterSet.Rule(info)}).{byDefault}";
            known[info.Name] = described;
        }

        schema["properties"] = known;
        return schema;
    }

    private static JsonObject Forms()
    {
        var forms = Table(
            SweepKeys.AxisForms,
            form =>
                form switch
                {
                    "range" => Table(SweepKeys.Range, _ => new() { ["type"] = "number" }),
                    "log_range" => Table(
                        SweepKeys.LogRange,
                        key => key == "count" ? Integer(2, AxisBinder.MostValues) : new() { ["type"] = "number" }
                    ),
                    _ => throw new System.Diagnostics.UnreachableException(),
                }
        );
        forms["minProperties"] = 1;
        forms["maxProperties"] = 1;
        return forms;
    }

    private static JsonObject Design()
    {
        var forms = Table(
            SweepKeys.Designs,
            key =>
                key switch
                {
                    "one_at_a_time" => Table(SweepKeys.OneAtATime, _ => Point(listed: false)),
                    "list" => new()
                    {
                        ["type"] = "array",
                        ["minItems"] = 1,
                        ["items"] = Point(listed: false),
                    },
                    _ => Table(SweepKeys.Count, _ => Integer(1, null)),
                }
        );
        forms["minProperties"] = 1;
        forms["maxProperties"] = 1;
        return Either(Names(SweepKeys.PlainDesigns.Select(d => d.Name)), forms);
    }

    private static JsonObject Measure(string key) =>
        key switch
        {
            "launches" => Either(Integer(1, 1000), Names(["auto"])),
            "max_launches" => Integer(Looks.At[0], Looks.At[^1]),
            "blocks" => Integer(1, 10_000),
            "memory_launches" => Integer(0, 100),
            "canaries" => new() { ["type"] = "boolean" },
            "target" => Share(0.0001, 0.5),
            "prune" => Table(
                SweepKeys.Prune,
                k =>
                    k == "rungs"
                        ? Integer(1, PruneBinder.MostRungs)
                        : Either(
                            Share(PruneBinder.LeastKept, PruneBinder.MostKept),
                            new() { ["type"] = "string", ["pattern"] = "^[0-9]+/[0-9]+$" }
                        )
            ),
            "warm_up" => Table(SweepKeys.WarmUp, _ => Time()),
            "minimum_sample" or "cell_timeout" or "budget" or "cell_budget" => Time(),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static JsonObject Cluster(string key) =>
        key switch
        {
            "priority" => Integer(-SweepSubmission.HighestPriority, SweepSubmission.HighestPriority),
            "devices_at_most" => Integer(1, ClusterBinder.MostDevices),
            "needs" => new() { ["type"] = "string", ["pattern"] = NeedsPattern },
            "failure_budget" => Either(
                Integer(1, null),
                new() { ["type"] = "string", ["pattern"] = "^ *[0-9]+(\\.[0-9]+)? *%? *$" }
            ),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static JsonObject Match(string key) =>
        key switch
        {
            "by" => Names(MatchBinder.Ways),
            "adjust" => Either(
                Text(),
                new()
                {
                    ["type"] = "object",
                    ["patternProperties"] = new JsonObject { ["^"] = Text() },
                    ["additionalProperties"] = false,
                }
            ),
            "within" => Share(MatchBinder.LeastWithin, 1),
            "chosen" => new() { ["type"] = "array" },
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}
