// All sweeps, the one submitted last first.
import { el } from "../dom";
import { ApiError, api, get, query } from "./api";
import { failures, type Status } from "./model";
import { may, Refresh, say, wordsOf, type Page, type Visit } from "./page";
import { count, day, duration, many, seconds } from "./words";

const every = 3000;

export function listPage(visit: Visit): Page {
  const body = el("tbody");
  const notice = el("p", { class: "notice", role: "status" });
  const status = el("p", { class: "status", role: "status" }, "Loading …");
  const user = el("input", { type: "search", id: "list-user", size: 12 });
  const more = el("button", { type: "button", hidden: true, click: () => void older() }, "Older ones");
  const start = el(
    "p",
    { hidden: true },
    ...(may(visit.server, "submit") ? [el("a", { href: "#/submit" }, "Submit one"), ", or begin one in a terminal: "] : ["One is begun in a terminal: "]),
    el("code", {}, "layerbench run sweeps/quickstart.yaml"),
  );
  const table = el(
    "div",
    { class: "wide", tabindex: 0, role: "region", "aria-label": "Table of sweeps", hidden: true },
    el(
      "table",
      { class: "list" },
      el("thead", {}, el("tr", {}, ...heads.map(([name, wide]) => el("th", { scope: "col", class: wide ? "wideonly" : undefined }, name)))),
      body,
    ),
  );
  let pages = 1;
  let next: string | undefined;

  const refresh = new Refresh(load, every, (error) => {
    if (error instanceof ApiError && error.status === 401) {
      visit.refused(error);
    }
    say(notice, `${wordsOf(error)} What is shown may be old.`);
  });
  user.addEventListener("input", () => {
    pages = 1;
    refresh.soon();
  });

  async function load(): Promise<void> {
    const sweeps: Status[] = [];
    let after: string | undefined;
    for (let page = 0; page < pages; page++) {
      const got: { sweeps: Status[]; next?: string } = await get(`${api}/sweeps${query({ limit: 50, after, user: user.value.trim() })}`);
      sweeps.push(...got.sweeps);
      after = got.next;
      if (after === undefined) {
        break;
      }
    }
    next = after;
    more.hidden = next === undefined;
    show(sweeps.map(row));
    say(notice, "");
    table.hidden = sweeps.length === 0;
    start.hidden = sweeps.length > 0 || user.value.trim() !== "";
    say(status, sweeps.length === 0 ? (user.value.trim() === "" ? "There are no sweeps yet." : "That user has none.") : `${many(sweeps.length, "sweep")}${next === undefined ? "" : ", and older ones"}`);
  }

  /** A row that was there stays, with its link, so that a link that has the focus keeps it. */
  function show(rows: HTMLTableRowElement[]): void {
    const there = new Map([...body.rows].map((r) => [r.id, r]));
    const kept = rows.map((fresh) => {
      const old = there.get(fresh.id);
      for (const [place, cell] of old === undefined ? [] : [...fresh.cells].entries()) {
        if (place > 0) {
          old?.cells[place]?.replaceWith(cell);
        }
      }
      return old ?? fresh;
    });
    if (kept.length !== body.rows.length || kept.some((r, at) => r !== body.rows[at])) {
      const focused = document.activeElement;
      body.replaceChildren(...kept);
      if (focused instanceof HTMLElement && body.contains(focused)) {
        focused.focus({ preventScroll: true });
      }
    }
  }

  async function older(): Promise<void> {
    pages++;
    refresh.now();
  }

  refresh.now();
  return {
    title: "Sweeps",
    close: () => refresh.close(),
    element: el(
      "div",
      {},
      el("h1", { tabindex: -1 }, "Sweeps"),
      notice,
      el("div", { class: "choosers" }, el("label", {}, el("span", {}, "of user"), user)),
      status,
      start,
      table,
      el("p", { class: "pages" }, more),
    ),
  };
}

const heads: [string, boolean][] = [
  ["sweep", false],
  ["stage", false],
  ["cells", false],
  ["failed", true],
  ["left", true],
  ["user", true],
  ["submitted", true],
];

function row(status: Status): HTMLTableRowElement {
  return el(
    "tr",
    { id: `sweep-${status.id}` },
    el("th", { scope: "row" }, el("a", { href: `#/sweeps/${encodeURIComponent(status.id)}`, title: status.id }, status.name)),
    el("td", { class: `stage ${status.stage}`, title: status.reason ?? "" }, status.stage),
    el(
      "td",
      {},
      el("progress", { max: Math.max(1, status.cells), value: status.finished, "aria-label": `Cells of ${status.name}` }),
      ` ${count(status.finished)} of ${count(status.cells)}`,
    ),
    el("td", { class: "wideonly" }, failures(status) === 0 ? "" : count(failures(status))),
    el("td", { class: "wideonly" }, status.eta === undefined ? "" : `about ${duration(seconds(status.eta))}`),
    el("td", { class: "wideonly" }, status.user),
    el("td", { class: "wideonly" }, day(status.created_at)),
  );
}
