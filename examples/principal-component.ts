// Learning without any credit: one neuron, Oja's rule, and a stream of points. Its weights turn to the direction in which the points
// vary most, and settle at length one.
import { dense, key, linear, live, normal, oja, sequential, unsupervised } from "plastica";

const net = sequential({ inputs: 2, seed: 1 }, [dense(1, linear(), { bias: false })]);
const learner = live(net, { credit: unsupervised(), rule: oja({ lr: 0.01 }) });

const draws = key(1, "points");
for (let i = 0; i < 5000; i++) {
  const [far, near] = [2 * normal(draws, 2 * i), 0.5 * normal(draws, 2 * i + 1)];
  learner.observe([0.6 * far - 0.8 * near, 0.8 * far + 0.6 * near]); // the long axis points to (0.6, 0.8)
}
const [x, y] = net.projections[0].columns.packed("w");
console.log(`locality: ${learner.locality}; weights ${x.toFixed(2)}, ${y.toFixed(2)}`);
if (Math.abs(Math.abs(0.6 * x + 0.8 * y) - 1) > 0.1) process.exitCode = 1;
