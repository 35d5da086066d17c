// Where one looks: values of the axes that a figure does not show.
import { choosable, labelOf, valueOf, type Axis, type Cell, type Report } from "./data";
import type { Choice, Chosen } from "./figure";

export const none = "(none)";
export const all = "(all)";

/** The value that most cells have: the centre of a design that varies one axis at a time. */
function commonest(report: Report, axis: Axis, cells: Cell[]): string {
  const counts = new Map<string, number>();
  for (const cell of cells) {
    const value = valueOf(report, cell, axis.name);
    if (value !== "") {
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
  }
  return axis.values.reduce((best, v) => ((counts.get(v) ?? 0) > (counts.get(best) ?? 0) ? v : best), axis.values[0] ?? "");
}

/** A chooser for each axis that is not shown. */
export const placeChoices = (report: Report, shown: string[], cells: Cell[]): Choice[] =>
  choosable(report, cells)
    .filter((a) => !shown.includes(a.name))
    .map((a) => choice(`at-${a.name}`, a.name, a.values, commonest(report, a, cells)));

/** A chooser for each axis, of one of its values or all of them. */
export const filterChoices = (report: Report, cells: Cell[]): Choice[] =>
  choosable(report, cells).map((a) => choice(`only-${a.name}`, a.name, [all, ...a.values]));

/** Cells that these leave; one that lacks an axis is at none of its values. */
export const filtered = (report: Report, cells: Cell[], chosen: Chosen): Cell[] => {
  const wanted = Object.entries(chosen).filter(([name, value]) => name.startsWith("only-") && value !== all);
  return cells.filter((c) => wanted.every(([name, value]) => valueOf(report, c, name.slice(5)) === value));
};

/** Cells that are there; one that lacks an axis is at all of its values. */
export const cellsAt = (report: Report, cells: Cell[], chosen: Chosen): Cell[] =>
  cells.filter((c) =>
    Object.entries(chosen)
      .filter(([name]) => name.startsWith("at-"))
      .every(([name, value]) => ["", value].includes(valueOf(report, c, name.slice(3)))),
  );

/** What a CSV has besides the values of axes. */
const columns = ["variant", "baseline", "ratio", "seconds", "bytes", "low", "high", "verdict"];

/** An axis' column in a CSV; a helper axis may be called ratio. */
export const column = (axis: string): string => (columns.includes(axis) ? `${axis} (axis)` : axis);

/** A cell's values of the axes that are chosen and not shown, for a CSV. */
export const placeColumns = (report: Report, cell: Cell, chosen: Chosen): Record<string, string> =>
  Object.fromEntries(
    Object.keys(chosen)
      .filter((name) => name.startsWith("at-"))
      .map((name) => [column(name.slice(3)), valueOf(report, cell, name.slice(3))]),
  );

export const placeText = (chosen: Chosen): string =>
  Object.entries(chosen)
    .filter(([name]) => name.startsWith("at-"))
    .map(([name, value]) => `${name.slice(3)}=${value}`)
    .join(" ");

/** Labels that cells compare with their baseline. */
export const comparedLabels = (report: Report, cells: Cell[]): string[] => [
  ...new Set(cells.flatMap((c) => c.sides.filter((s) => s.ratio).map((s) => labelOf(report, s)))),
];

export const real = (report: Report): Cell[] => report.cells.filter((c) => c.control === undefined);

export const choice = (name: string, label: string, options: string[], usual = options[0] ?? ""): Choice => ({
  name,
  label,
  options,
  usual,
});
