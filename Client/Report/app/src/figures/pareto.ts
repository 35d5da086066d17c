import { labelOf, valueOf, type Cell, type Group, type Report } from "../data";
import type { Chosen, Figure } from "../figure";
import { cellsAt, choice, placeChoices, placeText, real } from "../place";
import { bytesAxis, logTicks, secondsAxis } from "../units";

const timed = (report: Report): Cell[] => real(report).filter((c) => c.sides.filter((s) => s.time).length > 1);

/** Groups that agree with a timed cell in every axis that both have, the pass apart. */
const beside = (report: Report, cell: Cell): Group[] =>
  report.quality.filter((g) =>
    Object.entries(g.place).every(([axis, value]) => axis === "pass" || ["", value].includes(valueOf(report, cell, axis))),
  );

const memory = "peak memory";
const both = `${memory} and `;

function ys(report: Report): string[] {
  const learnt = [...new Set(report.quality.map((g) => `${g.place["pass"] ?? ""} ${g.metric}`.trim()))];
  const measured = timed(report).some((c) => c.sides.some((s) => s.memory));
  const found = learnt.filter((name) => timed(report).some((c) => beside(report, c).some((g) => `${g.place["pass"] ?? ""} ${g.metric}`.trim() === name)));
  // All three at once comes first where there are three.
  return [...(measured ? found.map((f) => both + f) : []), ...(measured ? [memory] : []), ...found];
}

interface Row {
  variant: string;
  seconds: number;
  value: number;
  learnt: number | null;
  front: boolean;
  tip: string;
}

/** No worse in anything, and better in something: less time, less memory, more that was learnt. */
function beats(a: Row, b: Row, isMemory: boolean): boolean {
  const pairs: [number, number][] = [
    [a.seconds, b.seconds],
    isMemory ? [a.value, b.value] : [-a.value, -b.value],
    [-(a.learnt ?? 0), -(b.learnt ?? 0)],
  ];
  return pairs.every(([x, y]) => x <= y) && pairs.some(([x, y]) => x < y);
}

function rowsOf(report: Report, chosen: Chosen, y: string): Row[] {
  const isMemory = y.startsWith(memory);
  const name = y.startsWith(both) ? y.slice(both.length) : isMemory ? "" : y;
  const found = cellsAt(report, timed(report), chosen).flatMap((cell) =>
    cell.sides.flatMap((s): Row[] => {
      const variant = labelOf(report, s);
      const group = beside(report, cell).find((g) => `${g.place["pass"] ?? ""} ${g.metric}`.trim() === name);
      const learnt = group?.variants.find((v) => v.label === variant);
      const mean = learnt?.mean ?? undefined;
      const value = isMemory ? s.memory?.[0] : mean;
      if (!s.time || value === undefined || (name !== "" && mean === undefined)) {
        return [];
      }
      const lines = [variant, s.timeText ?? "", ...(isMemory ? [`${memory}: ${s.memoryText ?? ""}`] : []), ...(name === "" ? [] : [`${name}: ${learnt?.text ?? ""}`])];
      return [{ variant, seconds: s.time[0], value, learnt: isMemory ? (mean ?? null) : null, front: false, tip: lines.join("\n") }];
    }),
  );
  return found.map((row) => ({ ...row, front: !found.some((other) => beats(other, row, isMemory)) }));
}

export const pareto: Figure = {
  id: "pareto",
  title: "Time against memory and accuracy",
  about: "At one point: those that no other variant beats in all that is compared are on the front, filled. Of three, the size is what was learnt.",
  applies: (report) => ys(report).length > 0,

  choices: (report) => [choice("y", "against", ys(report)), ...placeChoices(report, [], timed(report))],

  draw(report, chosen, theme) {
    const y = chosen["y"] ?? ys(report)[0] ?? memory;
    const rows = rowsOf(report, chosen, y);
    if (rows.length === 0) {
      return null;
    }
    const isMemory = y.startsWith(memory);
    const three = y.startsWith(both);
    const encoding = {
      x: { field: "seconds", type: "quantitative", title: "time of one iteration", scale: { type: "log", nice: false, padding: 60 }, axis: { ...secondsAxis, values: logTicks(rows.map((r) => r.seconds)) } },
      y: { field: "value", type: "quantitative", title: isMemory ? memory : y, scale: { zero: false, padding: 20 }, axis: isMemory ? bytesAxis(rows.map((r) => r.value), "linear") : { format: "~g" } },
    };
    return {
      rows: rows.map(({ tip: _, learnt, ...row }) => (three ? { ...row, learnt } : row)),
      says: `Time against ${y}${placeText(chosen) === "" ? "" : ` at ${placeText(chosen)}`}; on the front: ${rows.filter((r) => r.front).map((r) => r.variant).join(", ")}.`,
      spec: {
        data: { values: rows },
        height: 300,
        encoding,
        layer: [
          // Of three the front is a surface: no line would be it.
          ...(three
            ? []
            : [
                {
                  transform: [{ filter: "datum.front" }],
                  mark: { type: "line", color: theme.quiet, strokeDash: [4, 3], interpolate: "step-after" },
                  encoding: { order: { field: "seconds", type: "quantitative" } },
                },
              ]),
          {
            mark: { type: "point", ...(three ? {} : { size: 90 }), opacity: 1, strokeWidth: 2 },
            encoding: {
              ...(three ? { size: { field: "learnt", type: "quantitative", title: y.slice(both.length), scale: { zero: false, range: [60, 500] }, legend: { orient: "top" } } } : {}),
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
