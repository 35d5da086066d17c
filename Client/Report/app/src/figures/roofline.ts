import { labelOf, pointText, type Report } from "../data";
import type { Figure } from "../figure";
import { topLegend } from "../legend";
import { real } from "../place";
import { sample } from "../sample";
import { logTicks } from "../units";

const points = (report: Report) =>
  real(report).flatMap((cell) =>
    cell.sides.flatMap((s) =>
      s.time && s.time[0] > 0 && (s.flops ?? 0) > 0 && (s.bytes ?? 0) > 0
        ? [
            {
              intensity: (s.flops ?? 0) / (s.bytes ?? 1),
              rate: (s.flops ?? 0) / s.time[0],
              variant: labelOf(report, s),
              share: s.roof ?? null,
              tip: `${pointText(report, cell)}\n${labelOf(report, s)}: ${s.timeText ?? ""}${s.roof === undefined ? "" : `\n${(100 * s.roof).toFixed(0)}% of the roof`}`,
            },
          ]
        : [],
    ),
  );

export const roofline: Figure = {
  id: "roofline",
  title: "Roofline",
  about: "FLOPs per second over FLOPs per byte (analytic, unfused), below what the device was measured to be able to: the canaries' peaks in float32. Data that fits in a cache can pass the slope.",
  applies: (report) => points(report).length > 0,
  choices: () => [],

  draw(report, _chosen, theme) {
    const all = points(report);
    const rows = sample(all);
    if (rows.length === 0) {
      return null;
    }
    const low = Math.min(...rows.map((r) => r.intensity)) / 1.5;
    const high = Math.max(...rows.map((r) => r.intensity)) * 1.5;
    const roofs = report.peaks.flatMap((p) => {
      if (p.flops === null) {
        return [];
      }
      const ridge = p.bytes === null ? low : p.flops / p.bytes;
      return [low, ridge, high]
        .filter((at) => at >= low && at <= high)
        .map((at) => ({ fingerprint: p.fingerprint, at, roof: Math.min(p.flops ?? 0, p.bytes === null ? Infinity : at * p.bytes) }));
    });
    // The same in every layer: layers that differ in a scale or a title are a warning, or a title of many names.
    const x = (field: string): object => ({
      field,
      type: "quantitative",
      title: "FLOPs per byte",
      scale: { type: "log", nice: false, domain: [low, high] },
      axis: { format: ".3~g", values: logTicks([low, high]) },
    });
    const rates = [...rows.map((r) => r.rate), ...roofs.map((r) => r.roof)];
    const y = (field: string): object => ({
      field,
      type: "quantitative",
      title: "FLOPs per second",
      scale: { type: "log", nice: false, padding: 12, domain: [Math.min(...rates), Math.max(...rates)] },
      axis: { format: "~s", values: logTicks(rates) },
    });
    const legend = topLegend([...new Set(rows.map((r) => r.variant))]);
    return {
      rows: all.map(({ tip: _, ...row }) => row),
      sample: { drawn: rows.length, all: all.length },
      says: `Roofline: ${rows.length === all.length ? "" : `${rows.length} of `}${all.length} points of ${new Set(rows.map((r) => r.variant)).size} variants below ${report.peaks.length} measured roofs.`,
      spec: {
        data: { values: rows },
        height: 320,
        layer: [
          ...(roofs.length > 0
            ? [
                {
                  data: { values: roofs },
                  mark: { type: "line", color: theme.quiet, strokeDash: [6, 3] },
                  encoding: { x: x("at"), y: y("roof"), detail: { field: "fingerprint" } },
                },
              ]
            : []),
          {
            mark: { type: "point", filled: true, size: 50, opacity: 0.75 },
            encoding: {
              x: x("intensity"),
              y: y("rate"),
              color: { field: "variant", type: "nominal", legend },
              shape: { field: "variant", type: "nominal", legend },
              tooltip: { field: "tip" },
            },
          },
        ],
      },
    };
  },
};
