/**
 * Hare and tortoise: the network that learns, the hare, is now and then put back to a slow running mean of itself, the tortoise:
 *
 *   tortoise <- decay tortoise + (1 - decay) hare     after each update;     hare <- tortoise     every so many
 *
 * for all that is learned. What rules keep of synapses stays as it is.
 *
 * H. Lee et al.: Slow and steady wins the race: maintaining plasticity with hare and tortoise networks, ICML 2024 (arXiv 2406.02596).
 */

import { ValueError } from "../../errors.ts";
import { GridCall } from "../../network/grid-call.ts";
import { reweigh } from "../../network/weights.ts";
import { symbol } from "../../rules/expression.ts";
import type { GridProgram } from "../../rules/grid.ts";
import { type Announce, comesRound, type Moment, type PolicyAtWork, type StructuralPolicy } from "../policy.ts";
import { trainedColumns } from "../trained-columns.ts";

export interface HareAndTortoiseOptions {
  /** What the tortoise keeps of itself in an update, 0 to 1 without 1. Default 0.999. */
  decay?: number;
  /** Updates from one time to the next, from 1. Default 1000. */
  every?: number;
}

const NAME = "hare-and-tortoise";
const tortoise = symbol("tortoise", "cell");
const program: GridProgram = {
  name: NAME,
  outputs: [
    { name: "tortoise", value: tortoise.add(symbol("rest", "uniform").mul(symbol("hare", "cell").sub(tortoise))) },
  ],
};

/** Throws ValueError for an option out of its range. */
export function hareAndTortoise({ decay = 0.999, every = 1000 }: HareAndTortoiseOptions = {}): StructuralPolicy {
  if (!(decay >= 0 && decay < 1)) throw new ValueError(`${NAME}: decay is ${decay}: from 0 to 1, without 1`);
  if (!Number.isSafeInteger(every) || every < 1)
    throw new ValueError(`${NAME}: every is ${every}: a whole number of updates from 1`);
  return {
    name: NAME,
    options: { decay, every },
    attach({ network }): PolicyAtWork {
      const call = new GridCall(network.compute, program);
      const slow = (name: string) => `${NAME}.${name}`;
      const settle = () => {
        for (const { columns, name } of trainedColumns(network)) columns.add(slow(name), name);
      };
      settle();
      network.onRecomposed(settle);
      return {
        after(moment: Moment, announce: Announce) {
          call.set("rest", 1 - decay);
          for (const { columns, name } of trainedColumns(network)) {
            const { stride, planes, rows, rowCapacity, lanes } = columns;
            call.point({ tortoise: { pointer: columns.pointer(slow(name)), stride } });
            call.point({ hare: { pointer: columns.pointer(name), stride } }).lanes(lanes);
            for (let plane = 0; plane < planes; plane++)
              call.runShared(plane * rowCapacity, plane * rowCapacity + rows, lanes);
          }
          if (!comesRound(every, moment)) return;
          for (const { columns, name } of trainedColumns(network)) {
            const mean = columns.packed(slow(name));
            reweigh(columns, name, (_, i) => mean[i]);
          }
          announce({ type: "treated", step: moment.step, cause: NAME, treatment: "put back to its mean" });
        },
        save: () => null,
        load: () => {},
      };
    },
  };
}
