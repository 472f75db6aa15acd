// Compiles the engine's AssemblyScript kernels to WebAssembly, twice, and inlines both builds as text.
//
// `plain` multiplies and then adds; `fused` may use relaxed SIMD. A kernel source tells them apart by the constant
// `FUSED` (0 or 1), which is folded away. The result is one generated TypeScript file, so that Node, browsers and
// bundlers all load the kernels alike. Plain JavaScript, because it must run before anything is set up.
//
//   node scripts/build-kernels.mjs [--entry FILE] [--out FILE] [--if-stale]
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const defaultEntry = join(root, "packages/plastica/kernels/index.ts");
const defaultOut = join(root, "packages/plastica/src/compute/kernels.generated.ts");

/** Kernels may keep static data (lookup tables) only below this address; the arena owns everything from here on. */
const STATIC_DATA_LIMIT = 1024;

/** Bytes of a build that stand together. */
const PIECE = 4096;

/** Pages of the imported memory: what the loader and the compiled rules declare too. */
const PAGES = { min: 1, max: 65536 };

const shared = [
  "--runtime=stub",
  "--optimizeLevel=3",
  "--shrinkLevel=0",
  "--noAssert",
  "--memoryBase=16",
  "--importMemory",
  "--noExportMemory",
  "--exportTable",
  `--initialMemory=${PAGES.min}`,
  `--maximumMemory=${PAGES.max}`,
  "--enable=simd",
  "--enable=bulk-memory",
  "--use=abort=",
];
const builds = [
  { name: "plain", options: ["--use=FUSED=0"] },
  { name: "fused", options: ["--use=FUSED=1", "--enable=relaxed-simd"] },
];

/** The hash of all that decides the compiled bytes: the sources, this script and the compiler's version. */
export function kernelHash(entry = defaultEntry) {
  const hash = createHash("sha256");
  const folder = dirname(entry);
  for (const name of readdirSync(folder, { recursive: true }).map(String).sort()) {
    if (name.endsWith(".ts") && !name.endsWith(".generated.ts"))
      hash.update(`${name.split(sep).join("/")}\0`).update(readFileSync(join(folder, name)));
  }
  hash.update(readFileSync(fileURLToPath(import.meta.url)));
  const lock = join(root, "package-lock.json");
  const version = existsSync(lock)
    ? /"node_modules\/assemblyscript": \{\s*"version": "([^"]+)"/.exec(readFileSync(lock, "utf8"))?.[1]
    : "";
  return hash
    .update(version ?? "")
    .digest("hex")
    .slice(0, 32);
}

/** Whether the generated file is there and was made from the kernels as they are now. */
export function kernelsAreFresh(entry = defaultEntry, out = defaultOut) {
  if (!existsSync(out)) return false;
  const head = readFileSync(out, "utf8").slice(0, 600);
  return head.includes(`// kernels ${kernelHash(entry)}\n`);
}

/** Compiles both builds, checks them and writes the generated file. Returns their sizes in bytes. */
export async function buildKernels(entry = defaultEntry, out = defaultOut) {
  const { default: asc } = await import("assemblyscript/asc");
  const hash = kernelHash(entry);
  const compiled = {};
  for (const { name, options } of builds) compiled[name] = await compile(asc, entry, name, options);
  const text = [
    "// Made by scripts/build-kernels.mjs from packages/plastica/kernels. Not edited by hand, not committed.",
    `// kernels ${hash}`,
    ...inPieces(compiled),
    "",
  ].join("\n");
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(`${out}.partial`, text);
  renameSync(`${out}.partial`, out);
  return Object.fromEntries(builds.map(({ name }) => [name, compiled[name].length]));
}

/**
 * Both builds, a piece of each in turns: they are nearly alike, and what zips the page sees how alike things are that stand at most 32 KB apart.
 */
function inPieces(compiled) {
  const pieces = [];
  const most = Math.max(...builds.map(({ name }) => compiled[name].length));
  for (let from = 0; from < most; from += PIECE)
    for (const { name } of builds) pieces.push(asText(compiled[name].subarray(from, from + PIECE)));
  const every = (nth) => `pieces.filter((_, i) => i % ${builds.length} === ${nth}).join("")`;
  return [
    `const pieces = [\n${pieces.map((piece) => `  "${piece}",`).join("\n")}\n];`,
    ...builds.map(({ name }, i) => `export const ${name} = ${every(i)};`),
  ];
}

/** A character a byte: what gzip makes of it is nearly as small as of the bytes, where base64 hides that they repeat. */
function asText(bytes) {
  const escaped = (byte) => `\\x${byte.toString(16).padStart(2, "0")}`;
  const plain = (byte) => byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
  return Array.from(bytes, (byte) => (plain(byte) ? String.fromCharCode(byte) : escaped(byte))).join("");
}

async function compile(asc, entry, name, options) {
  let binary;
  const stderr = asc.createMemoryStream();
  const base = dirname(entry);
  const { error } = await asc.main([relative(base, entry), "--outFile=kernels.wasm", ...shared, ...options], {
    stdout: asc.createMemoryStream(),
    stderr,
    readFile: (file, folder) => {
      const path = resolve(folder === "." ? base : resolve(base, folder), file);
      return existsSync(path) ? readFileSync(path, "utf8") : null;
    },
    writeFile: (file, contents) => {
      if (file.endsWith("kernels.wasm")) binary = contents;
    },
    listFiles: (folder) => {
      const path = resolve(base, folder);
      return existsSync(path) ? readdirSync(path).filter((file) => file.endsWith(".ts")) : null;
    },
  });
  if (error || !binary)
    throw new Error(`The ${name} kernels do not compile:\n${stderr.toString()}${error?.message ?? ""}`);
  check(name, binary);
  return binary;
}

/** Holds the compiled module to what the loader relies on. */
function check(name, binary) {
  if (!WebAssembly.validate(binary) && name === "plain")
    throw new Error(`The ${name} kernels are not valid WebAssembly.`);
  const wrong = (what) => new Error(`The ${name} kernels ${what}.`);
  let memory = false;
  for (const section of sections(binary)) {
    if (section.id === 8)
      throw wrong("have a start function: move that work out of top-level code, or make the value a constant");
    if (section.id === 2) memory = checkImports(section, wrong);
    if (section.id === 11) checkData(section, wrong);
  }
  if (!memory) throw wrong("do not import their memory");
}

function checkImports(section, wrong) {
  const { read, text, byte } = section;
  let found = false;
  for (let left = read(); left > 0; left--) {
    const from = `${text()}.${text()}`;
    const kind = byte();
    if (kind !== 2) throw wrong(`import ${from}, but only env.memory is there to import`);
    const flags = byte();
    const min = read();
    const max = flags & 1 ? read() : undefined;
    if (from !== "env.memory" || flags !== 1 || min !== PAGES.min || max !== PAGES.max)
      throw wrong(
        `import ${from} with flags ${flags} and pages ${min} to ${max}; expected env.memory, flags 1, pages ${PAGES.min} to ${PAGES.max}`,
      );
    found = true;
  }
  return found;
}

function checkData(section, wrong) {
  const { read, byte, skip } = section;
  for (let left = read(); left > 0; left--) {
    const kind = read();
    if (kind !== 0) throw wrong(`have a data segment of kind ${kind}; only active ones in memory 0 are known`);
    if (byte() !== 0x41) throw wrong("have a data segment whose offset is not a constant");
    const offset = read();
    byte();
    const length = read();
    skip(length);
    if (offset + length > STATIC_DATA_LIMIT)
      throw wrong(`have static data up to address ${offset + length}; it must end before ${STATIC_DATA_LIMIT}`);
  }
}

/** The sections of a module, each with a small reader over its bytes. */
function* sections(binary) {
  for (let at = 8; at < binary.length; ) {
    const id = binary[at++];
    const cursor = { at };
    const length = unsigned(binary, cursor);
    at = cursor.at + length;
    yield {
      id,
      byte: () => binary[cursor.at++],
      read: () => unsigned(binary, cursor),
      skip: (bytes) => {
        cursor.at += bytes;
      },
      text: () => {
        const size = unsigned(binary, cursor);
        cursor.at += size;
        return Buffer.from(binary.subarray(cursor.at - size, cursor.at)).toString("utf8");
      },
    };
  }
}

/** A LEB128 number. Offsets are signed in the format, but are small and positive here: the sign bit is never set below 2^13. */
function unsigned(bytes, cursor) {
  let value = 0;
  let scale = 1;
  for (;;) {
    const byte = bytes[cursor.at++];
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value;
    scale *= 128;
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const option = (flag, fallback) =>
    process.argv.includes(flag) ? resolve(process.argv[process.argv.indexOf(flag) + 1]) : fallback;
  const entry = option("--entry", defaultEntry);
  const out = option("--out", defaultOut);
  if (process.argv.includes("--if-stale") && kernelsAreFresh(entry, out)) process.exit(0);
  try {
    const sizes = await buildKernels(entry, out);
    const zipped = gzipSync(readFileSync(out)).length;
    console.log(
      `kernels: plain ${sizes.plain} bytes, fused ${sizes.fused} bytes, ${zipped} bytes gzipped together as text`,
    );
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
