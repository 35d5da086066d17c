import { labelOf, type Cell, type Report } from "../data";
import type { Figure } from "../figure";
import { cellsAt, placeChoices, placeText, real } from "../place";

const series = "interaction";
const having = (report: Report): Cell[] => real(report).filter((c) => c.sides.some((s) => s.training?.series[series]));

export const interaction: Figure = {
  id: "interaction",
  title: "Which tokens interact",
  about: "The mixed second difference of the output in two tokens, relative to the largest output, by variant and distance; 0 means that the layer cannot let them interact.",
  applies: (report) => having(report).length > 0,
  choices: (report) => placeChoices(report, [], having(report)),

  draw(report, chosen, theme) {
    const rows = cellsAt(report, having(report), chosen).flatMap((cell) =>
      cell.sides.flatMap((s) =>
        (s.training?.series[series] ?? []).map(([distance, value]) => ({
          variant: labelOf(report, s),
          distance,
          interaction: value,
          tip: `${labelOf(report, s)}, distance ${distance}\n${value.toPrecision(3)}`,
        })),
      ),
    );
    if (rows.length === 0) {
      return null;
    }
    return {
      rows: rows.map(({ tip: _, ...row }) => row),
      says: `Interaction by variant and distance${placeText(chosen) === "" ? "" : ` at ${placeText(chosen)}`}; greater than 0: ${[...new Set(rows.filter((r) => r.interaction > 0).map((r) => r.variant))].join(", ")}.`,
      spec: {
        data: { values: rows },
        height: 26 * new Set(rows.map((r) => r.variant)).size,
        mark: { type: "rect" },
        encoding: {
          x: { field: "distance", type: "ordinal", axis: { labelAngle: 0, labelOverlap: true, grid: false } },
          y: { field: "variant", type: "nominal", sort: report.labels, title: null, axis: { grid: false } },
          color: {
            field: "interaction",
            type: "quantitative",
            scale: { range: [theme.same, theme.faster], domainMin: 0 },
            legend: { orient: "top", gradientLength: 180 },
          },
          tooltip: { field: "tip" },
        },
      },
    };
  },
};
