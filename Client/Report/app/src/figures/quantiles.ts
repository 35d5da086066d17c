import { pointText, type Report } from "../data";
import type { Figure } from "../figure";

/** Log ratios of launches of identical code, in percent. */
const differences = (report: Report): { percent: number; tip: string }[] =>
  report.cells
    .filter((c) => c.control === "same")
    .flatMap((cell) =>
      (cell.launches ?? []).flatMap((l) => {
        const ratio = l[4].find((r) => r !== null);
        return ratio !== undefined && ratio !== null && ratio > 0
          ? [{ percent: 100 * Math.log(ratio), tip: `launch ${l[0] + 1} of ${pointText(report, cell)}\n${(100 * Math.log(ratio)).toFixed(2)}%` }]
          : [];
      }),
    );

/** Quantile of the standard normal distribution, to 4.5e-4: Abramowitz and Stegun 1964, 26.2.23. */
function normal(p: number): number {
  const t = Math.sqrt(-2 * Math.log(Math.min(p, 1 - p)));
  const x = t - (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t);
  return p < 0.5 ? -x : x;
}

export const quantiles: Figure = {
  id: "quantiles",
  title: "Identical code against itself",
  about: "Launches of the A/A controls: their differences by quantile of the normal distribution. About a straight line through 0, the tests' assumptions hold; a shift from 0 would be a bias.",
  applies: (report) => differences(report).length >= 3,
  choices: () => [],

  draw(report, _chosen, theme) {
    const sorted = differences(report).sort((a, b) => a.percent - b.percent);
    const rows = sorted.map((r, i) => ({ ...r, quantile: normal((i + 0.5) / sorted.length) }));
    const at = (p: number): number => sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))]?.percent ?? 0;
    // Through the quartiles, as in R's qqline: the tails do not pull it.
    const slope = (at(0.75) - at(0.25)) / (2 * 0.6745);
    const middle = (at(0.75) + at(0.25)) / 2;
    const ends = [rows[0], rows.at(-1)].map((r) => ({ quantile: r?.quantile ?? 0, percent: middle + slope * (r?.quantile ?? 0) }));
    const encoding = {
      x: { field: "quantile", type: "quantitative", title: "normal quantile" },
      y: { field: "percent", type: "quantitative", title: "difference [%]" },
    };
    return {
      rows: rows.map(({ tip: _, ...row }) => row),
      says: `Quantile plot of ${rows.length} launches of identical code, centred at ${middle.toFixed(2)}%.`,
      spec: {
        height: 260,
        layer: [
          { data: { values: [{ at: 0 }] }, mark: { type: "rule", color: theme.quiet }, encoding: { y: { ...encoding.y, field: "at" } } },
          { data: { values: ends }, mark: { type: "line", color: theme.quiet, strokeDash: [4, 3] }, encoding },
          { data: { values: rows }, mark: { type: "point", filled: true, size: 45, opacity: 0.8 }, encoding: { ...encoding, tooltip: { field: "tip" } } },
        ],
      },
    };
  },
};
