// The editor of sweep files: CodeMirror in a shadow root, whose styles it can set without any that are inline.
import { autocompletion, closeBrackets, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState, StateEffect, StateField, type Range } from "@codemirror/state";
import { Decoration, EditorView, keymap, lineNumbers, WidgetType, type DecorationSet } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { el } from "../dom";
import type { Mark, SpecError } from "./api";
import { complete } from "./complete";

const setErrors = StateEffect.define<SpecError[]>();

/** What is wrong with a line, under it. */
class Words extends WidgetType {
  constructor(private readonly text: string) {
    super();
  }

  override eq(other: Words): boolean {
    return other.text === this.text;
  }

  toDOM(): HTMLElement {
    return el("div", { class: "cm-wrong" }, this.text);
  }
}

function under(state: EditorState, errors: SpecError[]): DecorationSet {
  const marks: Range<Decoration>[] = [];
  for (const error of errors.filter((e) => e.mark.line > 0)) {
    const line = state.doc.line(Math.min(error.mark.line, state.doc.lines));
    marks.push(Decoration.line({ class: "cm-wrongLine" }).range(line.from));
    marks.push(Decoration.widget({ widget: new Words(error.message), block: true, side: 1 }).range(line.to));
  }
  return Decoration.set(marks, true);
}

const wrong = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (shown, transaction) => {
    const now = transaction.effects.find((e) => e.is(setErrors));
    return now === undefined ? shown.map(transaction.changes) : under(transaction.state, now.value as SpecError[]);
  },
  provide: (field) => EditorView.decorations.from(field),
});

const look = EditorView.theme({
  "&": { maxHeight: "60vh", fontSize: "0.9rem", color: "var(--text)", backgroundColor: "var(--card)" },
  ".cm-scroller": { fontFamily: 'ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace', minHeight: "14rem" },
  ".cm-gutters": { backgroundColor: "var(--soft)", color: "var(--quiet)", border: "none" },
  // Where the browser draws the caret itself: it is black whatever is behind it.
  ".cm-content": { caretColor: "var(--text)" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-wrongLine": { backgroundColor: "var(--concern-back)" },
  ".cm-wrong": { color: "var(--concern)", backgroundColor: "var(--concern-back)", padding: "0 0.5rem 0.2rem 1.5rem", whiteSpace: "pre-wrap", fontSize: "0.85rem" },
  ".cm-tooltip": { backgroundColor: "var(--card)", color: "var(--text)", border: "1px solid var(--line)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--link)", color: "var(--back)" },
  ".cm-content ::selection": { backgroundColor: "var(--line)" },
});

const colours = HighlightStyle.define([
  { tag: tags.definition(tags.propertyName), color: "var(--link)" },
  { tag: tags.propertyName, color: "var(--link)" },
  { tag: tags.comment, color: "var(--quiet)" },
  { tag: tags.string, color: "var(--equivalent)" },
]);

export class Editor {
  readonly element = el("div", { class: "editor" });
  private readonly view: EditorView;

  constructor(text: string, schema: Record<string, unknown>, changed: () => void) {
    const root = this.element.attachShadow({ mode: "open" });
    this.view = new EditorView({
      parent: root,
      root,
      state: EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(),
          history(),
          yaml(),
          indentUnit.of("  "),
          closeBrackets(),
          autocompletion({ override: [complete(schema)] }),
          syntaxHighlighting(colours),
          keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ "aria-label": "The sweep's text", spellcheck: "false" }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) {
              changed();
            }
          }),
          wrong,
          look,
        ],
      }),
    });
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  mark(errors: SpecError[]): void {
    this.view.dispatch({ effects: setErrors.of(errors) });
  }

  goto(mark: Mark): void {
    const line = this.view.state.doc.line(Math.max(1, Math.min(mark.line, this.view.state.doc.lines)));
    this.view.dispatch({ selection: { anchor: Math.min(line.to, line.from + Math.max(0, mark.column - 1)) }, scrollIntoView: true });
    this.view.focus();
  }

  close(): void {
    this.view.destroy();
  }
}
