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

/** Strokes that rise at 45° all over a box of this size in pixels. */
export function strokes(width: number, height: number): Stroke[] {
  const step = Math.max(gap, (width + height) / most);
  const found: Stroke[] = [];
  // By where the stroke would meet the line of the box's bottom.
  for (let foot = step / 2 - height; foot < width; foot += step) {
    const [left, right] = [Math.max(0, foot), Math.min(width, foot + height)];
    found.push({ x1: left / width, y1: 1 - (left - foot) / height, x2: right / width, y2: 1 - (right - foot) / height });
  }
  return found;
}
