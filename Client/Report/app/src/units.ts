// Numbers with their units: as the tables have them, and on the axes of charts.

const times: [number, string][] = [[1, "s"], [1e-3, "ms"], [1e-6, "µs"], [1e-9, "ns"]];

/** Three digits and a unit: 292 µs. */
export function duration(seconds: number): string {
  if (!(seconds > 0) || !Number.isFinite(seconds)) {
    return "–";
  }
  const [size, name] = times.find(([s]) => seconds >= 0.9995 * s) ?? [1e-9, "ns"];
  const value = seconds / size;
  return `${value.toFixed(value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2)} ${name}`;
}

/** Of a chart's axis of seconds. */
export const secondsAxis = { labelExpr: "format(datum.value, '~s') + 's'" };

const kib = 1024;
const sizes = ["B", "KiB", "MiB", "GiB", "TiB"];

/** Of a chart's axis of bytes: at round places in binary units, which the scale would not choose. */
export function bytesAxis(values: number[], scale: "log" | "linear"): object {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const places: number[] = [];
  if (scale === "log") {
    const [first, last] = [Math.floor(Math.log2(low)), Math.ceil(Math.log2(high))];
    const step = Math.max(1, Math.ceil((last - first) / 7));
    for (let power = first; power <= last; power += step) {
      places.push(2 ** power);
    }
  } else {
    const unit = kib ** Math.min(sizes.length - 1, Math.max(0, Math.floor(Math.log2(high) / 10)));
    const wanted = Math.max((high - low) / unit / 5, high / unit / 50);
    const power = 10 ** Math.floor(Math.log10(wanted));
    const step = unit * ([1, 2, 5].map((n) => n * power).find((s) => s >= wanted) ?? 10 * power);
    for (let place = Math.floor(low / step) - 1; place <= Math.ceil(high / step) + 1; place++) {
      places.push(place * step);
    }
  }
  const text = sizes.reduceRight((rest, name, at) => {
    const one = `format(datum.value / ${kib ** at}, '.3~g') + ' ${name}'`;
    return rest === "" ? one : `datum.value < ${kib ** (at + 1)} ? ${one} : ${rest}`;
  }, "");
  return { values: places.filter((p) => p >= 0), labelExpr: text };
}

const digits = [[1], [1, 2, 5], [1, 1.5, 2, 3, 5, 7]];
const fewest = 4;

/** Round places on a logarithmic axis, evenly spread: the scale's own crowd towards the end of each decade. */
export function logTicks(values: number[]): number[] {
  const [least, greatest] = [Math.min(...values), Math.max(...values)];
  const [low, high] = least < greatest ? [least, greatest] : [least / 1.5, 1.5 * least];
  const decades = Array.from({ length: Math.floor(Math.log10(high)) - Math.floor(Math.log10(low)) + 1 }, (_, i) => Math.floor(Math.log10(low)) + i);
  for (const set of digits) {
    const ticks = decades.flatMap((d) => set.map((n) => Number((n * 10 ** d).toPrecision(3)))).filter((t) => t >= low && t <= high);
    if (ticks.length >= fewest) {
      return ticks;
    }
  }
  const wanted = (high - low) / fewest;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = [5, 2, 1].map((n) => n * power).find((s) => s <= wanted) ?? power;
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.max(0, Math.floor(high / step) - first) + 1 }, (_, i) => Number(((first + i) * step).toPrecision(6)));
}
