/**
 * What happens in a life, as plain data: one vocabulary for logs, reports and whoever watches. Neurons are named by id.
 * A report of the dead is complete, because the learner forgets them.
 */
export type LifeEvent = Born | Died | Layered | Rewired | Frozen | Consolidated | Treated | Succeeded | Decided;

interface Happening {
  /** Updates made before it happened. */
  readonly step: number;
  /** The policy, or the caller's own words. */
  readonly cause: string;
}

interface OfNeurons extends Happening {
  readonly population: string;
  /** Ids. */
  readonly neurons: readonly number[];
}

export interface Born extends OfNeurons {
  readonly type: "born";
  /** For each newborn the neuron that it was made from: a copy's original, a split's other half; -1 for one of its own. Absent: none has one. */
  readonly parents?: readonly number[];
}

export interface Died extends OfNeurons {
  readonly type: "died";
  /** The step at which each was born. */
  readonly born: readonly number[];
  /** What the policy held against each, where it says so: its utility. */
  readonly utility?: readonly number[];
}

/** A whole layer came or went; its neurons' births and deaths are told beside. */
export interface Layered extends Happening {
  readonly type: "layer-born" | "layer-died";
  readonly population: string;
}

/** Synapses of a projection came and went. */
export interface Rewired extends Happening {
  readonly type: "rewired";
  readonly projection: string;
  readonly pruned: number;
  readonly grown: number;
  /** Share of the projection's synapses that are present after it. */
  readonly density: number;
}

/** Synapses (of a projection, or the parameters of a population) stand still from now on, or learn again. */
export interface Frozen extends Happening {
  readonly type: "frozen" | "thawed";
  /** The projection or population. */
  readonly of: string;
  readonly count: number;
}

/** Synapses of a projection learn less from now on. */
export interface Consolidated extends Happening {
  readonly type: "consolidated";
  /** The projection. */
  readonly of: string;
  readonly count: number;
  /** By how much they still learn: 1 is as usual. */
  readonly plasticity: number;
}

/** Weights were changed other than by learning, and nobody was born or died: shrunk, averaged, made orthogonal, injected. */
export interface Treated extends Happening {
  readonly type: "treated";
  /** What was done, in a word or two. */
  readonly treatment: string;
  /** The population or projection; absent: the whole network. */
  readonly of?: string;
}

/** A student has taken the network's place; the layers that went and came are told beside. */
export interface Succeeded extends Happening {
  readonly type: "succeeded";
  /** Parameters before and after; what a policy measured of the two, by name. */
  readonly evidence: Readonly<Record<string, number>>;
}

/** A policy proposed a change, tried it, and kept or undid it; in a dry run it only says what it would do. */
export interface Decided extends Happening {
  readonly type: "decided";
  /** What was proposed: "birth", "death", "rewiring", "consolidation", ... */
  readonly proposal: string;
  readonly population?: string;
  readonly count?: number;
  /** In words, for people. */
  readonly why: string;
  /** What was measured, by name. */
  readonly evidence: Readonly<Record<string, number>>;
  readonly outcome: "kept" | "undone" | "would try" | "refused";
}

export type Listener = (event: LifeEvent) => void;
