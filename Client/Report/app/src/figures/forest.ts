import { choosable, labelOf, pointText, valueOf, type Cell, type Report } from "../data";
import type { Figure } from "../figure";
import { topLegend } from "../legend";
import { all, choice, comparedLabels, filterChoices, filtered } from "../place";
import { logTicks } from "../units";

/** On one page: more rows are no picture. */
const most = 60;
const compared = (report: Report): Cell[] => report.cells.filter((c) => c.sides.some((s) => s.ratio));
/** A cell's place in few letters: the values alone, in the order of the names that stand above them. */
const placeOf = (report: Report, cell: Cell, axes: string[]): string =>
  axes.length === 0 ? pointText(report, cell) : axes.map((a) => valueOf(report, cell, a) || "–").join(" · ");
const verdicts = ["faster", "slower", "equivalent", "inconclusive", "not judged"];
const up = "ratio, least first";
const down = "ratio, greatest first";
const inconclusive = "inconclusive first";

export const forest: Figure = {
  id: "forest",
  title: "Ratios with their intervals",
  about: `Time ÷ the baseline's, with 95% intervals over launches; the band is the margin within which differences do not count. ${most} cells at a time; the CSV has all that are chosen.`,
  comparing: {
    about: `Time in B ÷ time in A, with 95% intervals over launches; the band is the margin within which differences do not count. ${most} cells at a time; the CSV has all that are chosen.`,
  },
  applies: (report) => compared(report).length > 0,
  choices: (report) => [
    choice("variant", "variant", comparedLabels(report, compared(report))),
    choice("order", "order", ["plan", up, down, inconclusive]),
    choice("verdict", "verdict", [all, ...verdicts.filter((v) => compared(report).some((c) => c.sides.some((s) => s.ratio && (s.verdict ?? "not judged") === v)))]),
    ...filterChoices(report, compared(report)),
  ],

  draw(report, chosen, theme, page) {
    const variant = chosen["variant"] ?? comparedLabels(report, compared(report))[0] ?? "";
    const verdict = chosen["verdict"] ?? all;
    const axes = choosable(report, compared(report)).map((a) => a.name);
    const there = filtered(report, compared(report), chosen).flatMap((cell) =>
      cell.sides
        .filter((s) => s.ratio && labelOf(report, s) === variant)
        .map((s) => ({
          place: placeOf(report, cell, axes),
          point: pointText(report, cell),
          cell: cell.id,
          ratio: s.ratio?.[0] ?? NaN,
          low: s.ratio?.[1] ?? null,
          high: s.ratio?.[2] ?? null,
          verdict: s.verdict ?? "not judged",
          tip: `${pointText(report, cell)}\n${variant}: ${s.ratioText ?? ""}\n${s.verdictText ?? ""}`,
        }))
        .filter((r) => r.ratio > 0 && (verdict === all || r.verdict === verdict)),
    );
    const rank: Record<string, (row: (typeof there)[number]) => number> = {
      [up]: (r) => r.ratio,
      [down]: (r) => -r.ratio,
      [inconclusive]: (r) => (r.verdict === "inconclusive" ? 0 : 1),
    };
    const by = rank[chosen["order"] ?? ""];
    const sorted = by === undefined ? there : [...there].sort((a, b) => by(a) - by(b));
    const first = page * most;
    // Two cells of one point (two devices, a control twice) are rows of their own.
    const seen = new Map<string, number>();
    const rows = sorted.slice(first, first + most).map((r) => {
      const times = (seen.get(r.place) ?? 0) + 1;
      seen.set(r.place, times);
      return { ...r, row: times === 1 ? r.place : `${r.place} (${times})` };
    });
    if (rows.length === 0) {
      return null;
    }
    const y = {
      field: "row",
      type: "ordinal",
      sort: rows.map((r) => r.row),
      title: null,
      axis: { grid: true },
    };
    const ends = rows.flatMap((r) => [r.ratio, r.low, r.high]).filter((v): v is number => v !== null && v > 0);
    // The same in every layer: layers that differ in a scale or a title are a warning, or a title of many names.
    const x = (field: string): object => ({
      field,
      type: "quantitative",
      title: report.comparison ? "time in B ÷ in A" : "time ÷ baseline's",
      scale: {
        type: "log",
        nice: false,
        padding: 12,
        domain: [Math.min(...ends, 1 / (1 + report.margin)), Math.max(...ends, 1 + report.margin)],
      },
      axis: { format: ".3~g", labelOverlap: true, values: logTicks([...ends, 1 / (1 + report.margin), 1 + report.margin]) },
    });
    const shown = verdicts.filter((v) => there.some((r) => r.verdict === v));
    return {
      rows: sorted.map(({ tip: _, place: __, ...row }) => row),
      pages: { first: first + 1, last: first + rows.length, all: sorted.length },
      says: `Ratios of ${variant} with intervals, ${rows.length} of ${sorted.length} cells.`,
      spec: {
        title: { text: axes.join(" · "), anchor: "start", fontSize: 12, fontWeight: 500, offset: 6 },
        data: { values: rows },
        height: 20 * rows.length,
        layer: [
          {
            data: { values: [{ from: 1 / (1 + report.margin), to: 1 + report.margin }] },
            mark: { type: "rect", color: theme.quiet, opacity: 0.18 },
            encoding: { x: x("from"), x2: { field: "to" } },
          },
          {
            data: { values: [{ at: 1 }] },
            mark: { type: "rule", color: theme.quiet },
            encoding: { x: x("at") },
          },
          {
            transform: [{ filter: "datum.low !== null && datum.high !== null" }],
            mark: { type: "rule", strokeWidth: 2, color: theme.text },
            encoding: { y, x: x("low"), x2: { field: "high" } },
          },
          {
            mark: { type: "point", filled: true, size: 70, opacity: 1 },
            encoding: {
              y,
              x: x("ratio"),
              color: {
                field: "verdict",
                type: "nominal",
                scale: { domain: verdicts, range: [theme.faster, theme.slower, theme.categories[2], theme.quiet, theme.quiet] },
                legend: { ...topLegend(shown), values: shown },
              },
              shape: {
                field: "verdict",
                type: "nominal",
                scale: { domain: verdicts, range: ["triangle-left", "triangle-right", "square", "circle", "diamond"] },
              },
              tooltip: { field: "tip" },
            },
          },
        ],
      },
    };
  },
};
