// Hatching for charts, which have no patterns: strokes from edge to edge of a box.

/** Between two strokes, in pixels, unless a box is so wide that there would be too many. */
const gap = 9;
const most = 40;

/** A stroke's ends as shares of the box, from its left and its top. */
export interface Stroke {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

/**
 * Strokes that rise at 45° all over a box; sizes in pixels.
 * @param text Left free in the middle, so that no stroke runs through a number.
 */
export function strokes(width: number, height: number, text?: { width: number; height: number }): Stroke[] {
  const step = Math.max(gap, (width + height) / most);
  const found: Stroke[] = [];
  // By where the stroke would meet the line of the box's bottom; its height is that far from there as its place.
  for (let foot = step / 2 - height; foot < width; foot += step) {
    const [left, right] = [Math.max(0, foot), Math.min(width, foot + height)];
    const [from, to] =
      text === undefined
        ? [right, right]
        : [Math.max((width - text.width) / 2, foot + (height - text.height) / 2), Math.min((width + text.width) / 2, foot + (height + text.height) / 2)];
    const parts: [number, number][] = from < to ? [[left, from], [to, right]] : [[left, right]];
    found.push(
      ...parts
        .filter(([a, b]) => b - a > 1)
        .map(([a, b]) => ({ x1: a / width, y1: 1 - (a - foot) / height, x2: b / width, y2: 1 - (b - foot) / height })),
    );
  }
  return found;
}
