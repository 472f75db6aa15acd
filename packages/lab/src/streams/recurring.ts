/**
 * Tasks that come back: a stream's tasks over and over, the same items in the same order. (Streams of images know better, by
 * their option `recurring`: a task that comes back shows the same, in a new order.)
 */
import { mustBeWhole } from "./images.ts";
import { mustHave, type Stream } from "./stream.ts";

/**
 * `tasks` tasks, of which task `t` is the stream's task `t mod k` of its `k`.
 *
 * @param tasks an integer from 1; less than the stream has cuts it short
 * @throws ValueError for any other number
 */
export function recurring(stream: Stream, tasks: number): Stream {
  mustBeWhole("tasks", tasks, 1);
  const cycle = stream.starts.length;
  const startOf = (task: number) => Math.floor(task / cycle) * stream.length + stream.starts[task % cycle];
  const length = startOf(tasks);
  const again: Stream = {
    inputs: stream.inputs,
    ...(stream.image && { image: stream.image }),
    outputs: stream.outputs,
    target: stream.target,
    starts: Array.from({ length: tasks }, (_, task) => startOf(task)),
    length,
    at(n) {
      mustHave(n, length);
      return stream.at(n % stream.length);
    },
    ...(stream.tests === undefined ? {} : { tests: stream.tests }),
  };
  return stream.load === undefined ? again : { ...again, load: (from, to) => loadAgain(stream, from, to) };
}

/** Loads what lies between `from` and `to`: of two parts of the stream neither may be loaded alone, since each may let go of the other. */
async function loadAgain(stream: Stream, from: number, to: number): Promise<void> {
  const start = from % stream.length;
  const end = start + to - from;
  await (end <= stream.length ? stream.load?.(start, end) : stream.load?.(0, stream.length));
}
