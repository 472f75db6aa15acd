/**
 * Lottery tickets: train, prune the smallest weights, put the rest back to where they began, and again; what is left at the end learns as well as
 * the whole, because of the weights it began with. Its controls begin otherwise: the same synapses with other weights, or other synapses.
 */
import { derive, permutation } from "../../compute/random.ts";
import { ValueError } from "../../errors.ts";
import type { Network } from "../../network/network.ts";
import type { Projection } from "../../network/projection.ts";
import { drawWeights } from "../../network/weights.ts";
import type { Rewired } from "../events.ts";
import { type Announce, hasCome, type Life, type Moment, type PolicyAtWork, type StructuralPolicy } from "../policy.ts";
import type { Occasion } from "../structure.ts";
import { absent, learnBySynapse, places, present, prune, rewire } from "../synapses.ts";
import { culled, type Scope } from "./culling.ts";
import { Rewinding } from "./rewinding.ts";
import { goneAfter } from "./schedules/iterative.ts";
import { inTurn } from "./schedules/schedule.ts";

export interface LotteryTicketsOptions {
  /** Share of the synapses that is gone in the end, in (0, 1). Default 0.95. */
  readonly target?: number;
  /** How often it is pruned, each time by the same share of what is left: a whole number from 1. Default 9. */
  readonly rounds?: number;
  /** Updates of each round, from 1. Default 2000. After the last round it learns for as long as it lives. */
  readonly updates?: number;
  /** The update whose weights survivors go back to: 0 (default) for the first ones, below `updates`. */
  readonly rewindTo?: number;
  /**
   * What is drawn in the end: "winning" (default), the ticket; "reinitialised", its synapses with new weights; "random", as many synapses of
   * each projection, by lot, with the weights that they had.
   */
  readonly ticket?: Ticket;
  /** Whether weights are compared over the whole network ("global", default) or within each projection ("layer"). */
  readonly scope?: Scope;
}

const tickets = ["winning", "reinitialised", "random"] as const;
export type Ticket = (typeof tickets)[number];

const OWNER = "lottery-tickets";

/**
 * Iterative magnitude pruning with rewinding: after `updates`, 2 `updates`, ..., `rounds` times `updates` of the life the smallest weights go,
 *
 *     gone after round k = 1 - (1 - target)^(k / rounds)
 *
 * and the rest, biases too, are put back to the weights of update `rewindTo`, with optimiser state and ages as of newborns. The policy draws no
 * other examples: the stream goes on.
 *
 * Throws ValueError for an option out of its range.
 *
 * J. Frankle, M. Carbin: The lottery ticket hypothesis, finding sparse, trainable neural networks, ICLR 2019 (arXiv 1803.03635). They prune
 * each layer by the same share, and the output layer by half of it; we compare weights over the whole network unless told otherwise.
 */
export function lotteryTickets(options: LotteryTicketsOptions = {}): StructuralPolicy {
  const { target = 0.95, rounds = 9, updates = 2000, rewindTo = 0, ticket = "winning", scope = "global" } = options;
  const must = (name: keyof LotteryTicketsOptions, value: unknown, fits: boolean, right: string) => {
    if (!fits) throw new ValueError(`lotteryTickets: ${name} is ${JSON.stringify(value)}: ${right}`);
  };
  const whole = (n: number, least: number) => Number.isSafeInteger(n) && n >= least;
  must("target", target, target > 0 && target < 1, "a share between 0 and 1");
  must("rounds", rounds, whole(rounds, 1), "a whole number from 1");
  must("updates", updates, whole(updates, 1), "a whole number from 1");
  must(
    "rewindTo",
    rewindTo,
    whole(rewindTo, 0) && rewindTo < updates,
    `an update from 0, before round 1 ends at ${updates}`,
  );
  must("ticket", ticket, tickets.includes(ticket), `one of ${tickets.join(", ")}`);
  must("scope", scope, ["global", "layer"].includes(scope), "one of global, layer");
  const all = { target, rounds, updates, rewindTo, ticket, scope };
  return { name: OWNER, options: all, attach: (life) => new LotteryTickets(life, all) };
}

class LotteryTickets implements PolicyAtWork {
  readonly #network: Network;
  readonly #options: Required<LotteryTicketsOptions>;
  readonly #rewinding: Rewinding;

  constructor({ network }: Life, options: Required<LotteryTicketsOptions>) {
    this.#network = network;
    this.#options = options;
    learnBySynapse(network);
    this.#rewinding = new Rewinding(network, OWNER);
  }

  reflect(moment: Moment, announce: Announce): void {
    const { step } = moment;
    const { rounds, updates, rewindTo, target, ticket, scope } = this.#options;
    if (hasCome(rewindTo, moment)) this.#rewinding.remember();
    if (!inTurn(moment, { start: updates, end: rounds * updates, every: updates })) return;
    const round = Math.min(rounds, Math.floor(step / updates));
    const occasion = { step, cause: OWNER };
    for (const [projection, which] of this.#smallest(goneAfter(round, rounds, target), scope))
      if (which.length > 0) announce(prune(this.#network, projection, which, occasion));
    const last = round === rounds;
    if (last && ticket === "random") for (const event of this.#shuffle(occasion)) announce(event);
    this.#rewinding.rewind();
    if (last && ticket === "reinitialised") this.#redraw();
    const treatment = last && ticket !== "winning" ? `rewound, ${ticket}` : "rewound";
    announce({ type: "treated", ...occasion, treatment });
  }

  #smallest(share: number, scope: Scope): Map<Projection, number[]> {
    const stocks = this.#network.projections.map((projection) => {
      const candidates = present(projection);
      const whole = places(projection);
      const scores = projection.columns.packed("w").map(Math.abs);
      return { of: projection, scores, candidates, whole, gone: whole - candidates.length };
    });
    return culled(stocks, share, scope);
  }

  /** The same number of synapses in each projection, in places drawn by lot. */
  #shuffle(occasion: Occasion): Rewired[] {
    const key = this.#network.keyOf(OWNER, "random");
    return this.#network.projections.map((projection) => {
      const there = present(projection);
      const may = Uint32Array.from([...there, ...absent(projection)]).sort();
      const drawn = permutation(derive(key, projection.name), may.length)
        .subarray(0, there.length)
        .map((i) => may[i]);
      const [has, gets] = [new Set(there), new Set(drawn)];
      const pruned = there.filter((place) => !gets.has(place));
      const grown = drawn.filter((place) => !has.has(place)).sort();
      const first = this.#rewinding.weightsOf(projection);
      const weights = Array.from(grown, (place) => first[place]);
      return rewire(this.#network, projection, { pruned, grown, weights }, occasion);
    });
  }

  /** Other first weights for the synapses that are there. */
  #redraw(): void {
    for (const projection of this.#network.projections) drawWeights(this.#network, projection, OWNER);
  }

  save(): unknown {
    return null;
  }

  load(): void {}
}
