// Makes the engine into a package that can be published: `npm publish ./dist/plastica` afterwards
// (without the dot npm takes it for a repository on GitHub).
//
// In the workspace the engine runs from its sources, which Node refuses to do below node_modules. Here they are emitted by
// the TypeScript compiler, one ES module and one declaration file a source, so that a stack trace and an editor show the code
// as it was written. Only what index.ts reaches is taken: no tests, no twins. The compiled kernels are among it.
//
//   node scripts/package.mjs [--out FOLDER]
import { spawnSync } from "node:child_process";
import { appendFileSync, copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { kernelsAreFresh } from "./build-kernels.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const source = join(root, "packages/plastica");

/** The package's manifest: what the workspace's says of it, and how it is reached once it is emitted. */
function manifest() {
  const own = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
  const { name, version, description, keywords, license, type, sideEffects, dependencies } = own;
  if (dependencies)
    throw new Error(`plastica depends on ${Object.keys(dependencies).join(", ")}: it is to depend on nothing`);
  return {
    ...{ name, version, description, keywords, license, type, sideEffects },
    engines: { node: ">=22" },
    files: ["lib"],
    exports: {
      ".": { types: "./lib/index.d.ts", default: "./lib/index.js" },
      "./package.json": "./package.json",
    },
  };
}

/** For programs without the DOM's declarations, in Node: a network's memory is one. Where they are, it adds nothing to them. */
const WITHOUT_DOM = `declare global {
    namespace WebAssembly {
        interface Memory {
        }
    }
}
`;

/** Emits the modules and their declarations. */
function emit(lib) {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const args = [tsc, "-p", join(source, "tsconfig.package.json"), "--outDir", lib];
  const ran = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (ran.status !== 0) throw new Error(`the compiler refuses the sources:\n${ran.stdout}${ran.stderr}`);
  // The compiler names a module's file as it will be, but in declarations still as it was.
  for (const file of readdirSync(lib, { recursive: true })) {
    if (!file.endsWith(".d.ts")) continue;
    const path = join(lib, file);
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.replaceAll(/((?:from |import\()"\.{1,2}\/[^"]+)\.ts"/g, '$1.js"'));
  }
  appendFileSync(join(lib, "index.d.ts"), WITHOUT_DOM);
}

function pack(out) {
  if (!kernelsAreFresh()) throw new Error("the compiled kernels are stale: npm run build:kernels");
  rmSync(out, { recursive: true, force: true });
  emit(join(out, "lib"));
  writeFileSync(join(out, "package.json"), `${JSON.stringify(manifest(), null, 2)}\n`);
  copyFileSync(join(source, "README.md"), join(out, "README.md"));
  copyFileSync(join(root, "LICENSE"), join(out, "LICENSE"));
}

const at = process.argv.indexOf("--out");
const out = at < 0 ? join(root, "dist/plastica") : resolve(process.argv[at + 1]);
try {
  pack(out);
  console.log(`package: ${relative(process.cwd(), out) || "."}`);
} catch (error) {
  console.error(`package: ${error.message}`);
  process.exit(1);
}
