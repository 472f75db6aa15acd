// Loss of plasticity in ten seconds: two twins learn one set of random labels after another. What is measured is how well they
// still learn a new one. The plastic twin replaces the neurons it can spare.
import {
  backprop,
  continualBackprop,
  crossEntropy,
  dense,
  integer,
  key,
  type Learner,
  live,
  normal,
  relu,
  sequential,
  sgd,
} from "plastica";

const twin = (plastic: boolean): Learner =>
  live(sequential({ inputs: 20, seed: 1 }, [dense(40, relu()), dense(40, relu()), dense(4)]), {
    credit: backprop({ loss: crossEntropy() }),
    rule: sgd({ lr: 0.03 }),
    structure: plastic ? [continualBackprop({ replacementRate: 2e-4 })] : [],
  });

const points = Array.from({ length: 64 }, (_, p) =>
  Array.from({ length: 20 }, (_, i) => normal(key(1, "points"), 20 * p + i)),
);
const twins = { backprop: twin(false), plastic: twin(true) };
const last: Record<string, number> = {};
for (let task = 0; task < 60; task++) {
  const labels = points.map((_, p) => integer(key(2, "labels", task), p, 4));
  for (const [name, learner] of Object.entries(twins)) {
    let right = 0;
    for (let i = 0; i < 4000; i++) {
      const p = integer(key(3, "order", task), i, points.length);
      if (learner.observe(points[p], labels[p]).prediction === labels[p]) right++;
    }
    last[name] = right / 40;
  }
  if (task % 10 === 9)
    console.log(`task ${task + 1}: backprop ${last.backprop.toFixed(1)} %, plastic ${last.plastic.toFixed(1)} %`);
}
if (!(last.plastic > last.backprop + 20)) process.exitCode = 1;
