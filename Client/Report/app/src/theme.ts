// Colours and fonts of figures, by the reader's preference for light or dark.

export interface Theme {
  background: string;
  text: string;
  quiet: string;
  grid: string;
  /** Okabe and Ito 2008: told apart by people who see few colours. */
  categories: string[];
  faster: string;
  same: string;
  slower: string;
  /** What is written on the two. */
  onFaster: string;
  onSlower: string;
}

const light: Theme = {
  background: "#ffffff",
  text: "#1b1f24",
  quiet: "#57606a",
  grid: "#e3e6ea",
  categories: ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a6d00", "#56b4e9", "#e69f00", "#555555"],
  faster: "#2a78b8",
  same: "#f1f1ee",
  slower: "#d9781e",
  onFaster: "#ffffff",
  onSlower: "#1b1f24",
};

const dark: Theme = {
  background: "#14181d",
  text: "#e6eaef",
  quiet: "#a5b0bc",
  grid: "#2c343d",
  categories: ["#56b4e9", "#ff9a4d", "#2fc79a", "#e29cc4", "#f0e442", "#7aa6ff", "#e69f00", "#b0b0b0"],
  faster: "#4a9ede",
  same: "#2b3036",
  slower: "#e88b35",
  onFaster: "#0f1216",
  onSlower: "#0f1216",
};

export const darkQuery = matchMedia("(prefers-color-scheme: dark)");
export const theme = (): Theme => (darkQuery.matches ? dark : light);

export function vegaConfig(t: Theme): Record<string, unknown> {
  const font = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";
  return {
    background: t.background,
    font,
    axis: {
      labelColor: t.text,
      titleColor: t.text,
      gridColor: t.grid,
      domainColor: t.quiet,
      tickColor: t.quiet,
      labelFontSize: 12,
      titleFontSize: 12,
      titleFontWeight: 500,
      labelLimit: 260,
    },
    legend: { labelColor: t.text, titleColor: t.text, labelFontSize: 12, titleFontSize: 12, titleFontWeight: 500, labelLimit: 220 },
    title: { color: t.text },
    view: { stroke: "transparent" },
    range: { category: t.categories },
    line: { strokeWidth: 2 },
  };
}
