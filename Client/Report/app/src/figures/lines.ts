import { choosable, labelOf, pointText, valueOf, type Axis, type Cell, type Report, type Side, type Triple } from "../data";
import type { Chosen, Figure } from "../figure";
import { topLegend } from "../legend";
import { cellsAt, choice, column, placeChoices, placeColumns, placeText, real } from "../place";
import { bytesAxis, logTicks, secondsAxis } from "../units";

/** What lines show; in a CSV its name says the unit. */
const metrics: Record<string, { of: (s: Side) => Triple | undefined; name: string; title: string; axis: (values: number[]) => object }> = {
  time: { of: (s) => s.time, name: "seconds", title: "time of one iteration", axis: (values) => ({ ...secondsAxis, values: logTicks(values) }) },
  "peak memory": { of: (s) => s.memory, name: "bytes", title: "peak memory", axis: (values) => bytesAxis(values, "log") },
  ratio: { of: (s) => s.ratio, name: "ratio", title: "time ÷ baseline's", axis: (values) => ({ format: ".3~g", values: logTicks(values) }) },
};

const usable = (report: Report, metric: string): Cell[] =>
  real(report).filter((c) => c.sides.some((s) => metrics[metric]?.of(s)));
const numeric = (report: Report, metric: string): Axis[] => choosable(report, usable(report, metric)).filter((a) => a.numbers);
const present = (report: Report): string[] => Object.keys(metrics).filter((m) => numeric(report, m).length > 0);

/** Read the way a reader has chosen, or the way that shows most. */
function setting(report: Report, chosen: Chosen): { axis: string; metric: string } {
  const metric = chosen["metric"] ?? present(report)[0] ?? "time";
  const axes = numeric(report, metric);
  const widest = [...axes].sort((a, b) => b.values.length - a.values.length)[0];
  return { axis: (axes.find((a) => a.name === chosen["axis"]) ?? widest)?.name ?? "", metric };
}

export const lines: Figure = {
  id: "lines",
  title: "Along an axis",
  about: "Each variant along one axis, both logarithmic, with 95% intervals as bands; where one variant passes another is marked with its interval.",
  applies: (report) => present(report).length > 0,

  choices(report, chosen) {
    const { axis, metric } = setting(report, chosen);
    return [
      choice("axis", "axis", numeric(report, metric).map((a) => a.name), axis),
      choice("metric", "shows", present(report), metric),
      ...placeChoices(report, [axis], usable(report, metric)),
    ];
  },

  draw(report, chosen, theme) {
    const { axis, metric } = setting(report, chosen);
    const of = metrics[metric];
    const rows = cellsAt(report, usable(report, metric), chosen).flatMap((cell) =>
      cell.sides.flatMap((s) => {
        const triple = of?.of(s);
        const x = Number(valueOf(report, cell, axis));
        return triple && triple[0] > 0 && x > 0
          ? [
              {
                x,
                cell,
                variant: labelOf(report, s),
                value: triple[0],
                low: triple[1],
                high: triple[2],
                tip: `${pointText(report, cell)}\n${labelOf(report, s)}: ${metric === "time" ? s.timeText : metric === "ratio" ? s.ratioText : s.memoryText}`,
              },
            ]
          : [];
      }),
    );
    if (rows.length === 0 || of === undefined) {
      return null;
    }
    const here = report.crossovers.filter(
      (c) =>
        metric !== "peak memory" &&
        c.axis === axis &&
        c.at !== null &&
        Object.entries(c.place).every(([name, value]) => (chosen[`at-${name}`] ?? value) === value),
    );
    const ends = rows.flatMap((r) => [r.value, r.low, r.high]).filter((v): v is number => v !== null && v > 0);
    const xs = [...new Set(rows.map((r) => r.x))].sort((a, b) => a - b);
    // The same in every layer: layers that differ in a scale or a title are a warning, or a title of many names.
    const x = (field: string): object => ({
      field,
      type: "quantitative",
      title: axis,
      scale: { type: "log", nice: false, domain: xs.length > 1 ? [xs[0], xs.at(-1)] : [(xs[0] ?? 1) / 2, (xs[0] ?? 1) * 2], padding: 10 },
      axis: { values: xs, format: "~g", labelOverlap: true },
    });
    const y = (field: string): object => ({
      field,
      type: "quantitative",
      title: report.comparison ? "time in B ÷ in A" : of.title,
      scale: { type: "log", nice: false, padding: 12, domain: [Math.min(...ends), Math.max(...ends)] },
      axis: { ...of.axis(ends), labelOverlap: true },
    });
    const legend = topLegend([...new Set(rows.map((r) => r.variant))]);
    const colour = { field: "variant", type: "nominal", legend };
    return {
      rows: rows.map(({ cell, ...row }) => ({
        variant: row.variant,
        ...(metric === "ratio" ? { baseline: report.labels[cell.baseline] ?? "A" } : {}),
        ...placeColumns(report, cell, chosen),
        [column(axis)]: row.x,
        [of.name]: row.value,
        low: row.low,
        high: row.high,
      })),
      says: `${metric} along ${axis}${placeText(chosen) === "" ? "" : ` at ${placeText(chosen)}`}, ${new Set(rows.map((r) => r.variant)).size} variants at ${xs.length} values. ${here.map((c) => c.text).join("; ")}`,
      spec: {
        data: { values: rows.map(({ cell: _, ...row }) => row) },
        height: 300,
        layer: [
          // Only with something in it: an empty layer has no extent, which is a warning.
          ...(here.some((c) => c.low !== null && c.high !== null)
            ? [
                {
                  data: { values: here.filter((c) => c.low !== null && c.high !== null).map((c) => ({ low: c.low, high: c.high, tip: c.text })) },
                  mark: { type: "rect", color: theme.quiet, opacity: 0.15, clip: true },
                  encoding: { x: x("low"), x2: { field: "high" }, tooltip: { field: "tip" } },
                },
              ]
            : []),
          ...(here.length > 0
            ? [
                {
                  data: { values: here.map((c) => ({ at: c.at, tip: c.text })) },
                  mark: { type: "rule", color: theme.text, strokeDash: [4, 4], clip: true },
                  encoding: { x: x("at"), tooltip: { field: "tip" } },
                },
              ]
            : []),
          ...(rows.some((r) => r.low !== null && r.high !== null)
            ? [
                {
                  transform: [{ filter: "datum.low > 0 && datum.high > 0" }],
                  mark: { type: "area", opacity: 0.2 },
                  encoding: { x: x("x"), y: y("low"), y2: { field: "high" }, color: colour },
                },
              ]
            : []),
          { mark: { type: "line" }, encoding: { x: x("x"), y: y("value"), color: colour } },
          {
            mark: { type: "point", filled: true, size: 55, opacity: 1 },
            encoding: {
              x: x("x"),
              y: y("value"),
              color: colour,
              shape: { field: "variant", type: "nominal", legend },
              tooltip: { field: "tip" },
            },
          },
        ],
      },
    };
  },
};
