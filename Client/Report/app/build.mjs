// One script, minified, that a page can carry inline.
import { build } from "esbuild";
import { readFileSync } from "node:fs";

await build({
  entryPoints: ["src/main.ts"],
  outfile: "report.js",
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022"],
  charset: "ascii",
  legalComments: "none",
  logLevel: "warning",
});

// Inline, these would end the script or change how the rest of the page is read.
const script = readFileSync("report.js", "latin1");
for (const breaking of ["</script", "<!--", "<script"]) {
  if (script.toLowerCase().includes(breaking)) {
    throw new Error(`report.js contains ${breaking}, which cannot stand in an inline script`);
  }
}
