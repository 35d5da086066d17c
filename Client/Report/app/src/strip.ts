// Every sample of a cell, launch by launch, drawn by hand: one per opened row, so it must be light.
import { labelOf, type Cell, type Report } from "./data";
import { svg } from "./dom";
import { theme } from "./theme";
import { duration } from "./units";

const width = 640;
const lane = 12;
const left = 40;
const letter = 6.6;

/** Where each name begins, in as many rows as they need; one that is longer than a row is cut. */
function folded(names: string[]): { name: string; x: number; row: number }[] {
  const most = Math.floor((width - left - 14) / letter);
  let [x, row] = [left, 0];
  return names.map((whole) => {
    const name = whole.length > most ? `${whole.slice(0, most - 1)}…` : whole;
    const wide = 14 + name.length * letter;
    if (x > left && x + wide > width) {
      [x, row] = [left, row + 1];
    }
    const at = { name, x, row };
    x += wide + 16;
    return at;
  });
}

export function strip(report: Report, cell: Cell): SVGElement {
  const launches = cell.launches ?? [];
  const all = launches.flatMap((l) => l[5].flat());
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const place = (seconds: number): number => left + ((Math.log(seconds) - Math.log(low)) / (Math.log(high) - Math.log(low) || 1)) * (width - left - 20);
  const colours = theme();
  const names = folded(cell.sides.map((side) => labelOf(report, side)));
  const top = 16 * (names.at(-1)?.row ?? 0);
  const height = top + launches.length * lane + 44;
  const text = (x: number, y: number, content: string, anchor = "start"): SVGElement =>
    svg("text", { x, y, "font-size": 11, fill: colours.text, "text-anchor": anchor }, document.createTextNode(content));
  const says = `Samples of ${launches.length} launches, ${duration(low)} to ${duration(high)}`;
  return svg(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, class: "strip", role: "img", "aria-label": says },
    ...names.flatMap(({ name, x, row }, at) => [
      svg("circle", { cx: x + 4, cy: 8 + 16 * row, r: 4, fill: colours.categories[at % colours.categories.length] ?? colours.text }),
      text(x + 14, 12 + 16 * row, name),
    ]),
    ...launches.flatMap((l, row) => [
      text(left - 10, top + 32 + row * lane, String(l[0] + 1), "end"),
      ...l[5].flatMap((times, at) =>
        times.map((seconds) =>
          svg("circle", {
            cx: place(seconds).toFixed(1),
            cy: top + 28 + row * lane + (at - (cell.sides.length - 1) / 2) * 3,
            r: 2.2,
            "fill-opacity": 0.6,
            fill: colours.categories[at % colours.categories.length] ?? colours.text,
          }),
        ),
      ),
    ]),
    text(left, height - 4, duration(low)),
    text(width - 20, height - 4, duration(high), "end"),
  );
}
