import { read } from "./data";
import { FigureView, type Figure } from "./figure";
import { forest } from "./figures/forest";
import { interaction } from "./figures/interaction";
import { launches } from "./figures/launches";
import { learning } from "./figures/learning";
import { lines } from "./figures/lines";
import { pareto } from "./figures/pareto";
import { quantiles } from "./figures/quantiles";
import { roofline } from "./figures/roofline";
import { winMap } from "./figures/winMap";
import { CellTable } from "./table";

const figures: Figure[] = [winMap, forest, lines, roofline, pareto, learning, interaction, launches, quantiles];

const report = read();
const there = figures.filter((f) => f.applies(report));
const section = document.getElementById("figures");
section?.append(...there.map((f) => new FigureView(report, f).element));
if (there.length === 0) {
  section?.append("Nothing was measured that could be drawn.");
}
if (report.cells.length > 0) {
  document.getElementById("cells")?.append(new CellTable(report).element);
} else {
  document.getElementById("cells")?.append("There are none yet.");
}
document.documentElement.dataset["ready"] = "true";
