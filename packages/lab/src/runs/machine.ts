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
 * The engine that this process runs: the version of the package `plastica`, and the first eight hex digits of a SHA-256 over
 * its sources and compiled kernels, as in `0.1.0+1a2b3c4d`. Engines of one name compute alike, also between two releases.
 */
export function engineVersion(): string {
  version ??= `${packageVersion()}+${sourcesDigest()}`;
  return version;
}

const sources = (): string => dirname(fileURLToPath(import.meta.resolve("plastica")));

function packageVersion(): string {
  return (JSON.parse(readFileSync(join(sources(), "../package.json"), "utf8")) as { version: string }).version;
}

function sourcesDigest(): string {
  const folder = sources();
  const hash = createHash("sha256");
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => name.replaceAll("\\", "/"));
  for (const name of names.filter(isOfTheEngine).sort()) {
    const text = readFileSync(join(folder, name), "utf8").replaceAll("\r\n", "\n"); // as git may check it out
    hash.update(`${name}\0${text}\0`);
  }
  return hash.digest("hex").slice(0, 8);
}

/** Tests, what they share, and the kernels' twins compute nothing in a run. */
function isOfTheEngine(name: string): boolean {
  return name.endsWith(".ts") && !/(^|[./])(test|testing|twin)\.ts$/.test(name);
}
