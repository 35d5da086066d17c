// The shell: which page is shown, who is there, and the token where the server wants one.
import { el } from "../dom";
import { ApiError, api, forgetToken, get, hasToken, keepToken } from "./api";
import { listPage } from "./list";
import type { Server } from "./model";
import { nodesPage } from "./nodes";
import { may, wordsOf, type Page, type Visit } from "./page";
import { sweepPage } from "./sweep";

const main = document.getElementById("main") as HTMLElement;
const nav = document.getElementById("nav") as HTMLElement;
const who = document.getElementById("who") as HTMLElement;
let server: Server | null = null;
let shown: Page | null = null;
let turns = 0;

const links: [string, string, (server: Server) => boolean][] = [
  ["#/", "Sweeps", () => true],
  ["#/nodes", "Devices", () => true],
  ["#/submit", "Submit", (s) => may(s, "submit")],
];

function frame(): void {
  nav.replaceChildren(
    ...links
      .filter(([, , allowed]) => server !== null && allowed(server))
      .map(([href, text]) => el("a", { href, "aria-current": (location.hash || "#/") === href ? "page" : undefined }, text)),
  );
  who.replaceChildren();
  if (server !== null) {
    who.append(`${server.user} (${server.role})`);
    if (hasToken()) {
      who.append(
        el("button", {
          type: "button",
          click: () => {
            forgetToken();
            server = null;
            void show();
          },
        }, "Forget the token"),
      );
    }
  }
}

function askForToken(why: string): void {
  const input = el("input", { type: "password", id: "token", autocomplete: "off", spellcheck: "false", required: true, size: 50 });
  const form = el(
    "form",
    {
      class: "form",
      submit: (event) => {
        event.preventDefault();
        keepToken(input.value.trim());
        void show();
      },
    },
    el("label", { for: "token" }, el("span", {}, "token"), input),
    el("button", { type: "submit" }, "Go on"),
  );
  put({
    title: "Token",
    element: el(
      "div",
      {},
      el("h1", { tabindex: -1 }, "This server wants a token"),
      el("p", { role: "alert" }, why),
      form,
      el("p", { class: "about" }, "It is kept for this tab alone, until the tab is closed."),
    ),
    close: () => undefined,
  });
  input.focus();
}

function put(page: Page): void {
  shown?.close();
  shown = page;
  document.title = `${page.title} – layerbench`;
  main.replaceChildren(page.element);
}

async function pageOf(visit: Visit): Promise<Page> {
  const [path = "", search = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const parts = path.split("/").filter((p) => p !== "").map(decodeURIComponent);
  if (parts[0] === "sweeps" && parts[1] !== undefined) {
    return sweepPage(parts[1], visit);
  }
  if (parts[0] === "nodes") {
    return nodesPage(visit);
  }
  if (parts[0] === "submit" && may(visit.server, "submit")) {
    // The editor is as large as all the rest: it comes when it is wanted.
    const { submitPage } = await import("./submit");
    return submitPage(visit, new URLSearchParams(search).get("from"));
  }
  return listPage(visit);
}

async function show(): Promise<void> {
  const turn = ++turns;
  try {
    if (server === null) {
      if (!hasToken() && (await get<{ tokens: boolean }>(`${api}/access`)).tokens) {
        frame();
        askForToken("Its operator gives them out (layerbench token new).");
        return;
      }
      server = await get<Server>(api);
    }
    const visit: Visit = {
      server,
      refused: (error) => {
        if (error.status === 401) {
          server = null;
          forgetToken();
          frame();
          askForToken(error.message);
        }
      },
    };
    const page = await pageOf(visit);
    if (turn !== turns) {
      page.close();
      return;
    }
    const first = shown === null;
    put(page);
    frame();
    if (!first) {
      main.querySelector<HTMLElement>("h1")?.focus();
    }
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) {
      server = null;
      forgetToken();
      frame();
      askForToken(error.message);
      return;
    }
    put({
      title: "Not there",
      element: el(
        "div",
        {},
        el("h1", { tabindex: -1 }, "That did not work"),
        el("p", { role: "alert", class: "reason" }, wordsOf(error)),
        el("button", { type: "button", click: () => void show() }, "Try again"),
      ),
      close: () => undefined,
    });
    frame();
  } finally {
    document.documentElement.dataset["ready"] = "true";
  }
}

// Addresses after the hash are pages, so the link's own would be one that is not there.
document.querySelector(".skip")?.addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
window.addEventListener("hashchange", () => void show());
void show();
