/**
 * What a seed of each protocol costs on this machine, measured once and kept in the folder of runs: `costs.json`, which also says
 * for which machine and engine it holds.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Estimate,
  estimate,
  type Machine,
  machine,
  makeFolder,
  type Protocol,
  protocolRecipe,
  replaceFile,
} from "@plastica/lab";

/** Of one seed of a method. */
export interface Cost extends Estimate {
  readonly method: string;
}

/** What is known of a protocol: its cost, or why there is none, such as data that are missing. */
export type Known = Cost | { readonly reason: string };

interface Kept {
  readonly machine: Machine;
  readonly costs: Record<string, Cost>;
}

/** What a seed costs here, measured where that has not been done; each measurement is kept at once. */
export async function costOf(protocol: Protocol, out: string): Promise<Known> {
  const { name } = protocol;
  const known = keptCosts(out)[name] ?? (await measured(protocol));
  if ("seconds" in known) {
    const costs = { ...keptCosts(out), [name]: known };
    makeFolder(out);
    replaceFile(pathIn(out), `${JSON.stringify({ machine: machine(), costs } satisfies Kept, null, 2)}\n`);
  }
  return known;
}

async function measured(protocol: Protocol): Promise<Known> {
  const [method] = Object.keys(protocol.methods);
  try {
    return { method, ...(await estimate(protocolRecipe(protocol, method, { seed: 1 }), method)) };
  } catch (error) {
    return { reason: (error as Error).message };
  }
}

const pathIn = (out: string): string => join(out, "costs.json");

/** By name, what was measured here before, with this engine on this machine. */
export function keptCosts(out: string): Record<string, Cost> {
  if (!existsSync(pathIn(out))) return {};
  try {
    const { machine: made, costs } = JSON.parse(readFileSync(pathIn(out), "utf8")) as Kept;
    return JSON.stringify(made) === JSON.stringify(machine()) ? costs : {};
  } catch {
    return {}; // whatever it is, it can be measured again
  }
}
