// Keys and names of sweep files from their JSON schema, by where in the text the cursor is.
import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";

export interface Schema {
  properties?: Record<string, Schema>;
  patternProperties?: Record<string, Schema>;
  anyOf?: Schema[];
  items?: Schema;
  enum?: string[];
  description?: string;
}

/** A schema and all that it may be instead. */
const choices = (schema: Schema): Schema[] => [schema, ...(schema.anyOf ?? []).flatMap(choices), ...(schema.items ? choices(schema.items) : [])];

function step(at: Schema[], key: string): Schema[] {
  return at
    .flatMap((s) => [s.properties?.[key], ...Object.entries(s.patternProperties ?? {}).map(([pattern, of]) => (new RegExp(pattern, "u").test(key) ? of : undefined))])
    .filter((s) => s !== undefined)
    .flatMap(choices);
}

const indentOf = (line: string): number => (/^(\s*(?:- +)*)/.exec(line)?.[1] ?? "").length;
const keyOf = (line: string): string | undefined => /^\s*(?:- +)*([A-Za-z_][\w.]*)\s*:/.exec(line)?.[1];

/** The keys that the line is under, outermost first. */
export function pathOf(lines: string[], at: number): string[] {
  const path: string[] = [];
  let indent = indentOf(lines[at] ?? "");
  for (let above = at - 1; above >= 0 && indent > 0; above--) {
    const line = lines[above] ?? "";
    const key = keyOf(line);
    // A key's own column, not that of the dash before it.
    if (line.trim() !== "" && key !== undefined && indentOf(line) < indent) {
      path.unshift(key);
      indent = /^\s*/.exec(line)?.[0].length ?? 0;
    }
  }
  return path;
}

/** What may stand at the end of the last of these lines. */
export function optionsAt(schema: Schema, lines: string[]): { from: number; options: Completion[] } | null {
  const at = lines.length - 1;
  const line = lines[at] ?? "";
  const here = pathOf(lines, at).reduce(step, choices(schema));
  const value = /^\s*(?:- +)*([A-Za-z_][\w.]*)\s*:\s*(.*)$/.exec(line);
  const word = /[\w.:]*$/.exec(line)?.[0] ?? "";
  if (value !== null) {
    return { from: line.length - word.length, options: names(step(here, value[1] ?? "")) };
  }
  return { from: line.length - word.length, options: [...keys(here), ...(/^\s*- /.test(line) ? names(here) : [])] };
}

const keys = (at: Schema[]): Completion[] =>
  at.flatMap((s) => Object.entries(s.properties ?? {})).map(([label, of]) => ({ label, type: "property", apply: `${label}: `, ...(of.description === undefined ? {} : { info: of.description }) }));

const names = (at: Schema[]): Completion[] => [...new Set(at.flatMap((s) => s.enum ?? []))].map((label) => ({ label, type: "enum" }));

export const complete =
  (schema: Record<string, unknown>) =>
  (context: CompletionContext): CompletionResult | null => {
    const line = context.state.doc.lineAt(context.pos);
    const lines = context.state.doc.sliceString(0, context.pos).split("\n");
    const found = optionsAt(schema as Schema, lines);
    return found === null || found.options.length === 0 || (!context.explicit && context.pos - line.from === found.from)
      ? null
      : { from: line.from + found.from, options: found.options, validFor: /^[\w.:]*$/ };
  };
