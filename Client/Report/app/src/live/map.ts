// Where each variant wins, so far: a table, so that it needs no drawing and can be read aloud.
import { el } from "../dom";
import { get, query, sweepPath } from "./api";
import type { Box, Overview, WinMap } from "./model";
import { count, many } from "./words";

/** Beyond so many columns or rows there is no room for numbers. */
const roomy = 24;
const none = "(none)";
const all = "all";

export class MapView {
  readonly element: HTMLElement;
  private readonly choosers = el("div", { class: "choosers" });
  private readonly place = el("div", { class: "wide", tabindex: 0, role: "region", "aria-label": "Map of verdicts" });
  private readonly said = el("p", { class: "status" });
  /** By the reader; what is not picked follows the axes as they come. */
  private readonly picked: Record<string, string> = {};
  private readonly chosen: Record<string, string> = {};
  private drawn = "";

  constructor(
    private readonly sweep: string,
    private readonly changed: () => void,
  ) {
    this.element = el(
      "section",
      { "aria-labelledby": "map-title", id: "map", hidden: true },
      el("h2", { id: "map-title" }, "Where each variant wins"),
      this.choosers,
      this.said,
      this.place,
      el(
        "p",
        { class: "legend map" },
        el("span", {}, this.swatch("faster"), "variant is faster"),
        el("span", {}, this.swatch("slower"), "baseline is faster"),
        el("span", {}, this.swatch("same"), "≈ equivalent"),
        el("span", {}, this.swatch("same inconclusive"), "inconclusive"),
        el("span", {}, this.swatch("none"), "without a time"),
      ),
    );
  }

  async load(overview: Overview): Promise<void> {
    if (overview.compared.length === 0) {
      return;
    }
    this.choose(overview);
    const axis = (name: string | undefined): string | undefined => (name === none ? undefined : name);
    const at = Object.fromEntries(
      Object.entries(this.chosen)
        .filter(([name, value]) => name.startsWith("at.") && value !== all)
        .map(([name, value]) => [name, value]),
    );
    const asked = query({ variant: this.chosen["variant"], x: axis(this.chosen["x"]), y: axis(this.chosen["y"]), ...at });
    const map = await get<WinMap | null>(sweepPath(this.sweep, `/map${asked}${this.chosen["y"] === none ? "&y=" : ""}`));
    this.element.hidden = map === null;
    const drawing = JSON.stringify(map);
    if (map !== null && drawing !== this.drawn) {
      this.drawn = drawing;
      this.draw(map);
    }
  }

  /** Choosers are kept where they are, so that one that has the focus keeps it. */
  private choose(overview: Overview): void {
    const axes = overview.map_axes;
    const x = axes.includes(this.picked["x"] ?? "") ? (this.picked["x"] as string) : (axes.at(-1) ?? none);
    const rest = axes.filter((a) => a !== x);
    const wished = this.picked["y"] ?? "";
    const y = wished !== x && [...axes, none].includes(wished) ? wished : (rest.at(-1) ?? none);
    const wanted: { name: string; label: string; options: string[]; usual: string }[] = [
      { name: "variant", label: "variant", options: overview.compared, usual: overview.compared[0] ?? "" },
      { name: "x", label: "across", options: axes.length === 0 ? [none] : axes, usual: x },
      { name: "y", label: "down", options: [...rest, none], usual: y },
      ...overview.axes
        .filter((a) => a.varies && axes.includes(a.name) && a.name !== x && a.name !== y)
        .map((a) => ({ name: `at.${a.name}`, label: a.name, options: [all, ...a.values.map(String)], usual: all })),
    ];
    for (const name of Object.keys(this.chosen)) {
      if (!wanted.some((w) => w.name === name)) {
        delete this.chosen[name];
      }
    }
    for (const label of [...this.choosers.children]) {
      if (!wanted.some((w) => `map-${w.name}` === label.querySelector("select")?.id)) {
        label.remove();
      }
    }
    for (const [at, want] of wanted.entries()) {
      const kept = this.picked[want.name];
      const value = ["x", "y"].includes(want.name) ? want.usual : kept !== undefined && want.options.includes(kept) ? kept : want.usual;
      this.chosen[want.name] = value;
      const id = `map-${want.name}`;
      let select = this.choosers.querySelector<HTMLSelectElement>(`#${CSS.escape(id)}`);
      if (select === null) {
        const made = el("select", { id });
        made.addEventListener("change", () => {
          this.picked[want.name] = made.value;
          this.changed();
        });
        select = made;
        this.choosers.insertBefore(el("label", {}, el("span", {}, want.label), made), this.choosers.children[at] ?? null);
      }
      if ([...select.options].map((o) => o.value).join("\n") !== want.options.join("\n")) {
        select.replaceChildren(...want.options.map((o) => el("option", { value: o }, o)));
      }
      select.value = value;
    }
  }

  private draw(map: WinMap): void {
    const small = map.x.values.length > roomy || map.y.values.length > roomy;
    const boxes = new Map(map.boxes.map((b) => [b.y * map.x.values.length + b.x, b]));
    const reach = Math.max(0.15, ...map.boxes.map((b) => (b.ratio === undefined ? 0 : Math.abs(Math.log2(b.ratio)))));
    const sum = (key: "faster" | "slower" | "equivalent" | "inconclusive"): number => map.boxes.reduce((n, b) => n + b[key], 0);
    this.said.textContent = `${map.variant} in ${many(map.cells, "cell")}: ${count(sum("faster"))} faster, ${count(sum("slower"))} slower, ${count(sum("equivalent"))} equivalent, ${count(sum("inconclusive"))} inconclusive.`;
    const table = el(
      "table",
      { class: small ? "map small" : "map" },
      el("caption", {}, `${map.variant} ÷ baseline${map.x.name === "" ? "" : `; across ${map.x.name}`}${map.y.name === "" ? "" : `, down ${map.y.name}`}`),
      el(
        "thead",
        {},
        el("tr", {}, el("th", { scope: "col" }, [map.y.name, map.x.name].filter((n) => n !== "").join(" \\ ")), ...map.x.values.map((v, at) => el("th", { scope: "col" }, small && at % 10 !== 0 ? "" : v))),
      ),
      el(
        "tbody",
        {},
        ...map.y.values.map((value, y) =>
          el("tr", {}, el("th", { scope: "row" }, value), ...map.x.values.map((across, x) => this.box(boxes.get(y * map.x.values.length + x), small, reach, `${value} ${across}`.trim()))),
        ),
      ),
    );
    this.place.replaceChildren(table);
  }

  private box(box: Box | undefined, small: boolean, reach: number, where: string): HTMLTableCellElement {
    if (box === undefined) {
      return el("td", {});
    }
    const decided = box.faster + box.slower + box.equivalent;
    const side = box.ratio === undefined ? "none" : box.faster > box.slower ? "faster" : box.slower > box.faster ? "slower" : box.equivalent > 0 && box.faster === 0 ? "same" : box.ratio < 1 ? "faster" : "slower";
    const inconclusive = box.inconclusive > decided ? " inconclusive" : "";
    const parts = [
      box.faster > 0 ? `${count(box.faster)} faster` : "",
      box.slower > 0 ? `${count(box.slower)} slower` : "",
      box.equivalent > 0 ? `${count(box.equivalent)} equivalent` : "",
      box.inconclusive > 0 ? `${count(box.inconclusive)} inconclusive` : "",
      box.ended > 0 ? `${count(box.ended)} without a time` : "",
    ].filter((p) => p !== "");
    const words = `${where}: ${parts.join(", ")}${box.ratio === undefined ? "" : `; ratio ${box.ratio.toFixed(3)}`}`;
    const text = box.ratio === undefined ? "–" : `${side === "same" ? "≈ " : ""}${box.ratio.toFixed(2)}${inconclusive === "" ? "" : " ?"}`;
    const td = el("td", { class: side + inconclusive, title: words }, small ? el("span", { class: "hidden" }, text) : text);
    if (box.ratio !== undefined) {
      td.style.setProperty("--share", String(Math.min(1, Math.abs(Math.log2(box.ratio)) / reach)));
    }
    return td;
  }

  private swatch(kind: string): HTMLElement {
    const swatch = el("i", { class: kind, "aria-hidden": "true" });
    swatch.style.setProperty("--share", "1");
    return swatch;
  }
}
