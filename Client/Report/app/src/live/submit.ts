// A sweep is written, checked as it is written by the same validator that takes it, and submitted.
import { el } from "../dom";
import { ApiError, api, get, post, request, sweepPath, type SpecError } from "./api";
import { draft, forget, keep, type Draft } from "./draft";
import { Editor } from "./editor";
import type { Status } from "./model";
import { wordsOf, type Page, type Visit } from "./page";
import { many } from "./words";

const starter = (hasLayers: boolean): string => `name: my-sweep
question: Which is faster, and where?
variants: ${hasLayers ? "[ffn.dense, ffn.conv1d]" : "\n  - { variant: sim.cost, label: base, with: { cost_us: 100 } }\n  - { variant: sim.cost, label: other, with: { cost_us: 90 } }"}
${hasLayers ? "axes:\n  batch: [1, 8, 64]\n  seq_len: 32\n  d_model: [256, 512]\n  d_ff: 4*d_model\n" : "backend: simulated\naxes:\n  replicate: [1, 2, 3]\n"}`;

interface Checked {
  name: string;
  cells: number;
}

/** What to begin with: the sweep that the reader came for; or what was being written; or a sweep to change. */
async function beginning(from: string | null, schema: Record<string, unknown>): Promise<Draft> {
  const address = location.hash;
  if (from === null) {
    return draft() ?? { text: starter(JSON.stringify(schema).includes('"ffn.conv1d"')), name: "", priority: "" };
  }
  const begun = { text: await (await request(sweepPath(from, "/spec"))).text(), name: "", priority: "" };
  if (location.hash === address) {
    // From now on it is what is being written, also when this page is shown again.
    keep(begun);
    history.replaceState(null, "", "#/submit");
  }
  return begun;
}

export async function submitPage(visit: Visit, from: string | null): Promise<Page> {
  const schema = await get<Record<string, unknown>>(`${api}/schema`);
  const begun = await beginning(from, schema);
  const status = el("p", { class: "status", role: "status", id: "checked" });
  const errors = el("ul", { class: "errors", id: "errors" });
  const alert = el("p", { class: "notice", role: "alert" });
  const name = el("input", { id: "submit-name", size: 24, autocomplete: "off", value: begun.name });
  const priority = el("input", { id: "submit-priority", type: "number", min: -1000, max: 1000, value: begun.priority });
  const button = el("button", { type: "submit", id: "submit" }, "Submit");
  let checking: AbortController | null = null;
  let timer = 0;
  const editor = new Editor(begun.text, schema, changed);
  name.addEventListener("input", changed);
  priority.addEventListener("input", changed);

  const order = (): object => ({
    text: editor.text,
    set: [],
    ...(priority.value === "" ? {} : { priority: Number(priority.value) }),
    ...(name.value.trim() === "" ? {} : { name: name.value.trim() }),
  });

  function changed(): void {
    keep({ text: editor.text, name: name.value, priority: priority.value });
    later();
  }

  function later(): void {
    clearTimeout(timer);
    timer = window.setTimeout(() => void check(), 300);
  }

  function tell(wrong: SpecError[], notes: string[]): void {
    editor.mark(wrong);
    errors.replaceChildren(
      ...wrong.map((e) =>
        el(
          "li",
          {},
          e.mark.line > 0 ? el("button", { type: "button", click: () => editor.goto(e.mark) }, `line ${e.mark.line}`) : "",
          ` ${e.path === "" ? "" : `${e.path}: `}${e.message}`,
        ),
      ),
      ...notes.map((n) => el("li", {}, n)),
    );
  }

  async function check(): Promise<void> {
    checking?.abort();
    const mine = new AbortController();
    checking = mine;
    try {
      const good = await post<{ good?: Checked } & { errors?: SpecError[]; notes?: string[]; detail?: string }>(`${api}/sweeps/validate`, order(), mine.signal);
      alert.textContent = "";
      tell(good.errors ?? [], good.notes ?? []);
      status.textContent =
        good.good !== undefined ? `Good: ${good.good.name}, ${many(good.good.cells, "cell")}.` : `${many(good.errors?.length ?? 0, "error")}.`;
      button.disabled = good.good === undefined;
    } catch (error) {
      if (!mine.signal.aborted) {
        refuse(error);
      }
    }
  }

  function refuse(error: unknown): void {
    if (error instanceof ApiError) {
      if (error.status === 401) {
        visit.refused(error);
      }
      if (error.errors.length > 0) {
        tell(error.errors, error.notes);
        return;
      }
    }
    alert.textContent = wordsOf(error);
  }

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    button.disabled = true;
    try {
      const made = await post<Status>(`${api}/sweeps`, order());
      forget();
      location.hash = `#/sweeps/${encodeURIComponent(made.id)}`;
    } catch (error) {
      refuse(error);
    } finally {
      button.disabled = false;
    }
  }

  later();
  return {
    title: "Submit",
    close: () => {
      clearTimeout(timer);
      checking?.abort();
      editor.close();
    },
    element: el(
      "form",
      { submit: (event) => void submit(event) },
      el("h1", { tabindex: -1 }, "Submit a sweep"),
      el("p", { class: "about" }, "Ctrl-Space completes keys and names. Escape, then Tab, leaves the editor."),
      editor.element,
      status,
      alert,
      errors,
      el(
        "div",
        { class: "form" },
        el("label", { for: "submit-name" }, el("span", {}, "name, in place of the text's"), name),
        el("label", { for: "submit-priority" }, el("span", {}, "priority, in place of the text's"), priority),
        button,
      ),
    ),
  };
}
