// A legend above a chart, in as many columns as the page has room for: it would be cut off at the edge, not folded.

const letter = 7;
const symbol = 34;
/** Edges of page and figure, and the labels of the axis beside which a legend begins. */
const beside = 130;

export function topLegend(labels: string[]): Record<string, unknown> {
  const widest = symbol + letter * Math.max(0, ...labels.map((l) => l.length));
  const room = Math.min(window.innerWidth, 1150) - beside;
  return { orient: "top", title: null, symbolOpacity: 1, columns: Math.max(1, Math.min(labels.length, Math.floor(room / widest))) };
}
