/** A structural policy: looks on after each update and decides who is born and who dies. */

import type { Network } from "../network/network.ts";
import type { LifeEvent } from "./events.ts";

export interface StructuralPolicy {
  readonly name: string;
  readonly options: Readonly<Record<string, number | string | boolean>>;
  /** Takes up its work on a network: adds the columns it needs. */
  attach(network: Network): PolicyAtWork;
}

/** An update that has just been made. What passed through is still in the populations' buffers. */
export interface Moment {
  /** Its number, from 1. */
  readonly step: number;
  readonly examples: number;
  /** Mean over the examples, before the update. */
  readonly loss: number;
}

export interface PolicyAtWork {
  /** After each update. Announces what it did; listeners hear of it when all policies have acted. */
  after(moment: Moment, announce: (event: LifeEvent) => void): void;
  /** What it remembers beside columns, as plain JSON data, and its way back. `load` throws SnapshotError on what it cannot be. */
  save(): unknown;
  load(state: unknown): void;
}
