// Vega without its expression compiler, which would need the right to make code from text: expressions are interpreted.
import { expressionInterpreter } from "vega-interpreter";
import { compile } from "vega-lite";
import { parse, View, Warn } from "vega";
import { el } from "./dom";
import { theme, vegaConfig } from "./theme";

export type Spec = Record<string, unknown>;

const tip = el("div", { class: "tip", role: "presentation", hidden: true });

/** The datum's field `tip`, lines and all, beside the pointer. */
function showTip(_: unknown, event: MouseEvent, __: unknown, value: unknown): void {
  if (value === null || value === undefined || value === "") {
    tip.hidden = true;
    return;
  }
  tip.textContent = String(value);
  tip.hidden = false;
  const { innerWidth, innerHeight } = window;
  tip.style.left = `${Math.max(8, Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8))}px`;
  tip.style.top = `${Math.max(8, Math.min(event.clientY + 14, innerHeight - tip.offsetHeight - 8))}px`;
}

export async function draw(container: HTMLElement, spec: Spec, description: string): Promise<View> {
  if (!tip.isConnected) {
    document.body.append(tip);
  }
  const whole = {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    description,
    width: "container",
    autosize: { type: "fit-x", contains: "padding" },
    ...spec,
    config: vegaConfig(theme()),
  };
  const compiled = compile(whole as unknown as Parameters<typeof compile>[0]).spec;
  const view = new View(parse(compiled, undefined, { ast: true }), {
    expr: expressionInterpreter,
    renderer: "canvas",
    container,
    logLevel: Warn,
    tooltip: showTip as never,
  });
  await view.runAsync();
  return view;
}
