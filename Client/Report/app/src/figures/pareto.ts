import { labelOf, valueOf, type Cell, type Group, type Report } from "../data";
import type { Chosen, Figure } from "../figure";
import { cellsAt, choice, placeChoices, placeText, real } from "../place";

const timed = (report: Report): Cell[] => real(report).filter((c) => c.sides.filter((s) => s.time).length > 1);

/** Groups that agree with a timed cell in every axis that both have, the pass apart. */
const beside = (report: Report, cell: Cell): Group[] =>
  report.quality.filter((g) =>
    Object.entries(g.place).every(([axis, value]) => axis === "pass" || ["", value].includes(valueOf(report, cell, axis))),
  );

const memory = "peak memory";

function ys(report: Report): string[] {
  const learnt = [...new Set(report.quality.map((g) => `${g.place["pass"] ?? ""} ${g.metric}`.trim()))];
  const measured = timed(report).some((c) => c.sides.some((s) => s.memory));
  const found = learnt.filter((name) => timed(report).some((c) => beside(report, c).some((g) => `${g.place["pass"] ?? ""} ${g.metric}`.trim() === name)));
  return [...(measured ? [memory] : []), ...found];
}

interface Row {
  variant: string;
  seconds: number;
  value: number;
  front: boolean;
  tip: string;
}

function rowsOf(report: Report, chosen: Chosen, y: string): Row[] {
  const found = cellsAt(report, timed(report), chosen).flatMap((cell) =>
    cell.sides.flatMap((s): Row[] => {
      const variant = labelOf(report, s);
      const group = beside(report, cell).find((g) => `${g.place["pass"] ?? ""} ${g.metric}`.trim() === y);
      const learnt = group?.variants.find((v) => v.label === variant);
      const value = y === memory ? s.memory?.[0] : (learnt?.mean ?? undefined);
      return s.time && value !== undefined
        ? [{ variant, seconds: s.time[0], value, front: false, tip: `${variant}\n${s.timeText ?? ""}\n${y}: ${y === memory ? (s.memoryText ?? "") : (learnt?.text ?? "")}` }]
        : [];
    }),
  );
  // Less time is better; less memory, and more that was learnt.
  const better = (a: Row, b: Row): boolean => (y === memory ? a.value <= b.value : a.value >= b.value) && a.seconds <= b.seconds && (a.value !== b.value || a.seconds !== b.seconds);
  return found.map((row) => ({ ...row, front: !found.some((other) => better(other, row)) }));
}

export const pareto: Figure = {
  id: "pareto",
  title: "Time against memory and accuracy",
  about: "At one point: those that no other variant beats in both are on the front.",
  applies: (report) => ys(report).length > 0,

  choices: (report) => [choice("y", "against", ys(report)), ...placeChoices(report, [], timed(report))],

  draw(report, chosen, theme) {
    const y = chosen["y"] ?? ys(report)[0] ?? memory;
    const rows = rowsOf(report, chosen, y);
    if (rows.length === 0) {
      return null;
    }
    const encoding = {
      x: { field: "seconds", type: "quantitative", title: "time of one iteration [s]", scale: { type: "log", padding: 30 }, axis: { format: "~s", tickCount: 5 } },
      y: { field: "value", type: "quantitative", title: y === memory ? "peak memory [bytes]" : y, scale: { zero: false, padding: 20 }, axis: { format: y === memory ? "~s" : "~g" } },
    };
    return {
      rows: rows.map(({ tip: _, ...row }) => row),
      says: `Time against ${y}${placeText(chosen) === "" ? "" : ` at ${placeText(chosen)}`}; on the front: ${rows.filter((r) => r.front).map((r) => r.variant).join(", ")}.`,
      spec: {
        data: { values: rows },
        height: 300,
        encoding,
        layer: [
          {
            transform: [{ filter: "datum.front" }],
            mark: { type: "line", color: theme.quiet, strokeDash: [4, 3], interpolate: "step-after" },
            encoding: { order: { field: "seconds", type: "quantitative" } },
          },
          {
            mark: { type: "point", size: 90, opacity: 1, strokeWidth: 2 },
            encoding: {
              stroke: { field: "variant", type: "nominal", legend: null },
              fill: { field: "variant", type: "nominal", legend: null },
              fillOpacity: { condition: { test: "datum.front", value: 1 }, value: 0 },
              tooltip: { field: "tip" },
            },
          },
          { mark: { type: "text", dy: -12, color: theme.text, tooltip: false }, encoding: { text: { field: "variant" } } },
        ],
      },
    };
  },
};
