/**
 * What was recorded, played back (../src/compute/tape.ts): calls one after the other, 16 words each. The first says who is called, the others are
 * its arguments; a compiled program is called by its place in the table.
 */
import { listActive } from "./activity";
import { denormaliseLayer, normaliseLayer } from "./layer-norm";
import { gather, projectActive } from "./products";

@inline
function word(at: usize, i: usize): i32 {
  return load<i32>(at + (i << 2));
}

/** Bytes of a call. */
const CALL: usize = 64;

export function play(from: usize, to: usize): void {
  for (let at = from; at < to; at += CALL) {
    switch (word(at, 0)) {
      case 0:
        call_indirect<void>(word(at, 1), word(at, 2), word(at, 3), word(at, 4));
        break;
      // The rows of those that are active in the only example: the list's second offset is their number.
      case 1:
        call_indirect<void>(word(at, 1), word(at, 2), 0, word(word(at, 3), 1));
        break;
      case 2:
        gather(
          word(at, 1), word(at, 2), word(at, 3), word(at, 4), word(at, 5), word(at, 6), word(at, 7), word(at, 8), word(at, 9),
          word(at, 10), word(at, 11), word(at, 12), word(at, 13), word(at, 14), word(at, 15),
        );
        break;
      case 3:
        projectActive(word(at, 1), word(at, 2), word(at, 3), word(at, 4), word(at, 5), word(at, 6), word(at, 7), word(at, 8));
        break;
      case 4:
        listActive(word(at, 1), word(at, 2), word(at, 3), word(at, 4), word(at, 5), word(at, 6), word(at, 7), word(at, 8), word(at, 9));
        break;
      case 5:
        normaliseLayer(
          word(at, 1), word(at, 2), word(at, 3), word(at, 4), word(at, 5), word(at, 6), word(at, 7), word(at, 8), word(at, 9), word(at, 10),
          word(at, 11),
        );
        break;
      case 6:
        denormaliseLayer(
          word(at, 1), word(at, 2), word(at, 3), word(at, 4), word(at, 5), word(at, 6), word(at, 7), word(at, 8), word(at, 9), word(at, 10),
          word(at, 11),
        );
        break;
    }
  }
}
