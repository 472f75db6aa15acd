/**
 * The JSON of a snapshot: what kind of learner it is of, and what is known of its life beside tensors. It may come from
 * anywhere; whatever a learner could not take up ends in a SnapshotError that names it.
 */

import { parseJson } from "../compute/json.ts";
import { SnapshotError } from "../errors.ts";
import { EPSILON, type InputNormOptions } from "../network/input-norm.ts";
import { isOutside } from "../rules/declaration.ts";
import { mostCapacity } from "../structure/structure.ts";
import type { Composition, Founders } from "./composition.ts";
import type { Learner } from "./learner.ts";
import type { NestedFiles } from "./nested.ts";

export const VERSION = 1;

/** What a learner must agree with to take up a snapshot. */
interface Kind extends Founders {
  arithmetic: string;
  seed: number;
  inputNorm: number | InputNormOptions | null;
  credit: string;
  loss: string;
  rule: string;
  terms: string[];
  structure: { name: string; options: unknown }[];
}

export interface State {
  version: number;
  kind: Kind;
  step: number;
  /** The last update of which policies heard, where others were practised since. Absent: `step`. */
  heard?: number;
  nextId: number;
  hyper: Record<string, number>;
  /** Who there is now: layers come and go. */
  composition: Composition;
  sizes: { name: string; size: number; capacity: number }[];
  /** The words of neurons' causes; tensors hold their numbers. */
  causes: string[];
  inputPower: number | null;
  policies: unknown[];
  /** Of files that policies have: see nested.ts. Absent: none. */
  nested?: NestedFiles;
}

export function kindOf({ network, founders, credit, rule, terms, structure }: Learner): Kind {
  return {
    arithmetic: network.compute.arithmetic,
    seed: network.seed,
    ...founders,
    inputNorm: said(network.inputNorm?.options),
    credit: credit.name,
    loss: credit.loss.name,
    rule: rule.name,
    terms: terms.map(({ name }) => name),
    structure: structure.map(({ name, options }) => ({ name, options })),
  };
}

/** The decay alone where epsilon is the usual one. */
function said(norm: InputNormOptions | undefined): Kind["inputNorm"] {
  if (!norm) return null;
  return norm.epsilon === EPSILON ? norm.decay : norm;
}

/** The state that `text` says, of a learner of this kind. What is in it is still to be checked. */
export function readState(text: string, learner: Learner): State {
  parseJson(text, "the snapshot's state"); // which bounds its depth: what follows recurses
  const state = JSON.parse(text) as State;
  if (state?.version !== VERSION) {
    throw new SnapshotError(
      `the snapshot is of version ${JSON.stringify(state?.version)}: this engine reads version ${VERSION}`,
    );
  }
  const kind = kindOf(learner);
  for (const key of Object.keys(kind) as (keyof Kind)[]) {
    const [theirs, here] = [JSON.stringify(state.kind?.[key]), JSON.stringify(kind[key])];
    if (theirs !== here) throw new SnapshotError(`the snapshot's ${key} is ${theirs}, this learner's is ${here}`);
  }
  if (typeof state.composition !== "object" || state.composition === null)
    throw new SnapshotError("the snapshot does not say who there is: it has no composition");
  return state;
}

/** Throws SnapshotError where `learner`, composed as the state says, cannot take it up. Tensors and the policies' own state are still to be checked. */
export function checkState(state: State, learner: Learner): void {
  whole("step", state.step);
  whole("heard", state.heard ?? 0);
  whole("nextId", state.nextId);
  checkSizes(state.sizes, learner);
  if (!Array.isArray(state.causes) || state.causes.some((cause) => typeof cause !== "string")) {
    throw new SnapshotError("the snapshot's causes are not a list of strings");
  }
  if (!Array.isArray(state.policies) || state.policies.length !== learner.structure.length) {
    throw new SnapshotError("the snapshot's policies are not those of its kind");
  }
  const names = Object.keys(learner.hyper);
  const theirs = Object.keys(state.hyper ?? {});
  if (names.join() !== theirs.join()) {
    throw new SnapshotError(`the snapshot's hyper-parameters are ${theirs.join(", ")}: ${names.join(", ")} are right`);
  }
  for (const name of names) {
    if (typeof state.hyper[name] !== "number" || !Number.isFinite(Math.fround(state.hyper[name]))) {
      throw new SnapshotError(`the snapshot's ${name} is ${JSON.stringify(state.hyper[name])}: it is a finite number`);
    }
    if (isOutside(state.hyper[name], learner.ranges[name]))
      throw new SnapshotError(`the snapshot's ${name} is ${state.hyper[name]}: it is a number ${learner.ranges[name]}`);
  }
  const { inputPower } = state;
  const fits = learner.network.inputNorm
    ? typeof inputPower === "number" && inputPower >= 0 && inputPower <= 1
    : inputPower === null;
  if (!fits) {
    const right = learner.network.inputNorm ? "from 0 to 1" : "null, as inputs are not normalised";
    throw new SnapshotError(`the snapshot's inputPower is ${JSON.stringify(inputPower)}: it is ${right}`);
  }
}

function checkSizes(sizes: State["sizes"], { network }: Learner): void {
  const { populations } = network;
  if (!Array.isArray(sizes) || sizes.length !== populations.length) {
    throw new SnapshotError("the snapshot's sizes are not those of its populations");
  }
  for (const [i, population] of populations.entries()) {
    const { name, size, capacity } = sizes[i] ?? {};
    if (name !== population.name) {
      throw new SnapshotError(
        `the snapshot gives the size of ${JSON.stringify(name)} where ${population.name} belongs`,
      );
    }
    whole(`size of ${name}`, size, 1);
    whole(`capacity of ${name}`, capacity, size);
    const fixed = population === network.inputs || population === network.outputs;
    if (fixed && (size !== population.size || capacity !== population.capacity)) {
      const right = `${population.size} of ${population.capacity}`;
      throw new SnapshotError(`the snapshot's ${name} has ${size} neurons of ${capacity}, this learner's has ${right}`);
    }
    if (capacity % 4 || capacity > mostCapacity(size)) {
      const most = mostCapacity(size);
      throw new SnapshotError(`the snapshot's capacity of ${name} is ${capacity}: a multiple of 4, at most ${most}`);
    }
  }
}

function whole(what: string, n: unknown, least = 0): void {
  if (!Number.isSafeInteger(n) || (n as number) < least) {
    throw new SnapshotError(`the snapshot's ${what} is ${JSON.stringify(n)}: a whole number from ${least}`);
  }
}
