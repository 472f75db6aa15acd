/** What pruning at every granularity is given when it is time. */
import type { ExampleMemory } from "../../memory/example-memory.ts";
import type { Announce, Life } from "../policy.ts";
import type { Occasion } from "../structure.ts";
import type { Gauge } from "./gauge.ts";
import { type Group, lowest } from "./selection.ts";

/** Over what scores are compared: the whole network, or each projection or population by itself. */
export type Scope = "global" | "layer";

export interface Culling {
  readonly life: Life;
  readonly gauge: Gauge;
  readonly memory: ExampleMemory;
  readonly scope: Scope;
  readonly occasion: Occasion;
  readonly announce: Announce;
}

/** A group of which `whole` are or were there, and `gone` are not any more. */
export interface Stock<T> extends Group<T> {
  readonly whole: number;
  readonly gone: number;
}

/** For each group those that go, so that afterwards `share` of the whole is gone: of all groups together, or of each. */
export function culled<T>(stocks: readonly Stock<T>[], share: number, scope: Scope): Map<T, number[]> {
  if (scope === "layer") return new Map(stocks.flatMap((stock) => [...culled([stock], share, "global")]));
  let [whole, gone] = [0, 0];
  for (const stock of stocks) {
    whole += stock.whole;
    gone += stock.gone;
  }
  return lowest(stocks, Math.round(share * whole) - gone);
}
