// What the server sends: the shapes of docs/rest.md that this page reads.

export type Role = "view" | "submit" | "admin";

export interface Server {
  version: string;
  user: string;
  role: Role;
}

export type Stage = "waiting" | "running" | "paused" | "cancelled" | "finished" | "stopped" | "unreadable";

export interface Status {
  id: string;
  name: string;
  user: string;
  priority: number;
  stage: Stage;
  created_at: string;
  cells: number;
  finished: number;
  in_flight: number;
  outcomes: Record<string, number>;
  eta?: string;
  reason?: string;
}

export interface Counts {
  faster: number;
  slower: number;
  equivalent: number;
  inconclusive: number;
}

export type Value = string | number | boolean;

/** One thing that says how far an answer can be trusted; a concern takes something away from it. */
export interface Trust {
  name: string;
  text: string;
  concern: boolean;
}

export type CommandName = "pause" | "resume" | "cancel" | "rerun";

export interface Overview {
  status: Status;
  /** That the server takes now, of whoever may give them. */
  commands: CommandName[];
  question?: string;
  verdicts: Record<string, Counts>;
  answers: string[];
  trust: Trust[];
  compared: string[];
  map_axes: string[];
  axes: { name: string; varies: boolean; values: Value[]; count: number }[];
  judged: number;
  most_judged: number;
}

export interface Box extends Counts {
  x: number;
  y: number;
  ended: number;
  ratio?: number;
  cell?: string;
}

export interface WinMap {
  variant: string;
  x: { name: string; values: string[] };
  y: { name: string; values: string[] };
  boxes: Box[];
  cells: number;
}

export interface Row {
  cell: string;
  point: Record<string, Value>;
  variant: string;
  baseline: string;
  outcome: string;
  control: string;
  device?: string;
  time?: string;
  ratio?: string;
  verdict?: string;
  peak_memory?: string;
  learnt?: string;
  note?: string;
  launches: number;
}

export interface Rows {
  rows: Row[];
  offset: number;
  count: number;
  all: number;
}

export interface Incident {
  cell?: string;
  at: string;
  device: string;
  cause: string;
  message: string;
  stderr_tail: string;
}

export interface Incidents {
  incidents: { number: number; incident: Incident }[];
  count: number;
}

export interface Device {
  device: { id: string; kind: string; model: string; memory_bytes: number };
  sweep?: string;
  /** Another process that measures on it. */
  holder?: string;
}

export interface FleetNode {
  name: string;
  address: string;
  last_heard: string;
  lost_since?: string;
  draining: boolean;
  devices: Device[];
  notes: string[];
  version: string;
  backends: string[];
}

/** An event; what it has depends on its case. */
export interface Told {
  case: string;
  at: string;
  device?: string;
  [key: string]: unknown;
}

export const failures = (status: Status): number =>
  ["incorrect", "failed", "poisoned"].reduce((sum, name) => sum + (status.outcomes[name] ?? 0), 0);

export const hasEnded = (status: Status): boolean =>
  status.in_flight === 0 && ["finished", "cancelled", "stopped", "unreadable"].includes(status.stage);
