// One figure: title, what it shows, choosers, the chart, and its downloads.
import type { View } from "vega";
import { draw, type Spec } from "./chart";
import type { Report } from "./data";
import { csv, download, el } from "./dom";
import { darkQuery, theme, type Theme } from "./theme";

export interface Choice {
  name: string;
  label: string;
  options: string[];
  /** What is chosen where the reader has not chosen, or what was chosen is no option any more. */
  usual: string;
}

export type Chosen = Record<string, string>;

export interface Drawing {
  spec: Spec;
  /** The numbers of all that is chosen, on whichever page, drawn or not: the CSV. */
  rows: Record<string, unknown>[];
  /** Where only a sample of them is drawn: how many, of how many. */
  sample?: { drawn: number; all: number };
  /** Where there is more than one drawing has room for: the place among all of what it shows. */
  pages?: { first: number; last: number; all: number };
  /** The figure in a sentence, for people who do not see it. */
  says: string;
}

export interface Figure {
  id: string;
  title: string;
  about: string;
  /** Of two runs, where that is another. */
  comparing?: { title?: string; about: string };
  applies(report: Report): boolean;
  choices(report: Report, chosen: Chosen): Choice[];
  /**
   * Null: nothing is there for these choices.
   * @param page From 0, for a figure that has pages.
   */
  draw(report: Report, chosen: Chosen, theme: Theme, page: number): Drawing | null;
}

export class FigureView {
  readonly element: HTMLElement;
  private readonly choosers = el("div", { class: "choosers" });
  private readonly chart = el("div", { class: "chart" });
  private readonly note = el("p", { class: "nothing", role: "status" });
  private readonly buttons: HTMLButtonElement[];
  private readonly chosen: Chosen = {};
  private readonly before = el("button", { type: "button", click: () => this.turn(-1) }, "Previous");
  private readonly after = el("button", { type: "button", click: () => this.turn(1) }, "Next");
  private readonly place = el("span", { role: "status", class: "status" });
  private readonly pager = el("p", { class: "pages", hidden: true }, this.before, this.after, this.place);
  private page = 0;
  private drawing: Drawing | null = null;
  private view: View | null = null;
  private busy: Promise<void> = Promise.resolve();
  private shown = false;

  constructor(
    private readonly report: Report,
    private readonly figure: Figure,
  ) {
    const button = (text: string, act: () => void): HTMLButtonElement =>
      el("button", { type: "button", click: act, "aria-label": `${figure.title} as ${text}` }, text);
    this.buttons = [
      button("SVG", () => void this.svg()),
      button("PNG", () => void this.png()),
      button("CSV", () => this.save("csv", "text/csv", csv(this.drawing?.rows ?? []))),
    ];
    this.element = el(
      "article",
      { class: "figure", id: figure.id, "aria-labelledby": `${figure.id}-title` },
      el("h3", { id: `${figure.id}-title` }, (report.comparison ? figure.comparing?.title : undefined) ?? figure.title),
      el("p", { class: "about" }, (report.comparison ? figure.comparing?.about : undefined) ?? figure.about),
      this.choosers,
      this.note,
      this.chart,
      this.pager,
      el("p", { class: "downloads" }, ...this.buttons),
    );
    this.choose();
    new IntersectionObserver((entries, observer) => {
      if (entries.some((e) => e.isIntersecting)) {
        observer.disconnect();
        this.shown = true;
        this.redraw();
      }
    }, { rootMargin: "600px" }).observe(this.element);
    darkQuery.addEventListener("change", () => this.redraw());
  }

  /** Choosers are kept where they are, so that one that has the focus keeps it. */
  private choose(): void {
    const choices = this.figure.choices(this.report, this.chosen).filter((c) => c.options.length > 1);
    for (const name of Object.keys(this.chosen)) {
      if (!choices.some((c) => c.name === name)) {
        delete this.chosen[name];
      }
    }
    const wanted = new Set(choices.map((c) => `${this.figure.id}-${c.name}`));
    for (const old of [...this.choosers.querySelectorAll("select")]) {
      if (!wanted.has(old.id)) {
        old.closest("label")?.remove();
      }
    }
    for (const [at, choice] of choices.entries()) {
      const kept = this.chosen[choice.name];
      const value = kept !== undefined && choice.options.includes(kept) ? kept : choice.usual;
      this.chosen[choice.name] = value;
      const id = `${this.figure.id}-${choice.name}`;
      let select = this.choosers.querySelector<HTMLSelectElement>(`#${CSS.escape(id)}`);
      if (select === null) {
        const made = el("select", { id });
        made.addEventListener("change", () => {
          this.chosen[choice.name] = made.value;
          this.page = 0;
          this.choose();
          this.redraw();
        });
        select = made;
        const label = el("label", {}, el("span", {}, choice.label), made);
        this.choosers.insertBefore(label, this.choosers.children[at] ?? null);
      }
      if ([...select.options].map((o) => o.value).join("\n") !== choice.options.join("\n")) {
        select.replaceChildren(...choice.options.map((o) => el("option", { value: o }, o)));
      }
      select.value = value;
    }
  }

  private turn(by: number): void {
    this.page += by;
    this.redraw();
  }

  private showPages(): void {
    const pages = this.drawing?.pages;
    this.pager.hidden = pages === undefined || (pages.first === 1 && pages.last === pages.all);
    if (pages !== undefined) {
      this.before.disabled = pages.first === 1;
      this.after.disabled = pages.last === pages.all;
      this.place.textContent = `${pages.first} to ${pages.last} of ${pages.all}`;
    }
  }

  /** One after the other: a view that is being made must not be overtaken by the next. */
  private redraw(): void {
    if (this.shown) {
      this.busy = this.busy.then(() => this.drawNow());
    }
  }

  private async drawNow(): Promise<void> {
    this.drawing = this.figure.draw(this.report, this.chosen, theme(), this.page);
    this.showPages();
    this.view?.finalize();
    this.view = null;
    this.chart.replaceChildren();
    this.chart.removeAttribute("role");
    this.chart.removeAttribute("aria-label");
    for (const button of this.buttons) {
      button.disabled = this.drawing === null;
    }
    const sample = this.drawing?.sample;
    this.note.textContent =
      this.drawing === null ? "Nothing was measured there; choose other values." : sample !== undefined && sample.drawn < sample.all ? `${sample.drawn} of ${sample.all} drawn; the CSV has all.` : "";
    if (this.drawing !== null) {
      const inner = el("div", { class: "canvas" });
      this.chart.append(inner);
      this.view = await draw(inner, this.drawing.spec, this.drawing.says);
      // One image with one sentence; the numbers are in the CSV and in the table of cells.
      inner.removeAttribute("aria-roledescription");
      inner.setAttribute("role", "img");
      inner.setAttribute("aria-label", this.drawing.says);
    }
    this.element.dataset["drawn"] = String(Number(this.element.dataset["drawn"] ?? 0) + 1);
  }

  private async svg(): Promise<void> {
    this.save("svg", "image/svg+xml", (await this.view?.toSVG()) ?? "");
  }

  private async png(): Promise<void> {
    const canvas = (await this.view?.toCanvas(2)) as unknown as HTMLCanvasElement | undefined;
    canvas?.toBlob((blob) => {
      if (blob !== null) {
        download(this.fileName("png"), blob);
      }
    });
  }

  private save(extension: string, type: string, content: string): void {
    download(this.fileName(extension), new Blob([content], { type }));
  }

  private fileName(extension: string): string {
    return `${this.report.title.replace(/[^\w.-]+/g, "-")}-${this.figure.id}.${extension}`;
  }
}
