/** Networks of more than 2 GiB: addresses whose top bit is set, which JavaScript's bit operations take for negative. */
import { afterEach, expect, it, vi } from "vitest";
import { Arena } from "../compute/arena.ts";
import { backprop } from "../credit/backprop.ts";
import { crossEntropy } from "../credit/losses.ts";
import { crelu } from "../network/neurons.ts";
import { dense, sequential } from "../network/sequential.ts";
import { adam } from "../rules/synaptic/index.ts";
import { gradientClipping, shrinkAndPerturb } from "../rules/terms/index.ts";
import { live } from "./learner.ts";

const FAR = 2 ** 31;

afterEach(() => void vi.restoreAllMocks());

/** Everything from now on is allocated beyond 2 GiB. */
function goFar(): void {
  const { allocate } = Arena.prototype;
  vi.spyOn(Arena.prototype, "allocate").mockImplementation(function (this: Arena, bytes) {
    if (this.used === 0) {
      // Zeroing would make the host find two gigabytes of real memory: this block is only there to be in the way.
      const zeroing = vi.spyOn(Uint8Array.prototype, "fill").mockReturnThis();
      allocate.call(this, FAR);
      zeroing.mockRestore();
    }
    return allocate.call(this, bytes);
  });
}

function fingerprint(): string {
  const net = sequential({ inputs: 3, seed: 1, normaliseInputs: { decay: 0.9 } }, [
    dense(5, crelu(), { layerNorm: true }),
    dense(3),
  ]);
  const terms = [gradientClipping({ norm: 0.5 }), shrinkAndPerturb({ noise: 0.01 })];
  const learner = live(net, { credit: backprop({ loss: crossEntropy() }), rule: adam(), terms });
  const x = [1, -2, 3, 0.5, 1.5, -1];
  learner.observe(x.slice(0, 3), 1);
  learner.grow("hidden1", 4);
  learner.observeBatch(x, [0, 2], { outputs: [0, 2] });
  learner.remove("hidden1", [4, 5]);
  return `${learner.fingerprint()} ${learner.predict(x.slice(3))} ${net.outputs.out > FAR}`;
}

it("live the same life", () => {
  const near = fingerprint();
  goFar();
  expect(fingerprint()).toBe(near.replace("false", "true"));
});
