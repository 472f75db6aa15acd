// Holds the code to its size: no source file over 500 lines; what a page pays that lets a network live, bundled, minified
// and gzipped with the kernels, within 72 KB; and the engine with everything that there is within 160 KB. Mechanisms
// that a page does not name cost it nothing, so the first limit is for what all of them stand on.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, extname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const LINES = 500;
const PAGE_BYTES = 72 * 1024;
const ALL_BYTES = 160 * 1024;
/** What the README's first program takes from the engine. */
const PAGE = "backprop, continualBackprop, crossEntropy, dense, live, relu, sequential, sgd";
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

/** Bytes of an export statement and all that it pulls in, minified and gzipped. */
async function gzipped(names) {
  const face = join(root, "packages/plastica/src/index.ts");
  const { outputFiles } = await build({
    stdin: { contents: `export ${names} from ${JSON.stringify(face)};`, resolveDir: root },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}

const kilo = (bytes) => (bytes / 1024).toFixed(1);
const sizes = [
  { what: "a page with the README's first program", bytes: await gzipped(`{ ${PAGE} }`), limit: PAGE_BYTES },
  { what: "the whole engine", bytes: await gzipped("*"), limit: ALL_BYTES },
];
for (const { what, bytes, limit } of sizes)
  if (bytes > limit) fail(`${what} takes ${kilo(bytes)} KB minified and gzipped; the limit is ${kilo(limit)} KB`);

console.log(
  `budget: engine ${code} lines and ${tests} of tests; minified and gzipped with its kernels ` +
    sizes.map(({ what, bytes, limit }) => `${what} takes ${kilo(bytes)} KB (limit ${kilo(limit)})`).join(", "),
);
process.exitCode = failed ? 1 : 0;
