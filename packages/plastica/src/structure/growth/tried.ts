/** Something is tried on a branch of a life: whatever it does is undone. */
import type { Life } from "../policy.ts";

export function tried<T>(life: Life, attempt: () => T): T {
  const undo = life.branch();
  try {
    return attempt();
  } finally {
    undo();
  }
}
