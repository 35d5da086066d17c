// What happened lately, a line an event, and what each device does now.
import { el } from "../dom";
import type { Told, Value } from "./model";
import { clock, count, many } from "./words";

const most = 200;

type Some = Record<string, unknown>;

/** A point of a result is an object by axis, that of a planned cell two lists. */
function entries(of: unknown): [string, Value][] {
  const { names, values } = (of ?? {}) as { names?: unknown; values?: unknown };
  return Array.isArray(names) && Array.isArray(values)
    ? names.map((n, i) => [String(n), values[i] as Value])
    : Object.entries((of ?? {}) as Record<string, Value>);
}

/** By the axes that tell cells apart; by all where they are not known yet. */
const point = (of: unknown, axes: string[]): string =>
  entries(of)
    .filter(([k]) => axes.length === 0 || axes.includes(k))
    .map(([k, v]) => `${k}=${v}`)
    .join(" ");

/** Null: it is of no interest to people. */
export function lineOf(told: Told, axes: string[]): string | null {
  const text = (key: string): string => String(told[key] ?? "");
  switch (told.case) {
    case "sweep_started":
      return `started: ${many(Number(told["cells"]), "cell")}${Number(told["finished_before"]) > 0 ? `, ${count(Number(told["finished_before"]))} of them finished before` : ""}`;
    case "device_busy":
      return `${text("device")} waits: ${text("holder")} measures on it`;
    case "slice_leased":
      return `${text("device")} takes ${many(Number(told["cells"]), "cell")}${Number(told["attempt"]) > 1 ? `, attempt ${text("attempt")}` : ""}`;
    case "launch_started":
      return `${text("device")} starts ${text("kind")} launch ${Number(told["number"]) + 1} of ${text("of")}, ${many(Number(told["cells"]), "cell")}`;
    case "cell_finished": {
      const result = told["result"] as Some;
      const outcome = result["outcome"] as { case: string; reason?: string };
      return `${point(result["point"], axes)}: ${outcome.case}${outcome.reason === undefined ? "" : `: ${outcome.reason}`}`;
    }
    case "incident_seen": {
      const incident = told["incident"] as Some;
      return `${String(incident["device"])}: ${String(incident["cause"])}: ${String(incident["message"])}`;
    }
    case "sweep_ended":
      return `ended: ${text("end")}${told["reason"] === undefined ? "" : `: ${text("reason")}`}`;
    default:
      return null;
  }
}

export class LogView {
  readonly element: HTMLElement;
  private readonly lines = el("ol", { class: "log", tabindex: 0, "aria-label": "Events" });
  private readonly devices = el("ul", { class: "counts", "aria-label": "Devices" });
  private readonly doing = new Map<string, string>();
  private waiting: Told[] = [];
  private axes: string[] = [];
  private planned = false;

  constructor() {
    this.element = el("section", { "aria-labelledby": "log-title", id: "log" }, el("h2", { id: "log-title" }, "Devices and events"), this.devices, this.lines);
  }

  /** Axes that tell cells apart. */
  know(axes: string[]): void {
    this.axes = axes;
  }

  see(told: Told): void {
    this.waiting.push(told);
    this.note(told);
    // Thousands may come at once: they are put on the page together.
    if (!this.planned) {
      this.planned = true;
      setTimeout(() => this.draw(), 250);
    }
  }

  private note(told: Told): void {
    if (told.case === "sweep_ended") {
      this.doing.clear();
    } else if (told.device !== undefined) {
      const cell = told["cell"] as Some | undefined;
      const does =
        told.case === "device_busy" ? `waits for ${String(told["holder"])}`
        : told.case === "launch_started" ? `${String(told["kind"])} launch ${Number(told["number"]) + 1} of ${String(told["of"])}, ${many(Number(told["cells"]), "cell")}`
        : told.case === "cell_started" ? `${String(told["kind"])} launch ${Number(told["launch"]) + 1}, ${point(cell?.["point"], this.axes)}`
        : told.case === "training_progressed" ? `trains ${String(told["label"])}, step ${String(told["step"])}`
        : told.case === "slice_leased" ? `begins ${many(Number(told["cells"]), "cell")}`
        : null;
      if (does !== null) {
        this.doing.set(told.device, does);
      }
    }
  }

  private draw(): void {
    this.planned = false;
    const lines = this.waiting.flatMap((told) => {
      const line = lineOf(told, this.axes);
      return line === null ? [] : [el("li", {}, el("time", { datetime: told.at }, clock(told.at)), line)];
    });
    this.waiting = [];
    this.lines.prepend(...lines.slice(-most).reverse());
    while (this.lines.children.length > most) {
      this.lines.lastElementChild?.remove();
    }
    this.devices.replaceChildren(...[...this.doing].map(([device, does]) => el("li", {}, el("b", {}, device), ` ${does}`)));
  }
}
