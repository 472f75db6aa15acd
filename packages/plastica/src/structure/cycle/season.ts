/**
 * Seasons: n examples after the last change of the world the step size is
 *
 *   lr = peak / (1 + n / settling)^2          peak: the rule's own
 *
 * and a loss that surges, or inputs that are no longer familiar, say that the world has changed (../renewal/surge.ts, familiarity.ts): then a
 * new season is proposed (proposals/renewal.ts). Until one begins the step size stays where it is.
 */
import { SnapshotError, ValueError } from "../../errors.ts";
import type { Columns } from "../../network/columns.ts";
import type { Life, Moment } from "../policy.ts";
import { Familiarity } from "../renewal/familiarity.ts";
import { type LossMeans, Surge } from "../renewal/surge.ts";

export interface SeasonOptions {
  /** Examples in which the step size falls to a quarter; 0: it stays. */
  readonly settling: number;
  /** Inputs whose familiarity is below this are new. */
  readonly familiar: number;
  /** How far the loss must come back towards that of birth. */
  readonly surge: number;
  /** Whether the step size stays all the same. */
  readonly dryRun: boolean;
}

/** What told that the world has changed. */
export interface Turn extends LossMeans {
  readonly familiarity: number;
}

/** Standard deviations that inputs must have become less alike, to be unfamiliar, and to be a reason without a surge of the loss. */
const [UNLIKELY, SURPRISING] = [3, 6];
/** Examples that the two means of the loss reach back. */
const [FAST, SLOW] = [50, 2000];
/** Examples between two settings of the step size. */
const PACE = 100;

export class Season {
  readonly columns: Columns;
  readonly #life: Life;
  readonly #options: SeasonOptions;
  readonly #surge: Surge;
  readonly #inputs: Familiarity;
  #peak: number;
  /** Examples since this season began, and until the step size is set again. */
  #age = 0;
  #wait = 0;

  /** Throws ValueError for a rule without a step size, where that is to settle. */
  constructor(life: Life, options: SeasonOptions) {
    const { lr = 0 } = life.hyper;
    if (options.settling > 0 && life.hyper.lr === undefined)
      throw new ValueError(
        `neuroplasticity: settling is ${options.settling}, and the rule has no step size "lr", only ${Object.keys(life.hyper).join(", ")}: 0 is right`,
      );
    this.#life = life;
    this.#options = options;
    this.#peak = lr;
    this.#surge = new Surge({ fast: FAST, slow: SLOW, share: options.surge });
    this.#inputs = new Familiarity(life.network);
    this.columns = this.#inputs.columns;
  }

  /** Examples since it began. */
  get age(): number {
    return this.#age;
  }

  get means(): LossMeans {
    return this.#surge.means;
  }

  /** Of what comes in; 1 where it is below `familiar` by chance. */
  get familiarity(): number {
    const { familiarity, surprise } = this.#inputs;
    return familiarity < this.#options.familiar && surprise <= UNLIKELY ? 1 : familiarity;
  }

  /** Takes in what was learned from. Says what tells that the world has changed; undefined where nothing does. */
  sense({ loss, examples, seen }: Moment): Turn | undefined {
    this.#inputs.sense(seen);
    const surged = this.#surge.sense(loss, examples);
    const { familiarity } = this;
    this.#age += examples;
    this.#wait -= examples;
    if (this.#wait <= 0) this.#settle();
    const unfamiliar = familiarity < this.#options.familiar && this.#inputs.surprise > SURPRISING;
    return surged || unfamiliar ? { ...this.#surge.means, familiarity } : undefined;
  }

  /** A new season: what was no longer holds, the step size is at its peak. */
  begin(): void {
    this.#surge.settle();
    this.#inputs.settle();
    this.#age = 0;
    this.#settle();
  }

  #settle(): void {
    const { settling, dryRun } = this.#options;
    this.#wait = PACE;
    if (settling > 0 && !dryRun) this.#life.set("lr", this.#peak / (1 + this.#age / settling) ** 2);
  }

  save(): unknown {
    const [age, wait, peak] = [this.#age, this.#wait, this.#peak];
    return { age, wait, peak, surge: this.#surge.save(), inputs: this.#inputs.save() };
  }

  load(state: unknown): void {
    // Older snapshots do not say the peak: then it is this rule's.
    const { age, wait, peak = this.#peak, surge, inputs } = (state ?? {}) as Record<string, unknown>;
    if (!Number.isSafeInteger(age) || (age as number) < 0 || !Number.isSafeInteger(wait) || !Number.isFinite(peak))
      throw new SnapshotError(
        `the snapshot's season is ${JSON.stringify(state)}: its age is a whole number from 0, its wait a whole number, its peak a step size`,
      );
    this.#surge.load(surge);
    this.#inputs.load(inputs);
    [this.#age, this.#wait, this.#peak] = [age as number, wait as number, peak as number];
  }
}
