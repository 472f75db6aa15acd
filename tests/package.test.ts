/**
 * The package as a stranger gets it: packed, installed into an empty folder, and used there from JavaScript, from TypeScript
 * and through a bundler. It must give the bits that the sources give, with one thread and with two.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "plastica-package-"));
const installed = join(folder, "node_modules/plastica");

/** Trains, takes a snapshot half way, goes on from it in another learner; with one thread and with two. */
const program = `
import {
  backprop, continualBackprop, crossEntropy, dense, integer, key, type Learner, type LifeEvent, live, normal, relu, rule, sequential,
} from "plastica";

const INPUTS = 20;
const BATCH = 128; // so much at once that the products are split between the threads

const rms = rule("rms", { hyper: { lr: 1e-3, keep: 0.99 }, state: { power: 0 } }, ({ w, grad, power, lr, keep }) => {
  const now = keep.mul(power).add(keep.neg().add(1).mul(grad.square()));
  return { w: w.sub(lr.mul(grad).div(now.sqrt().add(1e-8))), power: now };
});

async function begin(threads: number): Promise<Learner> {
  const net = sequential({ inputs: INPUTS, seed: 5, threads }, [dense(96, relu()), dense(80, relu()), dense(4)]);
  // Threads start on their own time, and are not used before.
  for (let i = 0; i < 500 && net.compute.parts(1e12) < threads; i++) await new Promise((later) => setTimeout(later, 10));
  return live(net, {
    credit: backprop({ loss: crossEntropy() }),
    rule: rms({ lr: 3e-3 }),
    structure: [continualBackprop({ replacementRate: 1e-2, maturity: 5 })],
  });
}

function learn(learner: Learner, from: number, to: number): number {
  let loss = 0;
  for (let i = from; i < to; i++) {
    const xs = Float32Array.from({ length: BATCH * INPUTS }, (_, j) => normal(key(1, "x", i), j));
    const ys = Int32Array.from({ length: BATCH }, (_, j) => (xs[j * INPUTS]! > 0 ? integer(key(1, "y"), i, 2) : 2));
    loss = learner.observeBatch(xs, ys).loss;
  }
  return loss;
}

async function whole(threads: number): Promise<{ fingerprint: string; threads: number; died: number }> {
  const first = await begin(threads);
  let died = 0;
  first.on((event: LifeEvent) => { if (event.type === "died") died += event.neurons.length; });
  learn(first, 0, 10);
  const file: Uint8Array = first.snapshot({ at: 10 });
  learn(first, 10, 20);
  const second = await begin(threads);
  const note: unknown = second.restore(file);
  if (JSON.stringify(note) !== '{"at":10}') throw new Error("the note came back as " + JSON.stringify(note));
  learn(second, 10, 20);
  const fingerprint = second.fingerprint();
  if (first.fingerprint() !== fingerprint) throw new Error("the restored life went another way");
  const used = second.network.compute.parts(1e12);
  first.close();
  second.close();
  return { fingerprint, threads: used, died };
}

console.log(JSON.stringify([await whole(1), await whole(2)]));
`;

/** What the types must refuse; each line is an error, or the compiler says that it is none. */
const refused = `
import { crossEntropy, dense, relu, rule, sequential, sgd } from "plastica";
// @ts-expect-error: a network needs its inputs
sequential({ seed: 1 }, [dense(3)]);
// @ts-expect-error: a size is a number
dense("3", relu());
// @ts-expect-error: sgd has no such hyper-parameter
sgd({ speed: 0.1 });
// @ts-expect-error: nothing of this name was declared
rule("r", { hyper: { lr: 1 } }, ({ w, rate }) => ({ w: w.sub(rate) }));
// @ts-expect-error: a loss is not a number
const loss: number = crossEntropy();
`;

/** Runs a command to its end; what it printed. */
function run(command: string, args: readonly string[], cwd = folder): string {
  const shell = command === "npm" && process.platform === "win32";
  const ran = spawnSync(command, args, { cwd, encoding: "utf8", timeout: 30_000, shell });
  if (ran.status !== 0)
    throw new Error(`${command} ${args.join(" ")} ended with ${ran.status ?? ran.signal}:\n${ran.stdout}${ran.stderr}`);
  return ran.stdout;
}

/** Writes a file of the folder; its path. */
function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** What the program tells when it is run from the workspace's sources. */
let expected: readonly { fingerprint: string; threads: number; died: number }[];

beforeAll(() => {
  const made = join(folder, "made");
  run(process.execPath, [join(root, "scripts/package.mjs"), "--out", made]);
  const quiet = ["--offline", "--no-audit", "--no-fund", "--no-update-notifier", "--cache", join(folder, "cache")];
  const [{ filename }] = JSON.parse(run("npm", ["pack", made, "--json", "--pack-destination", folder, ...quiet]));
  write("package.json", JSON.stringify({ name: "stranger", private: true, type: "module" }));
  run("npm", ["install", "--prefix", folder, ...quiet, join(folder, filename)]);
  write("program.ts", program);
  write("refused.ts", refused);

  const inside = join(root, ".setup/package");
  mkdirSync(inside, { recursive: true });
  writeFileSync(join(inside, "program.ts"), program);
  expected = JSON.parse(run(process.execPath, [join(inside, "program.ts")], inside));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the package", () => {
  it("is a manifest, a readme, a licence and modules with their types: no tests, no sources, nothing it depends on", () => {
    expect(readdirSync(installed).sort()).toEqual(["LICENSE", "README.md", "lib", "package.json"]);
    const files = readdirSync(join(installed, "lib"), { recursive: true, withFileTypes: true }).filter((f) =>
      f.isFile(),
    );
    expect(files.length).toBeGreaterThan(50);
    for (const { name, parentPath } of files) {
      expect(name).toMatch(/^[a-z0-9-]+(\.generated)?(\.d\.ts|\.js)$/); // so neither x.test.js nor x.twin.js
      expect(name).not.toMatch(/^testing\./);
      expect(readFileSync(join(parentPath, name), "utf8")).not.toMatch(/(from |import\()"(?!\.{1,2}\/[^"]*\.js")/);
    }
    const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
    const source = JSON.parse(readFileSync(join(root, "packages/plastica/package.json"), "utf8"));
    expect(manifest).toMatchObject({ name: "plastica", version: source.version, type: "module", sideEffects: false });
    expect(Object.keys(manifest)).not.toContain("private");
    expect(Object.keys(manifest).filter((key) => /dependencies|scripts/i.test(key))).toEqual([]);
    expect(readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith("."))).toEqual(["plastica"]);
  });

  it("gives the bits that the sources give, with one thread and with two", () => {
    expect(expected.map(({ threads }) => threads)).toEqual([1, 2]);
    expect(expected[0].died).toBeGreaterThan(0);
    expect(expected[1].fingerprint).toBe(expected[0].fingerprint);
    expect(JSON.parse(run(process.execPath, ["program.ts"]))).toEqual(expected);
  });

  it("runs its readme's program", () => {
    const [, code] = /^```js\n(.*?)^```/ms.exec(readFileSync(join(installed, "README.md"), "utf8"))!;
    expect(run(process.execPath, [write("readme.js", code)]).split("\n").length).toBeGreaterThan(1);
  });

  it.each([
    { resolution: "bundler", module: "esnext", lib: ["es2022", "dom"], types: [] },
    { resolution: "nodenext", module: "nodenext", lib: ["es2022"], types: ["node"] },
  ])("type-checks strictly, resolved as $resolution, with lib $lib and types $types", ({ resolution, ...options }) => {
    const strict = {
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
    };
    const compilerOptions = {
      ...{ ...strict, ...options, noEmit: true, target: "es2022", moduleResolution: resolution },
      typeRoots: [join(root, "node_modules/@types")],
    };
    const config = write(`tsconfig.${resolution}.json`, JSON.stringify({ compilerOptions, include: ["*.ts"] }));
    expect(run(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", config])).toBe("");
  });

  it("gives the same bits bundled and minified for a browser, threads included", async () => {
    const bundle = join(folder, "bundle.mjs");
    const { metafile } = await build({
      entryPoints: [join(folder, "program.ts")],
      outfile: bundle,
      metafile: true,
      ...{
        bundle: true,
        minify: true,
        keepNames: true,
        format: "esm",
        platform: "browser",
        target: "es2022",
        logLevel: "silent",
      },
    });
    expect(Object.values(metafile.outputs).flatMap(({ imports }) => imports)).toEqual([]);
    expect(JSON.parse(run(process.execPath, [bundle]))).toEqual(expected);
  });
});
