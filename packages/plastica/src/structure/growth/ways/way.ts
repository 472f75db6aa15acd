/**
 * A way of being born: with which weights neurons come into a population that is at work, and what changes in those that are there. A way
 * proposes and touches nothing; ../grow.ts does what it says. To add one is one file and a line in index.ts.
 */
import type { Key } from "../../../compute/random.ts";
import type { Network } from "../../../network/network.ts";
import type { Population } from "../../../network/population.ts";
import type { Projection } from "../../../network/projection.ts";
import type { Examples, Life } from "../../policy.ts";
import type { Endowment } from "../../structure.ts";

/** What is asked of a way. */
export interface Wanted {
  /** A hidden one. */
  readonly population: Population;
  /** Neurons: a whole number from 1. */
  readonly count: number;
  /** What it may look at: what was learned from lately. A way that `looks` needs some. */
  readonly examples?: Examples;
  /** Of its draws. */
  readonly key: Key;
}

/** What is to be born. */
export interface Offspring {
  /** May be fewer than were wanted, where no more make sense, or one more, where they come in pairs; 0: nobody should be born. */
  readonly count: number;
  /** What the newborns begin with; `parents` are ids. */
  readonly endowment: Endowment;
  /** What changes in neurons that are there. Absent: nothing. */
  readonly changes?: readonly Change[];
  /** What was measured on the way, by name. */
  readonly evidence: Readonly<Record<string, number>>;
}

/** What is added to the weights of a neuron. */
export interface Change {
  readonly slot: number;
  /** `[plane][pre]` of projections that come in. */
  readonly incoming?: ReadonlyMap<Projection, Float32Array>;
  /** `[plane][post]` of those that go out. */
  readonly outgoing?: ReadonlyMap<Projection, Float32Array>;
  readonly bias?: number;
}

export interface Way {
  readonly name: string;
  readonly options: Readonly<Record<string, number | string | boolean>>;
  /**
   * Whether what the network computes stays as it was: to the bit, to rounding (1e-6 of what it puts out), or not. Said of populations that
   * are not layer-normalised: there every birth changes the mean that the others are measured by.
   */
  readonly preserves: "exactly" | "nearly" | "no";
  /** Newborns come in multiples of this. Absent: 1. */
  readonly multiple?: number;
  /** Whether it needs examples. */
  readonly looks: boolean;
  /** Whether it changes neurons that are there, as parents of newborns: then these cannot be born in a layer of their own. Absent: none. */
  readonly alters?: true;
  /** Throws ShapeError or ValueError for a population in which nobody can be born in this way, whatever the examples. Absent: it goes everywhere. */
  mustSuit?(network: Network, population: Population): void;
  /** For a population that suits it. Leaves the life as it is, but for what was in the buffers. Throws ShapeError where there is no example to look at. */
  propose(life: Life, wanted: Wanted): Offspring;
}
