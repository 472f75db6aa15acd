/**
 * A surge: what is learned from has changed, and the loss tells. Two running means of the loss, a fast and a slow one; when the fast one has
 * come back a good part of the way to where it was at birth, what came before no longer holds:
 *
 *   f <- f + (l - f) / fast      s <- s + (l - s) / min(slow, n)      surge:  f - s > share (birth - s),  n > 4 fast
 *
 * n counts the examples since the last surge, and birth is the mean loss of the first examples of this life. A loss counts as no more than
 * twice that of birth, so that one bad example is no surge. In a stream of images this takes some ten examples.
 */
import { SnapshotError } from "../../errors.ts";

export interface SurgeOptions {
  /** Examples that the fast mean reaches back. */
  readonly fast: number;
  /** Examples that the slow mean reaches back. */
  readonly slow: number;
  /** Of the way back to the loss at birth. */
  readonly share: number;
}

export interface LossMeans {
  birth: number;
  fast: number;
  slow: number;
  /** Examples since the last surge. */
  since: number;
}

export class Surge {
  readonly #options: SurgeOptions;
  readonly #means: LossMeans = { birth: 0, fast: 0, slow: 0, since: 0 };
  /** Examples of which the loss at birth is the mean, `fast` at most. */
  #first = 0;

  constructor(options: SurgeOptions) {
    this.#options = options;
  }

  get means(): Readonly<LossMeans> {
    return this.#means;
  }

  /** Takes in the mean loss of some examples; says whether it has surged. Then `settle` begins anew. */
  sense(loss: number, examples: number): boolean {
    const { fast, slow, share } = this.#options;
    const means = this.#means;
    means.since += examples;
    if (this.#first < fast) {
      this.#first += examples;
      means.birth += ((loss - means.birth) * examples) / this.#first;
    }
    const { birth, since } = means;
    const felt = Math.min(loss, 2 * birth);
    means.fast += (felt - means.fast) * Math.min(1, examples / Math.min(fast, since));
    means.slow += (felt - means.slow) * Math.min(1, examples / Math.min(slow, since));
    return since > 4 * fast && means.fast - means.slow > share * Math.max(0, birth - means.slow);
  }

  /** From here on, all is new. */
  settle(): void {
    const { birth } = this.#means;
    Object.assign(this.#means, { fast: birth, slow: birth, since: 0 });
  }

  save(): unknown {
    return { ...this.#means, first: this.#first };
  }

  load(state: unknown): void {
    const { birth, fast, slow, since, first } = (state ?? {}) as Record<string, unknown>;
    const all = [birth, fast, slow, since, first];
    if (all.some((value) => typeof value !== "number" || !Number.isFinite(value) || value < 0))
      throw new SnapshotError(
        `the snapshot's means of the loss are ${JSON.stringify(state)}: birth, fast, slow, since and first are numbers from 0`,
      );
    Object.assign(this.#means, { birth, fast, slow, since });
    this.#first = first as number;
  }
}
