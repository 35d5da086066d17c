// Every sample of a cell, launch by launch, drawn by hand: one per opened row, so it must be light.
import { labelOf, type Cell, type Report } from "./data";
import { svg } from "./dom";
import { theme } from "./theme";
import { duration } from "./units";

const width = 640;
const lane = 12;
const left = 40;

export function strip(report: Report, cell: Cell): SVGElement {
  const launches = cell.launches ?? [];
  const all = launches.flatMap((l) => l[5].flat());
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const place = (seconds: number): number => left + ((Math.log(seconds) - Math.log(low)) / (Math.log(high) - Math.log(low) || 1)) * (width - left - 20);
  const colours = theme();
  const height = launches.length * lane + 44;
  const text = (x: number, y: number, content: string, anchor = "start"): SVGElement =>
    svg("text", { x, y, "font-size": 11, fill: colours.text, "text-anchor": anchor }, document.createTextNode(content));
  const says = `Samples of ${launches.length} launches, ${duration(low)} to ${duration(high)}`;
  return svg(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, class: "strip", role: "img", "aria-label": says },
    ...cell.sides.flatMap((side, at) => [
      svg("circle", { cx: left + at * 200 + 4, cy: 8, r: 4, fill: colours.categories[at % colours.categories.length] ?? colours.text }),
      text(left + at * 200 + 14, 12, labelOf(report, side)),
    ]),
    ...launches.flatMap((l, row) => [
      text(left - 10, 32 + row * lane, String(l[0] + 1), "end"),
      ...l[5].flatMap((times, at) =>
        times.map((seconds) =>
          svg("circle", {
            cx: place(seconds).toFixed(1),
            cy: 28 + row * lane + (at - (cell.sides.length - 1) / 2) * 3,
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
