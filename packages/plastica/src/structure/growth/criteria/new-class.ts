/**
 * New class: labels arrive that were never seen before. Those that come within `together` updates of the first are one demand; when a network has just begun to live, all labels are new.
 */
import { SnapshotError, ValueError } from "../../../errors.ts";
import type { Criterion, Watch } from "./criterion.ts";

export interface NewClassOptions {
  /** Updates, from 0. Default 500. */
  readonly together?: number;
}

const NAME = "new-class";

/** Throws ValueError for an option out of its range. */
export function newClass({ together = 500 }: NewClassOptions = {}): Criterion {
  if (!Number.isSafeInteger(together) || together < 0)
    throw new ValueError(`${NAME}: together is ${together}: a whole number of updates from 0`);
  return {
    name: NAME,
    options: { together },
    looks: false,
    watch(life): Watch {
      const known = new Set<number>();
      /** The update at which the last demand began, and whether it is still unanswered. */
      let [since, open] = [-1, false];
      return {
        sense({ step, seen: { count, ys } }) {
          if (ys === undefined || ys.length !== count || life.network.outputs.size < 2) return;
          for (let i = 0; i < count; i++) {
            if (known.has(ys[i])) continue;
            known.add(ys[i]);
            if (since >= 0 && step - since <= together) continue;
            [since, open] = [step, true];
          }
        },
        judge: () =>
          open
            ? [{ score: 1, why: "labels arrived that were never seen before", evidence: { labels: known.size, since } }]
            : [],
        settle: () => void (open = false),
        save: () => ({ known: [...known].sort((a, b) => a - b), since, open }),
        load(state) {
          const saved = (state ?? {}) as { known?: unknown; since?: unknown; open?: unknown };
          const whole = (n: unknown, least: number) => Number.isSafeInteger(n) && (n as number) >= least;
          if (
            !Array.isArray(saved.known) ||
            !saved.known.every((y) => whole(y, 0)) ||
            !whole(saved.since, -1) ||
            typeof saved.open !== "boolean"
          )
            throw new SnapshotError(
              `the snapshot's labels are ${JSON.stringify(state)}: known ones, since when, and whether open`,
            );
          known.clear();
          for (const y of saved.known as number[]) known.add(y);
          [since, open] = [saved.since as number, saved.open];
        },
      };
    },
  };
}
