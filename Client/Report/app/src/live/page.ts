// What every page has to do with: who is there, where errors go, and asking again now and then.
import { ApiError } from "./api";
import type { Role, Server } from "./model";

export interface Page {
  title: string;
  element: HTMLElement;
  /** Whatever it waits for ends. */
  close(): void;
}

/** Shown where there is no token, or none that is taken. */
export type Refused = (error: ApiError) => void;

export interface Visit {
  server: Server;
  refused: Refused;
}

const order: Role[] = ["view", "submit", "admin"];
export const may = (server: Server, least: Role): boolean => order.indexOf(server.role) >= order.indexOf(least);

/**
 * Does something now, and again when asked or after a while, never twice at once and never while nobody looks. A slow
 * answer makes the pauses longer.
 */
export class Refresh {
  private timer = 0;
  private running = false;
  private again = false;
  private closed = false;
  private endedAt = 0;
  private took = 0;

  constructor(
    private readonly act: () => Promise<void>,
    private readonly every: number,
    private readonly failed: (error: unknown) => void,
    private readonly least = 700,
  ) {
    document.addEventListener("visibilitychange", this.look);
  }

  private readonly look = (): void => {
    if (!document.hidden) {
      this.soon();
    }
  };

  now(): void {
    clearTimeout(this.timer);
    void this.run();
  }

  /** As soon as the last one is long enough ago. */
  soon(): void {
    if (this.running) {
      this.again = true;
      return;
    }
    const wait = Math.max(0, this.endedAt + Math.max(this.least, 3 * this.took) - performance.now());
    this.plan(wait);
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.look);
  }

  private plan(wait: number): void {
    clearTimeout(this.timer);
    if (!this.closed) {
      this.timer = window.setTimeout(() => void this.run(), wait);
    }
  }

  private async run(): Promise<void> {
    if (this.running || this.closed) {
      this.again = true;
      return;
    }
    this.running = true;
    this.again = false;
    const since = performance.now();
    try {
      if (!document.hidden || this.endedAt === 0) {
        await this.act();
      }
    } catch (error) {
      if (!this.closed) {
        this.failed(error);
      }
    } finally {
      this.running = false;
      this.endedAt = performance.now();
      this.took = this.endedAt - since;
    }
    if (this.again) {
      this.soon();
    } else {
      this.plan(this.every);
    }
  }
}

/** Changes the text only where it is another, so that a screen reader is not told the same twice. */
export function say(element: HTMLElement, text: string): void {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

export const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
