// The answer so far and how far to trust it, in the server's words, which are the report's.
import { el } from "../dom";
import { hasEnded, type Overview } from "./model";
import { count, many } from "./words";

/** What makes the numbers worse than they could be: it is read with the answer. */
const environment = "environment";

export class AnswerView {
  readonly element = el("section", { id: "answer", "aria-labelledby": "answer-title" });
  private shown = "";

  show(overview: Overview): void {
    const { status, answers, judged, most_judged: most } = overview;
    const reading = judged < Math.min(status.finished, most) ? `Of ${many(status.finished, "cell")}, ${count(judged)} have been read so far.` : "";
    const warnings = overview.trust.filter((t) => t.name === environment);
    const title = hasEnded(status) ? "The answer" : "The answer so far";
    const now = JSON.stringify([title, answers, reading, warnings]);
    if (now === this.shown) {
      return;
    }
    this.shown = now;
    const nothing = status.finished > 0 ? "What was measured is being read." : "Nothing has been measured yet.";
    this.element.replaceChildren(
      el("h2", { id: "answer-title" }, title),
      ...(answers.length > 0 ? answers : [nothing]).map((s) => el("p", { class: "sentence" }, s)),
      ...(reading === "" ? [] : [el("p", { class: "about" }, reading)]),
      ...warnings.map((w) => el("p", { class: "concern" }, w.text)),
    );
  }
}

export class TrustView {
  private readonly list = el("dl");
  readonly element = el("section", { id: "trust", "aria-labelledby": "trust-title", hidden: true }, el("h2", { id: "trust-title" }, "How far to trust it"), this.list);
  private shown = "";

  show(overview: Overview): void {
    const items = overview.trust.filter((t) => t.name !== environment);
    const now = JSON.stringify(items);
    if (now === this.shown) {
      return;
    }
    this.shown = now;
    this.element.hidden = items.length === 0;
    this.list.replaceChildren(
      ...items.map((t) => el("div", t.concern ? { class: "concern" } : {}, el("dt", {}, t.concern ? `${t.name}: look at this` : t.name), el("dd", {}, t.text))),
    );
  }
}
