// Machines, their devices, and what each works for.
import { el } from "../dom";
import { ApiError, api, get, request } from "./api";
import { confirmed } from "./confirm";
import type { Device, FleetNode } from "./model";
import { may, Refresh, say, wordsOf, type Page, type Visit } from "./page";
import { bytes, day, many } from "./words";

const every = 3000;

export function nodesPage(visit: Visit): Page {
  const list = el("div");
  const notice = el("p", { class: "notice", role: "status" });
  const status = el("p", { class: "status", role: "status" }, "Loading …");
  let known = "";
  const refresh = new Refresh(load, every, failed);

  function failed(error: unknown): void {
    if (error instanceof ApiError && error.status === 401) {
      visit.refused(error);
    }
    say(notice, wordsOf(error));
  }

  async function load(): Promise<void> {
    const nodes = await get<FleetNode[]>(`${api}/nodes`);
    say(notice, "");
    const lost = nodes.filter((n) => n.lost_since !== undefined).length;
    say(status, `${many(nodes.length - lost, "node")}, ${many(nodes.reduce((n, node) => n + node.devices.length, 0), "device")}${lost === 0 ? "" : `; ${lost} lost`}`);
    // Only where something has changed, so that what has the focus keeps it.
    const now = JSON.stringify(nodes.map((n) => ({ ...n, last_heard: "" })));
    if (now !== known) {
      known = now;
      list.replaceChildren(...nodes.map(card));
    }
  }

  function work(device: Device): (Node | string)[] {
    const sweep = device.sweep === undefined ? [] : [el("a", { href: `#/sweeps/${encodeURIComponent(device.sweep)}` }, device.sweep)];
    if (device.holder !== undefined) {
      return [...sweep, `${sweep.length > 0 ? ", which " : ""}another process measures here: ${device.holder}`];
    }
    return sweep.length > 0 ? sweep : ["idle"];
  }

  function card(node: FleetNode): HTMLElement {
    const drain = async (): Promise<void> => {
      const question = node.draining
        ? `Let ${node.name} work again?`
        : `Give ${node.name} no more work? What its devices have, they finish.`;
      if (!(await confirmed(question, node.draining ? "Work again" : "Drain"))) {
        return;
      }
      try {
        await request(`${api}/nodes/${encodeURIComponent(node.name)}`, {
          method: "PUT",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ draining: !node.draining }),
        });
        refresh.now();
      } catch (error) {
        failed(error);
      }
    };
    return el(
      "section",
      { class: "figure" },
      el("h2", {}, node.name),
      el("p", { class: "meta" }, node.lost_since !== undefined ? `lost since ${day(node.lost_since)}` : `${node.address} · layerbench ${node.version} · ${node.backends.join(", ")} · last heard of ${day(node.last_heard)}${node.draining ? " · draining" : ""}`),
      ...node.notes.map((n) => el("p", { class: "concern" }, n)),
      el(
        "div",
        { class: "wide", tabindex: 0, role: "region", "aria-label": `Devices of ${node.name}` },
        el(
          "table",
          {},
          el("thead", {}, el("tr", {}, ...["device", "model", "memory", "works for"].map((h) => el("th", { scope: "col" }, h)))),
          el(
            "tbody",
            {},
            ...node.devices.map((d) =>
              el(
                "tr",
                {},
                el("th", { scope: "row" }, d.device.id),
                el("td", {}, d.device.model),
                el("td", {}, bytes(d.device.memory_bytes)),
                el("td", {}, ...work(d)),
              ),
            ),
          ),
        ),
      ),
      ...(may(visit.server, "admin") ? [el("p", { class: "actions" }, el("button", { type: "button", click: () => void drain() }, node.draining ? "Work again" : "Drain"))] : []),
    );
  }

  refresh.now();
  return {
    title: "Devices",
    close: () => refresh.close(),
    element: el("div", {}, el("h1", { tabindex: -1 }, "Devices"), notice, status, list),
  };
}
