// Deaths of workers and errors that they reported, with the end of what they wrote.
import { el } from "../dom";
import { get, query, sweepPath } from "./api";
import type { Incident, Incidents } from "./model";
import { wordsOf } from "./page";
import { count, day, many } from "./words";

export class FailuresView {
  readonly element: HTMLElement;
  private readonly list = el("div");
  private readonly status = el("p", { class: "status", role: "status" });
  private readonly more = el("button", { type: "button", hidden: true, click: () => void this.older() }, "Older ones");
  private newest = 0;
  private oldest: number | undefined;
  private shown = 0;

  /** @param find Shows the rows of a cell. */
  constructor(
    private readonly sweep: string,
    private readonly find: (cell: string) => void,
  ) {
    this.element = el(
      "section",
      { "aria-labelledby": "failures-title", id: "failures", hidden: true },
      el("h2", { id: "failures-title" }, "Failures"),
      this.status,
      this.list,
      el("p", { class: "pages" }, this.more),
    );
  }

  async load(): Promise<void> {
    const page = await get<Incidents>(sweepPath(this.sweep, "/incidents/latest"));
    const fresh = page.incidents.filter((i) => i.number > this.newest);
    const oldestFresh = page.incidents.at(-1)?.number;
    if (this.newest > 0 && fresh.length === page.incidents.length && fresh.length > 0) {
      // More came than a page has: from here anew, so that nothing between is left out unseen.
      this.list.replaceChildren();
      this.shown = 0;
      this.oldest = oldestFresh;
    }
    this.oldest ??= oldestFresh;
    this.newest = page.incidents[0]?.number ?? this.newest;
    this.list.prepend(...fresh.map((i) => this.card(i.incident)));
    this.shown += fresh.length;
    this.tell(page.count);
  }

  private async older(): Promise<void> {
    let page: Incidents;
    try {
      page = await get<Incidents>(sweepPath(this.sweep, `/incidents/latest${query({ before: this.oldest })}`));
    } catch (error) {
      this.status.textContent = wordsOf(error);
      return;
    }
    this.oldest = page.incidents.at(-1)?.number ?? this.oldest;
    this.list.append(...page.incidents.map((i) => this.card(i.incident)));
    this.shown += page.incidents.length;
    this.tell(page.count);
  }

  private tell(all: number): void {
    this.element.hidden = all === 0;
    const text = `${many(all, "incident")}, the last one first${this.shown < all ? `; ${count(this.shown)} shown` : ""}`;
    if (this.status.textContent !== text) {
      this.status.textContent = text;
    }
    this.more.hidden = this.shown >= all;
  }

  private card(incident: Incident): HTMLElement {
    const cell = incident.cell;
    return el(
      "article",
      { class: "failure" },
      el(
        "p",
        { class: "meta" },
        `${day(incident.at)} · ${incident.device} · ${causes[incident.cause] ?? incident.cause}`,
        ...(cell === undefined ? [] : [" · ", el("button", { type: "button", class: "link", title: cell, click: () => this.find(cell) }, "its cell")]),
      ),
      el("p", { class: "reason" }, incident.message),
      ...(incident.stderr_tail.trim() === "" ? [] : [el("details", {}, el("summary", {}, "the end of its stderr"), el("pre", { tabindex: 0 }, incident.stderr_tail))]),
    );
  }
}

const causes: Record<string, string> = {
  worker_lost: "worker died",
  oom: "out of memory",
  timeout: "timed out",
  error: "error",
  protocol: "worker spoke nonsense",
  preempted: "preempted",
};
