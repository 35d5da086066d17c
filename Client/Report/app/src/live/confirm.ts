// Asks before something is done that cannot be taken back at once.
import { el } from "../dom";

export function confirmed(question: string, yes: string): Promise<boolean> {
  return new Promise((done) => {
    const no = el("button", { type: "button", click: () => dialog.close("no") }, "No");
    const dialog = el(
      "dialog",
      { "aria-labelledby": "question", close: () => {
        dialog.remove();
        done(dialog.returnValue === "yes");
      } },
      el("p", { id: "question" }, question),
      el("div", { class: "actions" }, el("button", { type: "button", click: () => dialog.close("yes") }, yes), no),
    );
    document.body.append(dialog);
    dialog.showModal();
    no.focus();
  });
}
