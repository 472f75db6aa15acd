/**
 * Plateau: the loss does not fall any more, and is not low enough. Over stretches of `patience` updates, with L the mean loss of the last one,
 *
 *   L > floor   and   L > (1 - improvement) L_before.
 *
 * A loss that rises has ceased to fall, too. After a growth, two whole stretches must have passed.
 *
 * J. Yoon, E. Yang, J. Lee and S. Hwang: Lifelong learning with dynamically expandable networks, ICLR 2018 (arXiv 1708.01547): there a task's final loss is held against
 * the floor; a stream has no final loss, so here it must have ceased to fall.
 */
import { SnapshotError, ValueError } from "../../../errors.ts";
import type { Criterion, Watch } from "./criterion.ts";

export interface PlateauOptions {
  /** A loss, from 0. Default 0.01. */
  readonly floor?: number;
  /** Updates, from 1. Default 1000. */
  readonly patience?: number;
  /** A share, from 0, below 1. Default 0.02. */
  readonly improvement?: number;
}

/** Throws ValueError for an option out of its range. */
export function plateau({ floor = 0.01, patience = 1000, improvement = 0.02 }: PlateauOptions = {}): Criterion {
  const must = (name: string, value: number, fits: boolean, right: string) => {
    if (!fits) throw new ValueError(`plateau: ${name} is ${value}: ${right}`);
  };
  must("floor", floor, floor >= 0 && floor < Number.POSITIVE_INFINITY, "a loss from 0");
  must("patience", patience, Number.isSafeInteger(patience) && patience >= 1, "a whole number of updates from 1");
  must("improvement", improvement, improvement >= 0 && improvement < 1, "a share from 0, below 1");
  return {
    name: "plateau",
    options: { floor, patience, improvement },
    looks: false,
    watch(): Watch {
      /** Of this stretch, and the mean losses of the two before it; NaN: there was none. */
      let now = { sum: 0, count: 0 };
      let [last, before] = [Number.NaN, Number.NaN];
      return {
        sense({ loss }) {
          now = { sum: now.sum + loss, count: now.count + 1 };
          if (now.count < patience) return;
          [before, last] = [last, now.sum / patience];
          now = { sum: 0, count: 0 };
        },
        judge: () =>
          last > floor && last > (1 - improvement) * before
            ? [
                {
                  score: last / Math.max(floor, before),
                  why: `the loss is ${last.toPrecision(3)} and was ${before.toPrecision(3)}`,
                  evidence: { loss: last, "loss before": before },
                },
              ]
            : [],
        settle() {
          now = { sum: 0, count: 0 };
          [last, before] = [Number.NaN, Number.NaN];
        },
        save: () => [now.sum, now.count, ...[last, before].map((loss) => (Number.isNaN(loss) ? null : loss))],
        load(state) {
          const [sum, count, ...losses] = Array.isArray(state) ? (state as unknown[]) : [];
          const isLoss = (loss: unknown) => loss === null || typeof loss === "number";
          if (
            typeof sum !== "number" ||
            !(typeof count === "number" && count >= 0 && count < patience) ||
            losses.length !== 2 ||
            !losses.every(isLoss)
          )
            throw new SnapshotError(
              `the snapshot's plateau is ${JSON.stringify(state)}: a sum of losses, their number, and the last two means`,
            );
          now = { sum, count };
          [last, before] = losses.map((loss) => loss ?? Number.NaN);
        },
      };
    },
  };
}
