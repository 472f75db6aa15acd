/**
 * Seasons: plasticity comes back with every change of the world, and settles as the world stays what it is. Our own policy, for streams that
 * change without saying so. It watches the loss (surge.ts) and the inputs (familiarity.ts); n examples after the last surge the step size is
 *
 *   lr = peak / (1 + n / settling)^2                          peak: the rule's own
 *
 * and when the loss surges or inputs are no longer familiar, a new season begins:
 *
 *   the readout (the last layer) returns to its birth;
 *   where inputs are unfamiliar, so does the first layer, `youth` times as long as it was (short weights turn fast);
 *   the layers between keep their directions, and are rejuvenated (see renewal.ts).
 *
 * So what is common to all that was seen stays, and what was of the last season goes. Hidden layers should be normalised: only there can
 * weights lose their length and keep their meaning; others are left as they are. Nothing is born, nothing dies: the size stays.
 */
import { SnapshotError, ValueError } from "../../errors.ts";
import type { Decided } from "../events.ts";
import type { Announce, Life, Moment, PolicyAtWork, StructuralPolicy } from "../policy.ts";
import { Familiarity } from "./familiarity.ts";
import { rejuvenate, returnToBirth } from "./renewal.ts";
import { Surge } from "./surge.ts";

export interface SeasonsOptions {
  /** Examples in which the step size falls to a quarter of its peak, above 0. Default 20,000. */
  settling?: number;
  /** Length of the first layer's weights as its season begins, as a share of that at birth, above 0. Default 0.5. */
  youth?: number;
  /** Inputs whose familiarity is below this are new, 0 to 1. Default 0.5. */
  familiar?: number;
  /** Whether the readout returns to its birth. Default true. */
  readout?: boolean;
  /** How far the loss must come back towards that of birth, above 0. Default 0.25. */
  share?: number;
  /** Examples that the fast and the slow mean of the loss reach back, whole numbers from 1. Default 50 and 2,000. */
  fast?: number;
  slow?: number;
  /** Only says what it would do; the step size stays, too. Default false. */
  dryRun?: boolean;
}

const NAME = "seasons";
/** Standard deviations that inputs must have become less alike, to be a reason without a surge of the loss. */
const SURPRISING = 6;
/** Examples between two settings of the step size. */
const PACE = 100;

/** Throws ValueError for an option out of its range; and, when attached, for a rule without a step size. */
export function seasons(options: SeasonsOptions = {}): StructuralPolicy {
  const {
    settling = 20_000,
    youth = 0.5,
    familiar = 0.5,
    readout = true,
    share = 0.25,
    fast = 50,
    slow = 2000,
    dryRun = false,
  } = options;
  const check = (name: string, value: number, fits: boolean, right: string) => {
    if (!fits) throw new ValueError(`seasons: ${name} is ${value}: ${right}`);
  };
  for (const [name, value] of Object.entries({ settling, youth, share }))
    check(name, value, value > 0 && Number.isFinite(value), "a number above 0");
  check("familiar", familiar, familiar >= 0 && familiar <= 1, "from 0 to 1");
  for (const [name, value] of Object.entries({ fast, slow }))
    check(name, value, Number.isSafeInteger(value) && value >= 1, "a whole number from 1");
  const all = { settling, youth, familiar, readout, share, fast, slow, dryRun };
  return { name: NAME, options: all, attach: (life) => new Seasons(life, all) };
}

class Seasons implements PolicyAtWork {
  readonly columns: PolicyAtWork["columns"];
  readonly #life: Life;
  readonly #options: Required<SeasonsOptions>;
  readonly #surge: Surge;
  readonly #inputs: Familiarity;
  readonly #peak: number;
  /** Examples until the step size is set again. */
  #wait = 0;

  constructor(life: Life, options: Required<SeasonsOptions>) {
    const { lr } = life.hyper;
    if (lr === undefined)
      throw new ValueError(`${NAME}: the rule has no step size "lr", only ${Object.keys(life.hyper).join(", ")}`);
    this.#life = life;
    this.#options = options;
    this.#peak = lr;
    this.#surge = new Surge(options);
    this.#inputs = new Familiarity(life.network);
    this.columns = { inputs: this.#inputs.columns };
  }

  after({ step, examples, loss, seen }: Moment, announce: Announce): void {
    this.#inputs.sense(seen);
    const surged = this.#surge.sense(loss, examples);
    const { familiarity, surprise } = this.#inputs;
    if (surged || (familiarity < this.#options.familiar && surprise > SURPRISING)) this.#begin(step, announce);
    this.#wait -= examples;
    if (this.#wait > 0 || this.#options.dryRun) return;
    this.#wait = PACE;
    this.#life.set("lr", this.#peak / (1 + this.#surge.means.since / this.#options.settling) ** 2);
  }

  #begin(step: number, announce: Announce): void {
    const { familiar, readout, youth, dryRun } = this.#options;
    const { network } = this.#life;
    const { fast, slow, birth, since } = this.#surge.means;
    const { familiarity } = this.#inputs;
    const elsewhere = familiarity < familiar;
    const decided: Decided = {
      type: "decided",
      step,
      cause: NAME,
      proposal: "a new season",
      why: `inputs are ${elsewhere ? "unfamiliar" : "as before"}, the loss went from ${slow.toFixed(2)} to ${fast.toFixed(2)}`,
      evidence: { fast, slow, birth, since, familiarity },
      outcome: dryRun ? "would try" : "kept",
    };
    announce(decided);
    this.#surge.settle();
    this.#inputs.settle();
    this.#wait = 0;
    if (dryRun) return;
    const tell = (treatment: string, of: string) => announce({ type: "treated", step, cause: NAME, treatment, of });
    const first = network.populations[1];
    for (const population of network.populations.slice(1)) {
      const last = population === network.outputs;
      if (last ? readout : population === first && elsewhere) {
        returnToBirth(network, population, last ? 1 : youth);
        tell("returned to birth", population.name);
      } else if (!last && population.norm) {
        rejuvenate(network, population);
        tell("rejuvenated", population.name);
      }
    }
  }

  save(): unknown {
    return { wait: this.#wait, surge: this.#surge.save(), inputs: this.#inputs.save() };
  }

  load(state: unknown): void {
    const { wait, surge, inputs } = (state ?? {}) as Record<string, unknown>;
    if (typeof wait !== "number" || !Number.isFinite(wait))
      throw new SnapshotError(
        `the snapshot's state of ${NAME} is ${JSON.stringify(state)}: it has a wait, the means of the loss and the familiarity of inputs`,
      );
    this.#surge.load(surge);
    this.#inputs.load(inputs);
    this.#wait = wait;
  }
}
