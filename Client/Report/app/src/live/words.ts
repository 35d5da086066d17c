// Numbers and times as people read them.

const counted = new Intl.NumberFormat("en");

export const count = (value: number): string => counted.format(value);
export const many = (value: number, noun: string, nouns = `${noun}s`): string => `${count(value)} ${value === 1 ? noun : nouns}`;

/** [d.]hh:mm:ss[.fff] as the server writes it, in seconds. */
export function seconds(span: string): number {
  const match = /^(?:(\d+)\.)?(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(span);
  return match === null ? NaN : Number(match[1] ?? 0) * 86400 + Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4]);
}

export function duration(total: number): string {
  const whole = Math.round(total);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h >= 48 ? `${Math.round(h / 24)} d` : h > 0 ? `${h} h ${m} min` : m > 0 ? `${m} min ${s} s` : `${s} s`;
}

export const clock = (at: string): string => new Date(at).toLocaleTimeString("en-GB");
export const day = (at: string): string => new Date(at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });

export const bytes = (value: number): string =>
  value >= 2 ** 30 ? `${(value / 2 ** 30).toFixed(1)} GiB` : value >= 2 ** 20 ? `${(value / 2 ** 20).toFixed(0)} MiB` : `${value} B`;
