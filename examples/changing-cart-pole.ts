// An agent that learns to keep a pole upright. After 300 episodes the pole shrinks to a tenth: what it knew drops the pole, and it
// learns again. Its policy is a network whose two outputs say how much it would rather push left or right. After an episode each
// action is made likelier the more reward came after it than after the others (policy gradient; Williams 1992): cross-entropy with
// that advantage as the weight of the action that was taken.
import { cartPole } from "@plastica/lab";
import { adam, backprop, crossEntropy, dense, key, live, ln, sequential, tanh, uniform } from "plastica";

const EVERY = 300;
const world = cartPole({ seed: 1, drift: { length: { kind: "abrupt", values: [0.5, 0.05], every: EVERY } } });
const agent = live(sequential({ inputs: 4, seed: 1 }, [dense(16, tanh()), dense(2)]), {
  credit: backprop({ loss: crossEntropy() }),
  rule: adam({ lr: 0.02 }),
});

/** How much better what came after each action was than usual in its episode: discounted rewards, standardised. */
function advantages(rewards: readonly number[]): number[] {
  const returns: number[] = [];
  for (let i = rewards.length - 1; i >= 0; i--) returns[i] = rewards[i] + 0.99 * (returns[i + 1] ?? 0);
  const mean = returns.reduce((a, b) => a + b) / returns.length;
  const spread = Math.sqrt(returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / returns.length);
  return returns.map((value) => (value - mean) / (spread + 1e-8));
}

function episode(n: number): number {
  const [seen, taken, rewards]: number[][] = [[], [], []];
  let [x, speed, angle, turning] = world.begin(n);
  for (;;) {
    const now = [x, speed, 5 * angle, turning];
    const [left, right] = agent.predict(now);
    const u = uniform(key(1, "choice", n), rewards.length);
    const action = ln(u / (1 - u)) < right - left ? 1 : 0; // with probability 1 / (1 + exp(left - right))
    const { observation, reward, terminated, truncated } = world.step(action);
    seen.push(...now);
    taken.push(action);
    rewards.push(reward);
    if (terminated) {
      const targets = advantages(rewards).flatMap((advantage, i) => (taken[i] === 1 ? [0, advantage] : [advantage, 0]));
      agent.observeBatch(Float32Array.from(seen), targets);
    }
    if (terminated || truncated) return rewards.length;
    [x, speed, angle, turning] = observation;
  }
}

const steps = Array.from({ length: 2 * EVERY }, (_, n) => episode(n));
const mean = (from: number) => steps.slice(from, from + 20).reduce((a, b) => a + b) / 20;
const [young, before, after, again] = [0, EVERY - 20, EVERY, 2 * EVERY - 20].map(mean);
console.log(`upright for ${young} steps at first, for ${before} when it has learned (500 is the most)`);
console.log(`the pole shrinks: ${after} steps, then ${again} again`);
if (!(before > 450 && after < before - 150 && again > 450)) process.exitCode = 1;
