// Finished cells, a row per variant: sorted, filtered and cut into pages by the server, however many there are.
import { el, value } from "../dom";
import { get, query, sweepPath } from "./api";
import type { Overview, Row, Rows } from "./model";
import { count } from "./words";

const page = 50;
const outcomes = ["all", "completed", "unconverged", "skipped", "failures", "incorrect", "failed", "poisoned"];
const verdicts = ["all", "faster", "slower", "equivalent", "inconclusive"];

interface Column {
  name: string;
  sort: string;
  text: (row: Row) => string;
}

const columns: Column[] = [
  { name: "variant", sort: "variant", text: (r) => r.variant },
  { name: "time", sort: "time", text: (r) => r.time ?? "–" },
  { name: "ratio", sort: "ratio", text: (r) => r.ratio ?? (r.time !== undefined && r.variant === r.baseline ? "baseline" : "–") },
  { name: "verdict", sort: "verdict", text: (r) => r.verdict ?? "" },
  { name: "peak memory", sort: "memory", text: (r) => r.peak_memory ?? "–" },
  { name: "learnt", sort: "learnt", text: (r) => r.learnt ?? "" },
  { name: "device", sort: "device", text: (r) => r.device ?? "" },
  { name: "outcome", sort: "outcome", text: (r) => r.outcome },
];

export class RowsView {
  readonly element: HTMLElement;
  private readonly search = el("input", { type: "search", id: "rows-find", placeholder: "e.g. batch=16 conv1d" });
  private readonly outcome = this.chooser("rows-outcome", outcomes);
  private readonly verdict = this.chooser("rows-verdict", verdicts);
  private readonly status = el("p", { class: "status", role: "status" });
  private readonly head = el("tr");
  private readonly body = el("tbody");
  private readonly before = el("button", { type: "button", click: () => this.turn(-page) }, "Previous");
  private readonly after = el("button", { type: "button", click: () => this.turn(page) }, "Next");
  private readonly table = el(
    "div",
    { class: "wide", tabindex: 0, role: "region", "aria-label": "Table of cells", hidden: true },
    el("table", { class: "cells" }, el("thead", {}, this.head), this.body),
  );
  private readonly pages = el("p", { class: "pages", hidden: true }, this.before, this.after);
  private sort: { by: string; down: boolean } | null = null;
  private offset = 0;
  private axes: string[] = [];
  private columns = columns;
  private shownAxes = "";
  private drawn = "";
  private typing = 0;

  constructor(
    private readonly sweep: string,
    private readonly changed: () => void,
  ) {
    this.search.addEventListener("input", () => {
      clearTimeout(this.typing);
      this.typing = window.setTimeout(() => this.restart(), 200);
    });
    this.element = el(
      "section",
      { "aria-labelledby": "rows-title", id: "rows" },
      el("h2", { id: "rows-title" }, "Cells"),
      el(
        "div",
        { class: "choosers" },
        el("label", {}, el("span", {}, "find"), this.search),
        el("label", {}, el("span", {}, "verdict"), this.verdict),
        el("label", {}, el("span", {}, "outcome"), this.outcome),
      ),
      this.status,
      this.table,
      this.pages,
    );
  }

  /** Shows what has this word. */
  find(word: string): void {
    this.search.value = word;
    this.outcome.value = this.verdict.value = "all";
    this.restart();
    this.search.scrollIntoView({ block: "start" });
    this.search.focus({ preventScroll: true });
  }

  async load(overview: Overview): Promise<void> {
    this.axes = overview.axes.filter((a) => a.varies).map((a) => a.name);
    const chosen = (select: HTMLSelectElement): string | undefined => (select.value === "all" ? undefined : select.value);
    const rows = await get<Rows>(
      sweepPath(
        this.sweep,
        `/rows${query({
          offset: this.offset,
          limit: page,
          sort: this.sort?.by,
          order: this.sort === null ? undefined : this.sort.down ? "desc" : "asc",
          find: this.search.value.trim(),
          outcome: chosen(this.outcome),
          verdict: chosen(this.verdict),
        })}`,
      ),
    );
    const drawing = JSON.stringify([rows, this.axes]);
    if (drawing !== this.drawn) {
      this.drawn = drawing;
      this.draw(rows);
    }
  }

  private draw(rows: Rows): void {
    this.columns = columns.filter((c) => c.name !== "learnt" || rows.rows.some((r) => r.learnt !== undefined));
    this.heads();
    this.body.replaceChildren(
      ...rows.rows.flatMap((row, i) => {
        const tr = el(
          "tr",
          { class: row.note === undefined ? undefined : "noted", title: `cell ${row.cell}${row.control === "none" ? "" : `, a control (${row.control})`}` },
          ...this.axes.map((axis) => el("td", {}, String(row.point[axis] ?? ""))),
          ...this.columns.map((c) => el("td", { class: c.name === "verdict" && row.verdict !== undefined ? `verdict ${row.verdict}` : undefined }, ...value(c.text(row)))),
        );
        // What is to be known of a cell stands once, below its last row of several.
        return row.note === undefined || rows.rows[i + 1]?.cell === row.cell ? [tr] : [tr, el("tr", { class: "note" }, el("td", { colspan: this.axes.length + this.columns.length }, row.note))];
      }),
    );
    const last = Math.min(rows.offset + page, rows.count);
    this.status.textContent =
      rows.all === 0 ? "No cell has ended yet." : rows.count === 0 ? "No row matches." : `Rows ${count(rows.offset + 1)} to ${count(last)} of ${count(rows.count)}${rows.count === rows.all ? "" : ` (${count(rows.all)} in all)`}`;
    this.table.hidden = rows.all === 0;
    this.pages.hidden = rows.count <= page;
    this.before.disabled = rows.offset === 0;
    this.after.disabled = last >= rows.count;
  }

  private heads(): void {
    const now = [...this.axes, ...this.columns.map((c) => c.name)].join("\n");
    if (this.head.children.length > 0 && now === this.shownAxes) {
      return;
    }
    this.shownAxes = now;
    const all = [...this.axes.map((name) => ({ name, sort: name })), ...this.columns];
    this.head.replaceChildren(
      ...all.map(({ name, sort }) => {
        const th = el("th", { scope: "col" }, el("button", { type: "button", class: "sort", click: () => this.order(sort, th) }, name));
        return th;
      }),
    );
  }

  private order(by: string, head: HTMLElement): void {
    const down = this.sort?.by === by && !this.sort.down;
    this.sort = { by, down };
    for (const th of this.head.children) {
      th.removeAttribute("aria-sort");
    }
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    this.restart();
  }

  private chooser(id: string, options: string[]): HTMLSelectElement {
    const select = el("select", { id }, ...options.map((o) => el("option", { value: o }, o)));
    select.addEventListener("change", () => this.restart());
    return select;
  }

  private turn(by: number): void {
    this.offset = Math.max(0, this.offset + by);
    this.changed();
  }

  private restart(): void {
    this.offset = 0;
    this.changed();
  }
}
