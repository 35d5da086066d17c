// One sweep: how far it is, what it says so far, what failed; kept up with its events.
import { download, el } from "../dom";
import { AnswerView, TrustView } from "./answer";
import { ApiError, get, open, post, request, sweepPath } from "./api";
import { confirmed } from "./confirm";
import { follow } from "./events";
import { FailuresView } from "./failures";
import { LogView } from "./log";
import { MapView } from "./map";
import { failures, hasEnded, type CommandName, type Overview, type Status } from "./model";
import { may, Refresh, say, wordsOf, type Page, type Visit } from "./page";
import { RowsView } from "./rows";
import { count, day, duration, many, seconds } from "./words";

/** Where no event says that there is something new. */
const every = 5000;

interface Command {
  name: CommandName;
  text: string;
  question: (status: Status) => string;
}

const commands: Command[] = [
  { name: "pause", text: "Pause", question: (s) => `Pause ${s.name}? What is in flight goes on to its end.` },
  { name: "resume", text: "Resume", question: (s) => `Go on with ${s.name}?` },
  {
    name: "cancel",
    text: "Cancel",
    question: (s) => `Cancel ${s.name}? What has been measured stays; submitting it again goes on.`,
  },
  { name: "rerun", text: "Rerun failed", question: (s) => `Run ${many(failures(s), "failed cell")} of ${s.name} again?` },
];

export async function sweepPage(id: string, visit: Visit): Promise<Page> {
  let overview = await get<Overview>(sweepPath(id, "/overview"));
  const closing = new AbortController();
  const notice = el("p", { class: "notice", role: "status" });
  const error = el("p", { class: "notice", role: "alert" });
  const meta = el("p", { class: "meta" });
  const stage = el("p", { class: "status", role: "status", id: "progress-text" });
  const bar = el("progress", { "aria-label": "Cells that have ended" });
  const spoken = el("p", { class: "hidden", "aria-live": "polite" });
  const actions = el("div", { class: "actions", role: "group", "aria-label": "What can be done" });
  const capped = el("p", { class: "concern", id: "capped", role: "note", hidden: true });
  const answer = new AnswerView();
  const trust = new TrustView();
  const outcomes = el("ul", { class: "counts", "aria-label": "Cells by outcome" });
  const verdicts = el("div");
  const refresh = new Refresh(load, every, failed);
  const map = new MapView(id, () => refresh.now());
  const rows = new RowsView(id, () => refresh.now());
  const incidents = new FailuresView(id, (cell) => rows.find(cell));
  const log = new LogView();
  /** As the events tell, which cells that are measured together need: none ends long before the others. */
  let launches: { before: number; done: number; expected: number } = { before: 0, done: 0, expected: 0 };
  let shownActions = "";
  let shownVerdicts = "";
  let following = false;

  function failed(wrong: unknown): void {
    if (wrong instanceof ApiError && wrong.status === 401) {
      visit.refused(wrong);
    }
    say(error, wordsOf(wrong));
  }

  async function load(): Promise<void> {
    overview = await get<Overview>(sweepPath(id, "/overview"));
    log.know(overview.axes.filter((a) => a.varies).map((a) => a.name));
    show();
    await Promise.all([map.load(overview), rows.load(overview), incidents.load()]);
    say(error, "");
    if (overview.judged < Math.min(overview.status.finished, overview.most_judged)) {
      refresh.soon();
    }
    if (!hasEnded(overview.status)) {
      watch();
    }
  }

  function watch(): void {
    if (following) {
      return;
    }
    following = true;
    void follow(
      id,
      {
        see: (told) => {
          log.see(told);
          if (told.case === "sweep_started") {
            launches = { before: Number(told["finished_before"] ?? 0), done: 0, expected: 0 };
          } else if (told.case === "progress_made") {
            launches = { ...launches, done: Number(told["launches_done"] ?? 0), expected: Number(told["launches_expected"] ?? 0) };
          }
          refresh.soon();
        },
        state: (there) => say(notice, there ? "" : "The connection is lost; trying again. What is shown may be old."),
        refuse: failed,
      },
      closing.signal,
    ).then(() => {
      following = false;
      if (!closing.signal.aborted) {
        refresh.soon();
      }
    });
  }

  function show(): void {
    const status = overview.status;
    meta.textContent = `${status.id} · ${status.user === "" ? "" : `${status.user} · `}submitted ${day(status.created_at)}${status.priority === 0 ? "" : ` · priority ${status.priority}`}`;
    bar.max = Math.max(1, status.cells);
    const measuring = !hasEnded(status) && launches.expected > 0;
    const partly = measuring ? launches.before + ((status.cells - launches.before) * launches.done) / launches.expected : 0;
    bar.value = Math.max(status.finished, partly);
    const left = status.eta === undefined ? "" : `, about ${duration(seconds(status.eta))} left`;
    const flying =
      measuring ? `, ${count(launches.done)} of about ${many(launches.expected, "launch", "launches")}`
      : status.in_flight > 0 ? `, ${count(status.in_flight)} in flight` : "";
    stage.replaceChildren(
      el("span", { class: `stage ${status.stage}` }, status.stage),
      `: ${count(status.finished)} of ${many(status.cells, "cell")}${flying}${left}${status.reason === undefined ? "" : `. ${status.reason}`}`,
    );
    // A screen reader is told every tenth, and when the stage changes; not every cell.
    say(spoken, `${status.stage}, ${Math.floor((10 * status.finished) / Math.max(1, status.cells)) * 10} percent`);
    outcomes.replaceChildren(...Object.entries(status.outcomes).map(([name, n]) => el("li", {}, el("b", {}, count(n)), ` ${name}`)));
    capped.hidden = status.finished <= overview.most_judged;
    say(
      capped,
      capped.hidden
        ? ""
        : `Only the first ${count(overview.most_judged)} of ${many(status.finished, "finished cell")} are judged on this page: the answer, the verdicts, the map and the rows leave out the others. The full report and results.csv have all.`,
    );
    answer.show(overview);
    trust.show(overview);
    showVerdicts();
    showActions();
  }

  function showVerdicts(): void {
    const now = JSON.stringify(overview.verdicts);
    if (now === shownVerdicts) {
      return;
    }
    shownVerdicts = now;
    const entries = Object.entries(overview.verdicts);
    verdicts.replaceChildren(
      ...(entries.length === 0
        ? []
        : [
            el(
              "div",
              { class: "wide", tabindex: 0, role: "region", "aria-label": "Verdicts by variant" },
              el(
                "table",
                { id: "verdicts" },
                el("thead", {}, el("tr", {}, ...["variant", "faster", "slower", "equivalent", "inconclusive"].map((h) => el("th", { scope: "col" }, h)))),
                el(
                  "tbody",
                  {},
                  ...entries.map(([label, c]) => el("tr", {}, el("th", { scope: "row" }, label), ...[c.faster, c.slower, c.equivalent, c.inconclusive].map((n) => el("td", {}, count(n))))),
                ),
              ),
            ),
          ]),
    );
  }

  /** What the server takes now; who may not change it sees none, and would be refused all the same. */
  function showActions(): void {
    const status = overview.status;
    const mine = may(visit.server, "admin") || (may(visit.server, "submit") && status.user === visit.server.user);
    const there = mine ? commands.filter((c) => overview.commands.includes(c.name)) : [];
    const now = there.map((c) => c.name).join(" ");
    if (now === shownActions && actions.children.length > 0) {
      return;
    }
    shownActions = now;
    const focused = document.activeElement?.id ?? "";
    actions.replaceChildren(
      ...there.map((c) => el("button", { type: "button", id: `do-${c.name}`, click: () => void order(c) }, c.text)),
      el("button", { type: "button", id: "open-report", title: "In a tab of its own", click: () => open(sweepPath(id, "/report.html")) }, "Full report"),
      el("button", { type: "button", id: "save-csv", click: () => void save() }, "results.csv"),
      ...(may(visit.server, "submit") ? [el("a", { href: `#/submit?from=${encodeURIComponent(id)}` }, "Submit one like it")] : []),
    );
    if (focused.startsWith("do-") && document.activeElement === document.body) {
      actions.querySelector<HTMLElement>("button")?.focus();
    }
  }

  async function order(command: Command): Promise<void> {
    if (!(await confirmed(command.question(overview.status), command.text))) {
      return;
    }
    try {
      overview = { ...overview, status: await post<Status>(sweepPath(id, `/${command.name}`)) };
      say(error, "");
      show();
      // Which commands it takes now.
      refresh.now();
    } catch (wrong) {
      failed(wrong);
    }
  }

  async function save(): Promise<void> {
    try {
      download(`${overview.status.name}.csv`, await (await request(sweepPath(id, "/results.csv"))).blob());
    } catch (wrong) {
      failed(wrong);
    }
  }

  const text = el("pre", { tabindex: 0 });
  const spec = el(
    "details",
    {
      id: "spec",
      toggle: () => {
        if (text.textContent === "") {
          void request(sweepPath(id, "/spec")).then(async (r) => (text.textContent = await r.text()), failed);
        }
      },
    },
    el("summary", {}, "The sweep's text"),
    text,
  );

  show();
  refresh.now();
  watch();
  return {
    title: overview.status.name,
    close: () => {
      closing.abort();
      refresh.close();
    },
    element: el(
      "div",
      {},
      el("h1", { tabindex: -1 }, overview.status.name),
      ...(overview.question === undefined ? [] : [el("p", { class: "question" }, overview.question)]),
      meta,
      notice,
      error,
      el("div", { class: "big" }, bar),
      stage,
      spoken,
      actions,
      outcomes,
      capped,
      answer.element,
      verdicts,
      trust.element,
      map.element,
      incidents.element,
      rows.element,
      log.element,
      spec,
    ),
  };
}
