// All cells, a row per variant: sorted by any column, filtered, fifty at a time, samples on demand.
import { labelOf, median, valueOf, varying, type Cell, type Report, type Side } from "./data";
import { csv, download, el, value } from "./dom";
import { strip } from "./strip";
import { duration } from "./units";

interface Column {
  name: string;
  text: (row: Row) => string;
  /** On the page, where that is another. */
  shown?: (row: Row) => string;
  /** What it is sorted by; text where it is no number. */
  key: (row: Row) => number | string;
}

interface Row {
  cell: Cell;
  side: Side;
  at: number;
  search: string;
}

const page = 50;

export class CellTable {
  readonly element: HTMLElement;
  private readonly columns: Column[];
  private readonly rows: Row[];
  private readonly body = el("tbody");
  private readonly status = el("p", { role: "status", class: "status" });
  private readonly heads: HTMLTableCellElement[];
  private readonly search = el("input", { type: "search", id: "cells-search", placeholder: "e.g. batch=16 conv1d" });
  private readonly verdict: HTMLSelectElement;
  private readonly outcome: HTMLSelectElement;
  private readonly before: HTMLButtonElement;
  private readonly after: HTMLButtonElement;
  private shown: Row[] = [];
  private sorted: { column: number; down: boolean } | null = null;
  private first = 0;

  constructor(private readonly report: Report) {
    this.columns = columnsOf(report);
    this.rows = report.cells.flatMap((cell) => cell.sides.map((side, at) => ({ cell, side, at, search: "" })));
    for (const row of this.rows) {
      const axes = varying(report).map((a) => `${a.name}=${valueOf(report, row.cell, a.name)}`);
      row.search = [...axes, ...this.columns.map((c) => c.text(row)), row.cell.id, row.cell.note ?? ""].join(" ").toLowerCase();
    }
    this.verdict = this.chooser("cells-verdict", this.rows.map((r) => r.side.verdict ?? ""));
    this.outcome = this.chooser("cells-outcome", this.rows.map((r) => r.cell.outcome));
    this.search.addEventListener("input", () => this.filter());
    this.before = el("button", { type: "button", click: () => this.turn(-page) }, "Previous");
    this.after = el("button", { type: "button", click: () => this.turn(page) }, "Next");
    this.heads = this.columns.map((column, at) =>
      el("th", { scope: "col" }, el("button", { type: "button", class: "sort", click: () => this.sort(at) }, column.name)),
    );
    this.element = el(
      "div",
      {},
      el(
        "div",
        { class: "choosers" },
        el("label", {}, el("span", {}, "find"), this.search),
        el("label", {}, el("span", {}, "verdict"), this.verdict),
        el("label", {}, el("span", {}, "outcome"), this.outcome),
        el("button", { type: "button", click: () => this.save() }, "CSV"),
      ),
      this.status,
      el(
        "div",
        { class: "wide", tabindex: 0, role: "region", "aria-label": "Table of cells" },
        el("table", { class: "cells" }, el("thead", {}, el("tr", {}, el("th", { scope: "col" }, el("span", { class: "hidden" }, "samples")), ...this.heads)), this.body),
      ),
      el("p", { class: "pages" }, this.before, this.after),
    );
    this.filter();
  }

  private chooser(id: string, values: string[]): HTMLSelectElement {
    const options = ["all", ...[...new Set(values)].filter((v) => v !== "").sort()];
    const select = el("select", { id }, ...options.map((o) => el("option", { value: o }, o)));
    select.addEventListener("change", () => this.filter());
    return select;
  }

  private filter(): void {
    const words = this.search.value.toLowerCase().split(/\s+/).filter((w) => w !== "");
    const is = (chosen: string, value: string | undefined): boolean => chosen === "all" || chosen === value;
    this.shown = this.rows.filter(
      (r) => is(this.verdict.value, r.side.verdict) && is(this.outcome.value, r.cell.outcome) && words.every((w) => r.search.includes(w)),
    );
    this.order();
    this.first = 0;
    this.render();
  }

  private sort(column: number): void {
    const down = this.sorted?.column === column && !this.sorted.down;
    this.sorted = { column, down };
    for (const [at, head] of this.heads.entries()) {
      if (at === column) {
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
      } else {
        head.removeAttribute("aria-sort");
      }
    }
    this.order();
    this.first = 0;
    this.render();
  }

  private order(): void {
    const sorted = this.sorted;
    const column = sorted === null ? undefined : this.columns[sorted.column];
    if (sorted === null || column === undefined) {
      return;
    }
    const sign = sorted.down ? -1 : 1;
    // What is not known stays at the end, whichever way.
    this.shown = this.shown
      .map((row) => ({ row, key: column.key(row) }))
      .sort((a, b) => {
        const [aMissing, bMissing] = [a, b].map(({ key }) => key === "" || Number.isNaN(key));
        return aMissing || bMissing
          ? Number(aMissing) - Number(bMissing)
          : sign * (typeof a.key === "number" && typeof b.key === "number" ? a.key - b.key : String(a.key).localeCompare(String(b.key)));
      })
      .map(({ row }) => row);
  }

  private turn(by: number): void {
    this.first = Math.max(0, this.first + by);
    this.render();
  }

  private render(): void {
    const rows = this.shown.slice(this.first, this.first + page);
    // What is to be known of a cell stands once, below its last row of several.
    this.body.replaceChildren(...rows.flatMap((row, i) => this.row(row, row.cell !== rows[i + 1]?.cell)));
    const last = Math.min(this.first + page, this.shown.length);
    this.status.textContent =
      this.shown.length === 0 ? "No row matches." : `Rows ${this.first + 1} to ${last} of ${this.shown.length}${this.shown.length === this.rows.length ? "" : ` (${this.rows.length} in all)`}`;
    this.before.disabled = this.first === 0;
    this.after.disabled = last === this.shown.length;
  }

  private row(row: Row, isLast: boolean): HTMLTableRowElement[] {
    const detail = el("tr", { class: "detail", hidden: true });
    const open = el("button", { type: "button", class: "open", "aria-expanded": "false", "aria-label": `Samples of ${labelOf(this.report, row.side)} in cell ${row.cell.id}` }, "+");
    open.addEventListener("click", () => {
      detail.hidden = !detail.hidden;
      open.setAttribute("aria-expanded", String(!detail.hidden));
      open.textContent = detail.hidden ? "+" : "−";
      if (!detail.hidden && detail.children.length === 0) {
        detail.append(el("td", { colspan: this.columns.length + 1 }, samples(this.report, row.cell)));
      }
    });
    const cells = this.columns.map((column) => {
      const text = (column.shown ?? column.text)(row);
      const verdict = column.name === "verdict" && row.side.verdict ? `verdict ${row.side.verdict}` : undefined;
      return el("td", { class: verdict }, ...value(text));
    });
    const note = row.cell.note;
    const below = note === undefined || !isLast ? [] : [el("tr", { class: "detail note" }, el("td", { colspan: this.columns.length + 1 }, note))];
    return [el("tr", { class: note === undefined ? undefined : "noted" }, el("td", {}, open), ...cells), detail, ...below];
  }

  private save(): void {
    const rows = this.shown.map((r) => Object.fromEntries([["cell", r.cell.id], ...this.columns.map((c) => [c.name, c.text(r)])]));
    download("cells.csv", new Blob([csv(rows)], { type: "text/csv" }));
  }
}

function columnsOf(report: Report): Column[] {
  const number = (value: number | undefined | null): number => value ?? NaN;
  const axes = varying(report).map((axis): Column => ({
    name: axis.name,
    text: (r) => valueOf(report, r.cell, axis.name),
    key: (r) => (axis.numbers && valueOf(report, r.cell, axis.name) !== "" ? Number(valueOf(report, r.cell, axis.name)) : valueOf(report, r.cell, axis.name)),
  }));
  const has = (of: (side: Side) => unknown): boolean => report.cells.some((c) => c.sides.some((s) => of(s) !== undefined));
  const columns: (Column & { there: boolean })[] = [
    { name: "variant", text: (r) => labelOf(report, r.side), key: (r) => labelOf(report, r.side), there: true },
    { name: "time", text: (r) => r.side.timeText ?? "–", key: (r) => number(r.side.time?.[0]), there: has((s) => s.time) },
    { name: "ratio", text: (r) => r.side.ratioText ?? (r.side.time ? "baseline" : "–"), key: (r) => number(r.side.ratio?.[0]), there: has((s) => s.ratio) },
    { name: "verdict", text: (r) => r.side.verdictText ?? "", key: (r) => r.side.verdict ?? "", there: has((s) => s.verdict) },
    { name: "peak memory", text: (r) => r.side.memoryText ?? "–", key: (r) => number(r.side.memory?.[0]), there: has((s) => s.memory) },
    { name: "learnt", text: (r) => r.side.training?.text ?? "", key: (r) => number(r.side.training?.value), there: has((s) => s.training) },
    { name: "outcome", text: (r) => (r.cell.note === undefined ? r.cell.outcome : `${r.cell.outcome}: ${r.cell.note}`), shown: (r) => r.cell.outcome, key: (r) => r.cell.outcome, there: true },
  ];
  return [...axes, ...columns.filter((c) => c.there)];
}

/** A cell's launches: what they say, and every sample that the page has of them. */
function samples(report: Report, cell: Cell): HTMLElement {
  const launches = cell.launches ?? [];
  if (launches.length === 0) {
    return el("div", { class: "samples" }, el("p", {}, `Cell ${cell.id} on ${cell.device ?? "no device"}: no timed launch.`));
  }
  const text = (value: number | null | undefined): string => (value === null || value === undefined || Number.isNaN(value) ? "–" : value.toPrecision(4));
  const middle = (times: number[] | undefined): number => (report.detail === "quartiles" ? (times?.[2] ?? NaN) : median(times ?? []));
  return el(
    "div",
    { class: "samples" },
    el("p", {}, `Cell ${cell.id} on ${cell.device ?? "no device"}. Of each launch here: ${report.detail}.`),
    strip(report, cell),
    el(
      "table",
      {},
      el("thead", {}, el("tr", {}, ...["launch", "started after [s]", ...cell.sides.map((s) => labelOf(report, s)), cell.sides.length > 2 ? "ratios" : "ratio", "samples set aside"].map((h) => el("th", { scope: "col" }, h)))),
      el(
        "tbody",
        {},
        ...launches.map((l) =>
          el(
            "tr",
            {},
            ...[
              `${l[0] + 1}${l[2] === 1 ? "" : ", not steady"}`,
              l[1].toFixed(1),
              ...cell.sides.map((_, at) => duration(middle(l[5][at]))),
              l[4].filter((r) => r !== null).map(text).join(", "),
              String(l[3]),
            ].map((t) => el("td", {}, t)),
          ),
        ),
      ),
    ),
  );
}
