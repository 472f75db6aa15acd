/**
 * This engine beside its peers, on the same images, in one go: PyTorch, TensorFlow.js and jax-js. Absolute times mean
 * little on a shared machine; the ratios printed at the end do, because everybody takes turns.
 *
 *   npm run bench:peers -- [--json] [--rounds 2] [--workload NAME]...
 *
 * The JavaScript peers are installed, at fixed versions, into .setup/peers when they are not there. PyTorch is used if
 * /usr/bin/python3 has it (or the Python named in PYTHON); on Debian: apt-get install python3-torch libopenblas0-pthread dataset-fashion-mnist
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { benchInputs } from "./inputs.ts";
import { wholeOption } from "./options.ts";
import workloads from "./workloads.json" with { type: "json" };

/** One line of a benchmark, ours or a peer's. */
interface Line {
  readonly engine: string;
  readonly threads: number;
  readonly workload: string;
  readonly us_per_step: number;
  readonly gflops: number;
  readonly arithmetic?: string;
}

/** What is run each round: a program that prints lines. */
interface Runner {
  readonly name: string;
  readonly command: readonly string[];
}

/** What the engine has set itself: at least `times` as fast as the peer on the workload. */
const GOALS = [
  { workload: "online-shallow", ours: "plain x1", peer: "torch x1", times: 20 },
  { workload: "online-deep", ours: "plain x1", peer: "torch x1", times: 20 },
  { workload: "online-wide", ours: "plain x1", peer: "torch x1", times: 6 },
  { workload: "online-shallow", ours: "plain x1", peer: "tfjs", times: 100 },
  { workload: "online-deep", ours: "plain x1", peer: "tfjs", times: 100 },
  { workload: "batch128-sgd", ours: "fused x1", peer: "torch x1", times: 0.55 },
  { workload: "batch128-sgd", ours: "fused x2", peer: "torch x1", times: 1 },
  { workload: "batch128-sgd", ours: "fused x1", peer: "tfjs", times: 15 },
  { workload: "batch128-sgd", ours: "fused x1", peer: "jax-js", times: 3 },
] as const;

const PACKAGES = ["@tensorflow/tfjs@4.22.0", "@tensorflow/tfjs-backend-wasm@4.22.0", "@jax-js/jax@0.1.25"];

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    rounds: { type: "string", default: "2" },
    workload: { type: "string", multiple: true },
  },
});
const rounds = wholeOption("rounds", options.rounds);
const unknown = options.workload?.find((name) => !workloads.some((work) => work.name === name));
if (unknown !== undefined) throw new Error(`--workload ${unknown}: ${workloads.map(({ name }) => name).join(", ")}`);
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const folder = here("../.setup/peers");
const say = (line: string): void => console.error(line);

/** Installs the peers that npm has, and lays out the input for all. */
function prepare(): string {
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, "package.json"))) writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  if (!existsSync(join(folder, "node_modules/@jax-js/jax"))) {
    say(`installing ${PACKAGES.join(", ")} into .setup/peers`);
    const quiet = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"];
    const ran = spawnSync("npm", ["install", "--prefix", folder, ...quiet, ...PACKAGES], { stdio: "inherit" });
    if (ran.status !== 0) throw new Error(`npm could not install ${PACKAGES.join(", ")}`);
  }
  const { name, x, y } = benchInputs();
  writeFileSync(join(folder, "x.f32"), new Uint8Array(x.buffer));
  writeFileSync(join(folder, "y.u8"), Uint8Array.from(y));
  const chosen = workloads.filter((work) => !options.workload || options.workload.includes(work.name));
  writeFileSync(join(folder, "workloads.json"), JSON.stringify(chosen));
  say(`input: the first 10,000 images of ${name}`);
  return join(folder, "workloads.json");
}

function runners(list: string): Runner[] {
  const names =
    options.workload?.flatMap((name) => ["--workload", name]) ?? workloads.flatMap((w) => ["--workload", w.name]);
  const ours = (arithmetic: string, threads: number): Runner => ({
    name: `${arithmetic} x${threads}`,
    command: [
      process.execPath,
      here("steps.ts"),
      "--json",
      "--rounds",
      "2",
      "--arithmetic",
      arithmetic,
      "--threads",
      `${threads}`,
      ...names,
    ],
  });
  const python = process.env.PYTHON ?? "/usr/bin/python3";
  const torch = (threads: number): Runner => ({
    name: `torch x${threads}`,
    command: [python, here("peers/torch_steps.py"), folder, list, `${threads}`, "2"],
  });
  const hasTorch = spawnSync(python, ["-c", "import torch, numpy"]).status === 0;
  if (!hasTorch) {
    say(
      `no PyTorch in ${python}: apt-get install python3-torch libopenblas0-pthread dataset-fashion-mnist (or set PYTHON)`,
    );
  }
  return [
    ours("plain", 1),
    ...(hasTorch ? [torch(1)] : []),
    ours("fused", 1),
    { name: "tfjs", command: [process.execPath, here("peers/tfjs_steps.mjs"), folder, list, "2"] },
    ours("fused", 2),
    ...(hasTorch ? [torch(2)] : []),
    { name: "jax-js", command: [process.execPath, here("peers/jaxjs_steps.mjs"), folder, list, "2"] },
  ];
}

function lines({ name, command }: Runner): Line[] {
  const ran = spawnSync(command[0], command.slice(1), { encoding: "utf8", maxBuffer: 1 << 26 });
  if (ran.status !== 0) throw new Error(`${name} ended with ${ran.status ?? ran.signal}:\n${ran.stderr}`);
  const objects = ran.stdout.split("\n").filter((line) => line.startsWith("{"));
  return objects.map((line) => JSON.parse(line) as Line);
}

const list = prepare();
const all = runners(list);
const best = new Map<string, Line>();
for (let round = 1; round <= rounds; round++) {
  for (const runner of all) {
    say(`round ${round} of ${rounds}: ${runner.name}`);
    for (const line of lines(runner)) {
      const at = `${runner.name} ${line.workload}`;
      if (line.us_per_step < (best.get(at)?.us_per_step ?? Number.POSITIVE_INFINITY)) best.set(at, line);
    }
  }
}

const chosen = workloads.map(({ name }) => name).filter((name) => all.some((r) => best.has(`${r.name} ${name}`)));
const goals = GOALS.filter(
  ({ ours, peer, workload }) => best.has(`${ours} ${workload}`) && best.has(`${peer} ${workload}`),
);
const ratios = goals.map((goal) => {
  const ours = best.get(`${goal.ours} ${goal.workload}`) as Line;
  const peer = best.get(`${goal.peer} ${goal.workload}`) as Line;
  return { ...goal, ratio: Number((peer.us_per_step / ours.us_per_step).toFixed(2)) };
});
if (options.json) {
  for (const line of best.values()) console.log(JSON.stringify(line));
  for (const line of ratios) console.log(JSON.stringify(line));
} else {
  console.log(
    `\nmicroseconds a step: the best of ${2 * rounds} runs, ${rounds} rounds of 2; a run is the median of 10 pieces after a warm-up.`,
  );
  console.log(
    "TensorFlow.js and jax-js: a piece is a tenth of the steps that ours and PyTorch's have, on the same images throughout.",
  );
  console.log(["".padEnd(16), ...all.map(({ name }) => name.padStart(10))].join(" "));
  for (const workload of chosen) {
    const cells = all.map(({ name }) => best.get(`${name} ${workload}`)?.us_per_step.toFixed(0) ?? "-");
    console.log([workload.padEnd(16), ...cells.map((cell) => cell.padStart(10))].join(" "));
  }
  console.log("\ntimes as fast as the peer");
  for (const { workload, ours, peer, times, ratio } of ratios) {
    const verdict = ratio >= times ? "reached" : "NOT REACHED";
    console.log(
      `  ${workload.padEnd(16)} ${ours} / ${peer.padEnd(9)} ${`${ratio}`.padStart(8)}   goal ${times}   ${verdict}`,
    );
  }
}
