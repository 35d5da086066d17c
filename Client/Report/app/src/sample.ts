// More marks than can be told apart: some of them, chosen by chance, as an even step could take one side of every cell.

const most = 4000;

/** Mulberry32: a seed makes the drawing the same each time. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** All where they fit; else one out of each of as many stretches of equal length, in their order. */
export function sample<T>(all: T[], count = most): T[] {
  if (all.length <= count) {
    return all;
  }
  const next = random(1);
  return Array.from({ length: count }, (_, i) => {
    const [first, end] = [i, i + 1].map((at) => Math.floor((at * all.length) / count)) as [number, number];
    return all[first + Math.floor(next() * (end - first))] as T;
  });
}
