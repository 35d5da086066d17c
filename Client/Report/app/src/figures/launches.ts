import { labelOf, median, pointText, type Report } from "../data";
import type { Figure } from "../figure";
import { topLegend } from "../legend";
import { sample } from "../sample";
import { logTicks } from "../units";

interface Row {
  minutes: number;
  relative: number;
  what: string;
  tip: string;
}

/** Each launch's median ÷ the median of its cell's launches. */
const launchRows = (report: Report): Row[] =>
  report.cells.flatMap((cell) =>
    cell.sides.flatMap((side, at) => {
      const medians = (cell.launches ?? []).map((l) => (report.detail === "quartiles" ? (l[5][at]?.[2] ?? NaN) : median(l[5][at] ?? [])));
      const whole = median(medians.filter(Number.isFinite));
      return (cell.launches ?? [])
        .map((l, i) => ({
          minutes: l[1] / 60,
          relative: (medians[i] ?? NaN) / whole,
          what: labelOf(report, side),
          tip: `launch ${l[0] + 1} of ${pointText(report, cell)}\n${labelOf(report, side)}: ${((medians[i] ?? NaN) / whole).toFixed(3)} of the cell's median${l[2] === 1 ? "" : "\nno steady state"}${l[3] > 0 ? `\n${l[3]} samples set aside` : ""}`,
        }))
        .filter((r) => Number.isFinite(r.relative));
    }),
  );

function canaryRows(report: Report): Row[] {
  const kinds = [
    ["gemm", "canary: product of matrices"],
    ["triad", "canary: triad"],
  ] as const;
  return kinds.flatMap(([key, what]) => {
    const groups = new Map<string, typeof report.canaries>();
    for (const canary of report.canaries) {
      const name = `${canary.device}\n${canary.fingerprint}`;
      groups.set(name, [...(groups.get(name) ?? []), canary]);
    }
    return [...groups.values()].flatMap((canaries) => {
      const whole = median(canaries.map((c) => c[key]).filter((v): v is number => v !== null && v > 0));
      return canaries.flatMap((c): Row[] => {
        const rate = c[key];
        // As a time: what makes the machine slower stands above 1, like the launches.
        return rate !== null && rate > 0
          ? [{ minutes: c.at / 60, relative: whole / rate, what, tip: `${what} on ${c.device}\n${(whole / rate).toFixed(3)} of its median time` }]
          : [];
      });
    });
  });
}

export const launches: Figure = {
  id: "launches",
  title: "Launches and drift over the run",
  about: "Each launch's median ÷ the median of its cell, in the order in which they ran, with the machine's canaries as times: a trend here is the machine's, not a variant's.",
  applies: (report) => report.cells.some((c) => (c.launches?.length ?? 0) > 1),
  choices: () => [],

  draw(report, _chosen, theme) {
    const all = launchRows(report);
    const rows = sample(all);
    const canaries = canaryRows(report);
    if (rows.length === 0) {
      return null;
    }
    const kinds = [...new Set([...rows, ...canaries].map((r) => r.what))];
    const values = [...rows, ...canaries].map((r) => r.relative);
    // Logarithmic: one launch that took seven times as long is not to press the others flat.
    const y = {
      type: "quantitative",
      title: "time ÷ its median",
      scale: { type: "log", nice: false, padding: 8, domain: [Math.min(...values, 0.98), Math.max(...values, 1.02)] },
      axis: { format: ".3~g", values: logTicks([...values, 0.98, 1.02]) },
    };
    const encoding = {
      x: { field: "minutes", type: "quantitative", title: "minutes since the first launch", scale: { nice: false }, axis: { tickCount: 10, labelOverlap: true } },
      y: { ...y, field: "relative" },
      color: { field: "what", type: "nominal", scale: { domain: kinds }, legend: topLegend(kinds) },
      tooltip: { field: "tip" },
    };
    return {
      rows: [...all, ...canaries].map(({ tip: _, ...row }) => row),
      sample: { drawn: rows.length, all: all.length },
      says: `${rows.length} of ${all.length} launches over ${Math.max(...rows.map((r) => r.minutes)).toFixed(0)} minutes, with ${canaries.length} canaries.`,
      spec: {
        height: 260,
        layer: [
          { data: { values: [{ at: 1 }] }, mark: { type: "rule", color: theme.quiet }, encoding: { y: { ...y, field: "at" } } },
          { data: { values: rows }, mark: { type: "circle", size: 24, opacity: 0.55 }, encoding },
          ...(canaries.length === 0
            ? []
            : [{ data: { values: canaries }, mark: { type: "line", point: { size: 20 }, strokeWidth: 1.5, opacity: 0.8 }, encoding }]),
        ],
      },
    };
  },
};
