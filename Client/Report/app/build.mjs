// The report's script, one file that a page can carry inline, and the live page's, which a server gives out.
import { build } from "esbuild";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const usual = {
  bundle: true,
  minify: true,
  target: ["es2022"],
  charset: "ascii",
  legalComments: "none",
  logLevel: "warning",
};

await build({ ...usual, entryPoints: ["src/main.ts"], outfile: "report.js", format: "iife" });

// Inline, these would end the script or change how the rest of the page is read.
const script = readFileSync("report.js", "latin1");
for (const breaking of ["</script", "<!--", "<script"]) {
  if (script.toLowerCase().includes(breaking)) {
    throw new Error(`report.js contains ${breaking}, which cannot stand in an inline script`);
  }
}

// What is only wanted later, the editor, becomes a file of its own.
rmSync("live", { recursive: true, force: true });
mkdirSync("live");
await build({
  ...usual,
  entryPoints: [
    { in: "src/live/main.ts", out: "live" },
    { in: "src/live/live.css", out: "live" },
  ],
  outdir: "live",
  format: "esm",
  splitting: true,
  chunkNames: "[name]-[hash]",
});
writeFileSync("live/index.html", readFileSync("src/live/index.html"));
for (const name of readdirSync("live")) {
  writeFileSync(`live/${name}.gz`, gzipSync(readFileSync(`live/${name}`), { level: 9 }));
}
