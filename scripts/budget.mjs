// Holds the code to its size: no source file over 500 lines, and the engine, bundled, minified and gzipped with its
// kernels, within 60 KB. Prints the engine's total as well, so that its growth is seen.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, extname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const LINES = 500;
const BYTES = 60 * 1024;
const SOURCE = new Set([".ts", ".tsx", ".mjs", ".js", ".py", ".css"]);

/** Every hand-written source file under a folder. */
function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== "node_modules") yield* sources(path);
    } else if (SOURCE.has(extname(entry.name)) && !entry.name.includes(".generated.")) yield path;
  }
}

const lines = (path) => readFileSync(path, "utf8").split("\n").length - 1;
let failed = false;
const fail = (line) => {
  console.error(`budget: ${line}`);
  failed = true;
};

let code = 0;
let tests = 0;
for (const folder of ["packages", "bench", "examples", "scripts", "tests"]) {
  for (const path of sources(join(root, folder))) {
    const name = relative(root, path).split(sep).join("/");
    const count = lines(path);
    if (count > LINES) fail(`${name} has ${count} lines; the limit is ${LINES}. Which two things does it say?`);
    if (!name.startsWith("packages/plastica/")) continue;
    if (name.endsWith(".test.ts")) tests += count;
    else code += count;
  }
}

const bundle = await build({
  entryPoints: [join(root, "packages/plastica/src/index.ts")],
  bundle: true,
  minify: true,
  format: "esm",
  platform: "browser",
  target: "es2022",
  write: false,
});
const zipped = gzipSync(bundle.outputFiles[0].contents, { level: 9 }).length;
const kilo = (bytes) => (bytes / 1024).toFixed(1);
if (zipped > BYTES) fail(`the engine is ${kilo(zipped)} KB minified and gzipped; the limit is ${kilo(BYTES)} KB`);

console.log(
  `budget: engine ${code} lines and ${tests} of tests; ${kilo(bundle.outputFiles[0].contents.length)} KB minified, ` +
    `${kilo(zipped)} KB gzipped with its kernels (limit ${kilo(BYTES)} KB)`,
);
process.exitCode = failed ? 1 : 0;
