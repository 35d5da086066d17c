// What the page is given: the shape that ReportJson.cs writes.

export type Verdict = "faster" | "slower" | "equivalent" | "inconclusive";

/** Value, low, high; null where an end has no bound. */
export type Triple = [number, number | null, number | null];

export type Series = Record<string, [number, number][]>;

export interface Training {
  metric: string;
  text: string;
  value?: number;
  guess?: number;
  best: boolean;
  series: Series;
}

/** One variant of a cell. Times in seconds of one iteration, memory in bytes, ratios to the baseline. */
export interface Side {
  label: number;
  time?: Triple;
  timeText?: string;
  ratio?: Triple;
  ratioText?: string;
  memory?: Triple;
  memoryText?: string;
  verdict?: Verdict;
  verdictText?: string;
  flops?: number;
  bytes?: number;
  parameters?: number;
  roof?: number;
  training?: Training;
}

/** Number, seconds since the first launch, 1 where steady, refused samples, ratio by side, times by side. */
export type Launch = [number, number, number, number, (number | null)[], number[][]];

export interface Cell {
  id: string;
  outcome: string;
  note?: string;
  control?: "same" | "slower";
  device?: string;
  baseline: number;
  /** By axis: the place of its value; -1 where the cell has none. */
  point: number[];
  sides: Side[];
  launches?: Launch[];
  curves?: { side: number; series: Series }[];
}

export interface Axis {
  name: string;
  varies: boolean;
  /** Given values by the sweep, and not computed from other axes. */
  listed: boolean;
  numbers: boolean;
  values: string[];
}

export interface Crossover {
  axis: string;
  text: string;
  place: Record<string, string>;
  at: number | null;
  low: number | null;
  high: number | null;
}

export interface Group {
  metric: string;
  guess: number | null;
  place: Record<string, string>;
  variants: { label: string; text: string; mean: number | null; rate: string | null }[];
}

export interface Report {
  title: string;
  comparison: boolean;
  detail: "samples" | "quartiles" | "medians";
  margin: number;
  labels: string[];
  axes: Axis[];
  cells: Cell[];
  crossovers: Crossover[];
  peaks: { fingerprint: string; flops: number | null; bytes: number | null }[];
  canaries: { device: string; fingerprint: string; at: number; gemm: number | null; triad: number | null }[];
  quality: Group[];
}

export function read(): Report {
  return JSON.parse(document.getElementById("data")?.textContent ?? "") as Report;
}

export const labelOf = (report: Report, side: Side): string => report.labels[side.label] ?? "";

/** The text of a cell's value; "" where it has none. */
export function valueOf(report: Report, cell: Cell, axis: string): string {
  const at = report.axes.findIndex((a) => a.name === axis);
  return report.axes[at]?.values[cell.point[at] ?? -1] ?? "";
}

/** Axes that tell cells apart. */
export const varying = (report: Report): Axis[] => report.axes.filter((a) => a.varies);

/**
 * Axes that tell these cells apart, with their values there, as far as they may be chosen freely: what is computed from
 * others goes along with them. Cells of other passes may have other axes.
 */
export function choosable(report: Report, cells: Cell[]): Axis[] {
  const there = report.axes
    .map((axis, at) => {
      const places = new Set(cells.map((c) => c.point[at] ?? -1));
      return { ...axis, values: axis.values.filter((_, place) => places.has(place)) };
    })
    .filter((a) => a.varies && a.values.length > 1);
  const free = there.filter((a) => a.listed);
  return free.length > 0 ? free : there;
}

export function pointText(report: Report, cell: Cell): string {
  const text = varying(report)
    .map((a) => [a.name, valueOf(report, cell, a.name)])
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
  return text === "" ? "the one point" : text;
}

export const median = (values: number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(at)] ?? NaN) + (sorted[Math.ceil(at)] ?? NaN)) / 2;
};
