/** What a run was made with. It stands in reports and beside times; no result depends on it. */
import { readFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
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

/** The version of the package `plastica` that this process runs. */
export function engineVersion(): string {
  version ??= (JSON.parse(readFileSync(enginePackage(), "utf8")) as { version: string }).version;
  return version;
}

function enginePackage(): string {
  return fileURLToPath(new URL("../package.json", import.meta.resolve("plastica")));
}
