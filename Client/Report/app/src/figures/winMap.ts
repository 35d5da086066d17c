import { choosable, labelOf, pointText, valueOf, type Cell, type Report } from "../data";
import type { Choice, Chosen, Figure } from "../figure";
import { strokes, type Stroke } from "../hatch";
import { cellsAt, choice, column, comparedLabels, none, placeChoices, placeColumns, placeText, real } from "../place";

const compared = (report: Report): Cell[] => real(report).filter((c) => c.sides.some((s) => s.ratio));

/** The row or column of cells that lack the axis. */
const lacking = "–";

function axesOf(report: Report, chosen: Chosen): [string, string] {
  const axes = choosable(report, compared(report)).map((a) => a.name);
  const x = chosen["x"] ?? axes.at(-1) ?? none;
  const rest = axes.filter((a) => a !== x);
  const y = chosen["y"] !== undefined && chosen["y"] !== x ? chosen["y"] : (rest.at(-1) ?? none);
  return [x, y];
}

export const winMap: Figure = {
  id: "win-map",
  title: "Where each variant wins",
  about:
    "Time of the variant ÷ time of the baseline: blue where the variant is faster, orange where the baseline is. Hatched cells are inconclusive; ≈ marks those within the margin.",
  comparing: {
    title: "What became faster or slower",
    about: "Time in B ÷ time in A: blue where B is faster, orange where A is. Hatched cells are inconclusive; ≈ marks those within the margin.",
  },
  applies: (report) => compared(report).length > 0,

  choices(report, chosen): Choice[] {
    const cells = compared(report);
    const axes = choosable(report, cells).map((a) => a.name);
    const [x, y] = axesOf(report, chosen);
    return [
      choice("variant", "variant", comparedLabels(report, cells)),
      choice("x", "across", axes, x),
      choice("y", "down", [...axes.filter((a) => a !== x), none], y),
      ...placeChoices(report, [x, y], cells),
    ];
  },

  draw(report, chosen, theme) {
    const [x, y] = axesOf(report, chosen);
    const cells = compared(report);
    const variant = chosen["variant"] ?? comparedLabels(report, cells)[0] ?? "";
    const rows = cellsAt(report, cells, chosen).flatMap((cell) =>
      cell.sides
        .filter((s) => s.ratio && labelOf(report, s) === variant)
        .map((s) => ({
          x: x === none ? "" : valueOf(report, cell, x) || lacking,
          y: y === none ? "" : valueOf(report, cell, y) || lacking,
          place: placeColumns(report, cell, chosen),
          baseline: report.labels[cell.baseline] ?? "A",
          ratio: s.ratio?.[0] ?? NaN,
          low: s.ratio?.[1] ?? null,
          high: s.ratio?.[2] ?? null,
          log: Math.log2(s.ratio?.[0] ?? NaN),
          verdict: s.verdict ?? "",
          text: `${s.verdict === "equivalent" ? "≈ " : ""}${(s.ratio?.[0] ?? NaN).toFixed(2)}${s.verdict === "inconclusive" ? " ?" : ""}`,
          tip: `${pointText(report, cell)}\n${variant} ÷ ${report.labels[cell.baseline] ?? "A"}: ${s.ratioText ?? ""}\n${s.verdictText ?? ""}`,
        }))
        .filter((r) => Number.isFinite(r.log)),
    );
    if (rows.length === 0) {
      return null;
    }
    const order = (axis: string): string[] => [...(report.axes.find((a) => a.name === axis)?.values ?? [""]), lacking];
    const shown = [x, y].filter((axis) => axis !== none);
    const over = [shown.length === 0 ? "" : ` over ${shown.join(" and ")}`, placeText(chosen) === "" ? "" : ` at ${placeText(chosen)}`].join("");
    // Numbers where there is room for them; else the tooltip and the table have them.
    const columns = new Set(rows.map((r) => r.x)).size;
    const lines = new Set(rows.map((r) => r.y)).size;
    const width = (Math.min(window.innerWidth, 1150) - 140) / columns;
    const roomy = width >= 46 && lines <= 24;
    const height = lines <= 24 ? 42 : 12;
    const reach = Math.max(0.15, ...rows.map((r) => Math.abs(r.log)));
    // On a dark colour the usual ink is hard to read.
    const ink = {
      condition: [
        { test: `datum.log < ${-0.85 * reach}`, value: theme.onFaster },
        { test: `datum.log > ${0.85 * reach}`, value: theme.onSlower },
      ],
      value: theme.text,
    };
    const band = (channel: "x" | "y", axis: string, position: number, second = false): object =>
      second
        ? { field: channel, bandPosition: position }
        : { field: channel, type: "ordinal", sort: order(axis), bandPosition: position };
    const hatch = ({ x1, y1, x2, y2 }: Stroke): object => ({
      mark: { type: "rule", color: theme.text, opacity: 0.3, strokeWidth: 1, tooltip: false },
      encoding: { x: band("x", x, x1), y: band("y", y, y1), x2: band("x", x, x2, true), y2: band("y", y, y2, true) },
    });
    return {
      rows: rows.map(({ tip: _, log: __, text: ___, x: across, y: down, place, baseline, ...row }) => ({
        variant,
        baseline,
        ...place,
        ...(x === none ? {} : { [column(x)]: across }),
        ...(y === none ? {} : { [column(y)]: down }),
        ...row,
      })),
      says: `Heat map of ${variant}${over}: ${rows.length} cells, ${rows.filter((r) => r.verdict === "faster").length} faster, ${rows.filter((r) => r.verdict === "slower").length} slower, ${rows.filter((r) => r.verdict === "inconclusive").length} inconclusive.`,
      spec: {
        data: { values: rows },
        height: lines * height,
        encoding: {
          x: { field: "x", type: "ordinal", sort: order(x), title: x === none ? null : x, axis: { labelAngle: 0, labelOverlap: true, grid: false } },
          y: { field: "y", type: "ordinal", sort: order(y), title: y === none ? null : y, axis: { labelOverlap: true, grid: false } },
        },
        layer: [
          {
            mark: { type: "rect", stroke: theme.background, strokeWidth: 2 },
            encoding: {
              color: {
                field: "log",
                type: "quantitative",
                scale: { domain: [-reach, 0, reach], range: [theme.faster, theme.same, theme.slower], interpolate: "lab" },
                legend: {
                  title: report.comparison ? "time in B ÷ in A" : "time ÷ baseline's",
                  orient: "top",
                  labelExpr: "format(pow(2, datum.value), '.2f') + '×'",
                  values: [-reach, -reach / 2, 0, reach / 2, reach],
                  gradientLength: 280,
                },
              },
              tooltip: { field: "tip" },
            },
          },
          {
            transform: [{ filter: "datum.verdict === 'inconclusive'" }],
            layer: strokes(width, height, roomy ? { width: 50, height: 20 } : undefined).map(hatch),
          },
          ...(roomy ? [{ mark: { type: "text", fontSize: 12, tooltip: false }, encoding: { text: { field: "text" }, color: ink } }] : []),
        ],
      },
    };
  },
};
