/**
 * A proposal: one way in which a network may be changed. It looks at how things stand and says what it would do, and why; doing it is a
 * function that the cycle calls, on a branch first. One kind, one file.
 */
import type { ExampleMemory } from "../../../memory/example-memory.ts";
import type { Watch } from "../../growth/criteria/criterion.ts";
import type { Announce, Life } from "../../policy.ts";
import type { Occasion } from "../../structure.ts";
import type { Budget } from "../budget.ts";
import type { AllCycleOptions } from "../options.ts";
import type { Season, Turn } from "../season.ts";
import type { Signs } from "../vital-signs.ts";

/** How things stand when proposals are asked for. */
export interface Situation {
  readonly life: Life;
  readonly options: AllCycleOptions;
  readonly occasion: Occasion;
  /** What was measured, layer by layer. */
  readonly signs: Signs;
  readonly season: Season;
  /** What tells that the world has changed. Absent: nothing does. */
  readonly turn?: Turn;
  /** By how many of its standard errors the loss of what was held out since then is above what it was before; absent where nothing is judged. */
  readonly risen?: number;
  /** What asks for births; absent where none are proposed. */
  readonly watch?: Watch;
  /** What was last learned from. */
  readonly recent: ExampleMemory;
  readonly budget: Budget;
  /** Hidden neurons of each layer when the life began. */
  readonly founders: ReadonlyMap<string, number>;
}

/** A change that is proposed. */
export interface Plan {
  /** The layer that it is of. Absent: the whole network. */
  readonly population?: string;
  /** Neurons or synapses concerned. */
  readonly count?: number;
  /** In words, for people. */
  readonly why: string;
  /** What speaks for it, by name. */
  readonly evidence: Readonly<Record<string, number>>;
  /**
   * Who has to prove something: 1 (default), the change, that it is better, by margin and certainty; 0, any gain is enough; -1, the unchanged
   * twin, that it is better by as much: for what the vital signs speak for already.
   */
  readonly burden?: -1 | 0 | 1;
  /** Does it, and tells what was done. May be called more than once, each time on the same network. */
  apply(announce: Announce): void;
}

export interface Proposal {
  /** In `decided`. */
  readonly name: string;
  /** Whether it lowers or raises the plasticity of single synapses, or removes such: their columns are made when the cycle is attached. */
  readonly bySynapse?: boolean;
  /** What it would do now; undefined where nothing. Changes nothing. */
  propose(situation: Situation): Plan | undefined;
}
