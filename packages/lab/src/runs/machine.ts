/** What a run was made with. It stands in reports and beside times; no result depends on it. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Machine {
  readonly engine: string;
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  readonly system: string;
}

let here: Machine | undefined;

export function machine(): Machine {
  here ??= {
    engine: engineVersion(),
    node: process.version,
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    system: `${process.platform} ${process.arch}`,
  };
  return here;
}

let version: string | undefined;

/**
 * The engine that this process runs: the version of the package `plastica`, and the first eight hex digits of a SHA-256 over all
 * sources that have a say in a run's bits, as in `0.1.0+1a2b3c4d`: the engine's with its compiled kernels, and of the lab what makes
 * streams, learners and windows. Engines of one name compute alike, also between two releases.
 */
export function engineVersion(): string {
  version ??= `${packageVersion()}+${sourcesDigest()}`;
  return version;
}

const engine = (): string => dirname(fileURLToPath(import.meta.resolve("plastica")));
const lab = (): string => dirname(dirname(fileURLToPath(import.meta.url)));

function packageVersion(): string {
  return (JSON.parse(readFileSync(join(engine(), "../package.json"), "utf8")) as { version: string }).version;
}

/** What a learner is made by, what it sees, and how it is shown that. */
const DECIDES = /^((data|streams|recipe)\/|runs\/(examine|heartbeat|life|probe|tally|waking|windows)\.ts$)/;

function sourcesDigest(): string {
  const hash = createHash("sha256");
  for (const [folder, decides] of [
    [engine(), computes],
    [lab(), decidesBits],
  ] as const) {
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => name.replaceAll("\\", "/"));
    for (const name of names.filter((name) => decides(name)).sort()) {
      const text = readFileSync(join(folder, name), "utf8").replaceAll("\r\n", "\n"); // as git may check it out
      hash.update(`${name}\0${text}\0`);
    }
  }
  return hash.digest("hex").slice(0, 8);
}

/** Whether that file of the lab, named from its `src`, has a say in the bits of a run. */
export function decidesBits(name: string): boolean {
  return computes(name) && DECIDES.test(name);
}

/** Tests, what they share, and the kernels' twins compute nothing in a run. */
function computes(name: string): boolean {
  return name.endsWith(".ts") && !/(^|[./])(test|testing|fixture|twin)\.ts$/.test(name);
}
