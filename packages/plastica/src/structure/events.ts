/**
 * What happens in a life, as plain data: one vocabulary for logs, reports and whoever watches. Neurons are named by id.
 * A report of the dead is complete, because the learner forgets them.
 */
export type LifeEvent = Born | Died;

interface Structural {
  /** Updates made before it happened. */
  readonly step: number;
  readonly population: string;
  /** The policy, or the caller's own words. */
  readonly cause: string;
  /** Ids. */
  readonly neurons: readonly number[];
}

export interface Born extends Structural {
  readonly type: "born";
}

export interface Died extends Structural {
  readonly type: "died";
  /** The step at which each was born. */
  readonly born: readonly number[];
  /** What the policy held against each, where it says so: its utility. */
  readonly utility?: readonly number[];
}

export type Listener = (event: LifeEvent) => void;
