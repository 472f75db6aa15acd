// A neuron model of your own: a function of its input. Its derivative is found, and both are compiled to SIMD kernels.
import { adam, backprop, crossEntropy, dense, live, neuron, sequential } from "plastica";

/** Two planes, one for each sign, each squared: max(x, 0)^2 and max(-x, 0)^2. One of them is always silent. */
const rectifiedSquare = neuron("rectified-square", { gain: 1, gated: true }, (x) => [
  x.max(0).square(),
  x.neg().max(0).square(),
]);

const net = sequential({ inputs: 2, seed: 3 }, [dense(16, rectifiedSquare), dense(2)]);
const learner = live(net, { credit: backprop({ loss: crossEntropy() }), rule: adam({ lr: 0.01 }) });

// Two noisy rings, told apart online.
let right = 0;
for (let i = 0; i < 4000; i++) {
  const inside = i % 2;
  const angle = (i * 2.399963) % (2 * Math.PI);
  const radius = (inside ? 0.6 : 1.2) + 0.15 * Math.sin(i * 12.9898);
  const seen = learner.observe([radius * Math.cos(angle), radius * Math.sin(angle)], inside);
  if (i >= 3000 && seen.prediction === inside) right++;
}
console.log(`right in ${(right / 10).toFixed(1)} % of the last 1,000 examples`);
if (right < 950) process.exitCode = 1;
