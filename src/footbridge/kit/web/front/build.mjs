// Builds the styles and scripts of every page into kit/web/static/dist. Run by `footbridge assets`, or `npm run watch`.
import { context, build } from "esbuild";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "..", "static", "dist");
const root = join(here, "..", "..", "..", "..", "..");
const font = join(root, "node_modules", "@fontsource-variable", "atkinson-hyperlegible-next");
const budgets = { "public.js": 20, "portal.js": 35, "staff.js": 60, "board.js": 60, "harbor.css": 25 }; // gzip KB
const watching = process.argv.includes("--watch");

await rm(dist, { recursive: true, force: true });
await mkdir(join(dist, "fonts"), { recursive: true });
await copyFile(join(font, "files", "atkinson-hyperlegible-next-latin-wght-normal.woff2"), join(dist, "fonts", "hyperlegible.woff2"));
await copyFile(join(font, "LICENSE"), join(dist, "fonts", "OFL.txt"));

const options = {
  entryPoints: {
    harbor: join(here, "css", "harbor.css"),
    ...Object.fromEntries(["gate", "public", "portal", "staff", "board", "sw"].map((name) => [name, join(here, "ts", `${name}.ts`)])),
  },
  outdir: dist,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2021", "safari15", "chrome100", "firefox100"],
  external: ["*.woff2"],
  legalComments: "inline",
  logLevel: "warning",
};

if (watching) {
  await (await context(options)).watch();
} else {
  await build(options);
  const sizes = {};
  for (const [name, limit] of Object.entries(budgets)) {
    const size = gzipSync(await readFile(join(dist, name)), { level: 9 }).length;
    sizes[name] = size;
    if (size > limit * 1024) {
      console.error(`${name} is ${(size / 1024).toFixed(1)} KB gzipped; its budget is ${limit} KB.`);
      process.exitCode = 1;
    }
  }
  await writeFile(join(dist, "sizes.json"), `${JSON.stringify(sizes, null, 2)}\n`);
}
