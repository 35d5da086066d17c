// What is being written, kept for this tab alone until it is submitted: it outlives the page, a reload and a token that
// has expired.

const key = "layerbench-draft";

export interface Draft {
  text: string;
  name: string;
  priority: string;
}

export function draft(): Draft | null {
  const kept = sessionStorage.getItem(key);
  return kept === null ? null : (JSON.parse(kept) as Draft);
}

export function keep(now: Draft): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(now));
  } catch {
    // A text of megabytes is more than the browser keeps: it is in the editor alone.
  }
}

export const forget = (): void => sessionStorage.removeItem(key);
