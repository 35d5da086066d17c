import { labelOf, pointText, type Cell, type Report, type Series } from "../data";
import type { Figure } from "../figure";
import { topLegend } from "../legend";
import { cellsAt, choice, placeChoices, placeText, real } from "../place";

const curve = "interaction";

interface Learnt {
  cell: Cell;
  variant: string;
  best: boolean;
  series: Series;
}

const learnt = (report: Report): Learnt[] =>
  real(report).flatMap((cell) => [
    ...cell.sides.flatMap((s) => (s.training ? [{ cell, variant: labelOf(report, s), best: s.training.best, series: s.training.series }] : [])),
    ...(cell.curves ?? []).flatMap((c) => {
      const side = cell.sides[c.side];
      return side ? [{ cell, variant: labelOf(report, side), best: true, series: c.series }] : [];
    }),
  ]);

const names = (report: Report): string[] => [...new Set(learnt(report).flatMap((l) => Object.keys(l.series)))].filter((n) => n !== curve);
const rates = "learning_rate";
const trial = "trial";

export const learning: Figure = {
  id: "learning",
  title: "Learning curves",
  about: "Every trial of each variant, at its best learning rate or at all of them.",
  applies: (report) => names(report).length > 0,

  choices: (report) => [
    choice("series", "shows", names(report)),
    choice("rates", "learning rates", report.axes.some((a) => a.name === rates && a.varies) ? ["the best", "all"] : ["all"]),
    ...placeChoices(report, [rates, trial], learnt(report).map((l) => l.cell)),
  ],

  draw(report, chosen) {
    const name = chosen["series"] ?? names(report)[0] ?? "";
    const there = new Set(cellsAt(report, report.cells, chosen));
    const rows = learnt(report)
      .filter((l) => there.has(l.cell) && (chosen["rates"] !== "the best" || l.best))
      .flatMap((l) =>
        (l.series[name] ?? []).map(([x, y]) => ({
          step: x,
          value: y,
          variant: l.variant,
          cell: l.cell.id,
          tip: `${l.variant} at ${pointText(report, l.cell)}\n${name} ${y} at ${x}`,
        })),
      );
    if (rows.length === 0) {
      return null;
    }
    const encoding = {
      x: { field: "step", type: "quantitative", title: "steps, or epochs", scale: { nice: false } },
      y: { field: "value", type: "quantitative", title: name, scale: { zero: false } },
      color: { field: "variant", type: "nominal", legend: topLegend([...new Set(rows.map((r) => r.variant))]) },
      detail: { field: "cell" },
    };
    return {
      rows: rows.map(({ tip: _, ...row }) => row),
      says: `${name} over training steps${placeText(chosen) === "" ? "" : ` at ${placeText(chosen)}`}, ${new Set(rows.map((r) => r.variant)).size} variants.`,
      spec: {
        data: { values: rows },
        height: 300,
        layer: [
          { mark: { type: "line", opacity: 0.85 }, encoding },
          { mark: { type: "point", filled: true, size: 22 }, encoding: { ...encoding, tooltip: { field: "tip" } } },
        ],
      },
    };
  },
};
