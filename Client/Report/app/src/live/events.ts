// Server-sent events over fetch, which can carry a token where EventSource cannot. A lost connection is taken up again
// after the last event that was seen, so nothing is missed.
import { ApiError, request, sweepPath } from "./api";
import type { Told } from "./model";

/** The server says that it is alive every 10 seconds. */
const silence = 35_000;
const pauses = [300, 1000, 2000, 5000];

export interface Listener {
  see(told: Told): void;
  /** Whether the connection is there. */
  state(connected: boolean): void;
  /** It is no use to go on: no such sweep, no token. */
  refuse(error: ApiError): void;
}

/** Until the sweep has ended or the signal says so; the sweep may begin again by a command, and is then followed anew. */
export async function follow(sweep: string, listener: Listener, signal: AbortSignal): Promise<void> {
  let last: string | null = null;
  let failures = 0;
  while (await shown(signal)) {
    const quiet = new AbortController();
    const stop = (): void => quiet.abort();
    signal.addEventListener("abort", stop);
    let left = false;
    const look = (): void => {
      if (document.hidden) {
        left = true;
        stop();
      }
    };
    document.addEventListener("visibilitychange", look);
    let timer = 0;
    const heard = (): void => {
      clearTimeout(timer);
      timer = window.setTimeout(stop, silence);
    };
    try {
      heard();
      const response = await request(sweepPath(sweep, "/events"), {
        headers: { Accept: "text/event-stream", ...(last === null ? {} : { "Last-Event-ID": last }) },
        signal: quiet.signal,
      });
      listener.state(true);
      failures = 0;
      for await (const event of events(response, heard)) {
        last = event.id ?? last;
        if (event.type === "alive") {
          continue;
        }
        const told = JSON.parse(event.data) as Told;
        listener.see(told);
        if (told.case === "sweep_ended") {
          return;
        }
      }
    } catch (error) {
      if (signal.aborted) {
        return;
      }
      if (error instanceof ApiError && [400, 401, 403, 404, 409].includes(error.status)) {
        listener.refuse(error);
        return;
      }
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      document.removeEventListener("visibilitychange", look);
      quiet.abort();
    }
    if (left) {
      continue;
    }
    listener.state(false);
    await new Promise((done) => setTimeout(done, pauses[Math.min(failures++, pauses.length - 1)]));
  }
}

/**
 * When somebody looks; false: the signal came first. A browser opens six connections to a server (HTTP/1.1), of all its
 * tabs together, so one that nobody looks at holds none.
 */
async function shown(signal: AbortSignal): Promise<boolean> {
  while (document.hidden && !signal.aborted) {
    await new Promise<void>((done) => {
      const look = (): void => {
        document.removeEventListener("visibilitychange", look);
        signal.removeEventListener("abort", look);
        done();
      };
      document.addEventListener("visibilitychange", look);
      signal.addEventListener("abort", look);
    });
  }
  return !signal.aborted;
}

interface Item {
  type: string;
  data: string;
  id?: string;
}

/** https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream, as far as this server uses it. */
async function* events(response: Response, heard: () => void): AsyncGenerator<Item> {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let rest = "";
  while (true) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    heard();
    rest += decoder.decode(value, { stream: true });
    const blocks = rest.split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const item: Item = { type: "message", data: "" };
      for (const line of block.split("\n")) {
        const at = line.indexOf(":");
        const value = line.slice(at + 1).replace(/^ /, "");
        const field = line.slice(0, at);
        if (field === "event") {
          item.type = value;
        } else if (field === "data") {
          item.data += (item.data === "" ? "" : "\n") + value;
        } else if (field === "id") {
          item.id = value;
        }
      }
      yield item;
    }
  }
}
