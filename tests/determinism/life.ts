/**
 * A few small lives that between them use every part of the engine whose bits could differ from host to host: the rules and
 * their compiled kernels, noise, smooth functions, convolutions, normalisation, batches large enough to be split between
 * threads, and neurons that are born and die. It knows nothing but the engine, so that it runs anywhere.
 */
import {
  adam,
  averagePool,
  backprop,
  bernoulli,
  binaryCrossEntropy,
  continualBackprop,
  conv,
  crelu,
  crossEntropy,
  dense,
  gelu,
  integer,
  key,
  type Learner,
  l2,
  live,
  maxPool,
  normal,
  relu,
  sequential,
  sgd,
  tanh,
  upgd,
} from "plastica";

const INPUTS = 24;
const CLASSES = 5;

/** Example `i` of a small problem that changes: half the inputs are silent, and the class depends on which is greatest. */
function example(i: number): { x: Float32Array; y: number } {
  const x = new Float32Array(INPUTS);
  const task = Math.floor(i / 400);
  for (let j = 0; j < INPUTS; j++) if (bernoulli(key(3, "lit", i), j, 0.5)) x[j] = normal(key(3, "x", i), j);
  let greatest = 0;
  for (let j = 1; j < CLASSES; j++) if (x[j] > x[greatest]) greatest = j;
  return { x, y: (greatest + integer(key(3, "task"), task, CLASSES)) % CLASSES };
}

/** Examples [from, from + n) as one batch. */
function batch(from: number, n: number): { xs: Float32Array; ys: Int32Array } {
  const xs = new Float32Array(n * INPUTS);
  const ys = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    const { x, y } = example(from + i);
    xs.set(x, i * INPUTS);
    ys[i] = y;
  }
  return { xs, ys };
}

/** A learner, and what happens to it. */
interface Life {
  readonly learner: Learner;
  readonly go: () => void;
}

/** One example at a time. */
function stream(learner: Learner, from: number, steps: number): void {
  for (let i = from; i < from + steps; i++) {
    const { x, y } = example(i);
    learner.observe(x, y);
  }
}

/** Stochastic gradient descent with weight decay, and neurons replaced all the time by continual backprop. */
function replaced(threads: number): Life {
  const net = sequential({ inputs: INPUTS, seed: 11, threads }, [dense(40, relu()), dense(30, relu()), dense(CLASSES)]);
  const learner = live(net, {
    credit: backprop({ loss: crossEntropy() }),
    rule: sgd({ lr: 0.01 }),
    terms: [l2({ strength: 1e-4 })],
    structure: [continualBackprop({ replacementRate: 2e-3, maturity: 50, decay: 0.95 })],
  });
  let died = 0;
  learner.on((event) => {
    if (event.type === "died") died += event.neurons.length;
  });
  return {
    learner,
    go() {
      stream(learner, 0, 2000);
      if (died < 50) throw new Error(`only ${died} neurons were replaced: this life should have seen more`);
    },
  };
}

/** Utility-based perturbed gradient descent: a rule with noise, state, and a maximum over the whole network. */
function perturbed(threads: number): Life {
  const net = sequential({ inputs: INPUTS, seed: 12, threads, normaliseInputs: { decay: 0.99 } }, [
    dense(33, crelu()),
    dense(CLASSES),
  ]);
  const learner = live(net, { credit: backprop({ loss: binaryCrossEntropy() }), rule: upgd({ lr: 0.02 }) });
  return { learner, go: () => stream(learner, 0, 800) };
}

/** Adam on batches, through smooth functions and layer normalisation, wide enough that its products are split. */
function smooth(threads: number): Life {
  const net = sequential({ inputs: INPUTS, seed: 13, threads }, [
    dense(150, tanh(), { layerNorm: true }),
    dense(130, gelu(), { layerNorm: true }),
    dense(CLASSES),
  ]);
  const learner = live(net, { credit: backprop({ loss: crossEntropy() }), rule: adam({ lr: 1e-3 }) });
  return {
    learner,
    go() {
      for (let i = 0; i < 40; i++) {
        const { xs, ys } = batch(96 * i, 96);
        learner.observeBatch(xs, ys);
      }
    },
  };
}

/** A network that grows and shrinks by hand, under Adam, first in batches and then by single examples. */
function grown(threads: number): Life {
  const net = sequential({ inputs: INPUTS, seed: 14, threads }, [
    dense(12, relu(), { name: "first" }),
    dense(9, relu(), { name: "second" }),
    dense(CLASSES),
  ]);
  const learner = live(net, { credit: backprop({ loss: crossEntropy() }), rule: adam({ lr: 2e-3 }) });
  return {
    learner,
    go() {
      for (let round = 0; round < 12; round++) {
        const { xs, ys } = batch(40 * round, 40);
        learner.observeBatch(xs, ys);
        stream(learner, 480 + 60 * round, 60);
        learner.grow("first", 1 + (round % 5));
        const { neurons } = net.population("second");
        if (round % 3 === 2) learner.remove("second", [neurons[round % neurons.length].id]);
        else learner.grow("second", 2);
      }
    },
  };
}

/** Convolutions, pooled and normalised by batch and by layer, of which channels are born and die; wide enough that they are split. */
function mapped(threads: number): Life {
  const image = { height: 24, width: 24, channels: 1 };
  const net = sequential({ inputs: image, seed: 15, threads }, [
    conv(12, relu(), { kernel: 5, padding: 2, batchNorm: true, pool: maxPool(2) }),
    conv(16, tanh(), { kernel: 3, stride: [1, 2], groups: 2, layerNorm: true, pool: averagePool(2) }),
    dense(CLASSES),
  ]);
  const learner = live(net, { credit: backprop({ loss: crossEntropy() }), rule: adam({ lr: 3e-3 }) });
  /** An image of the examples from `from` on, one a line. */
  const lines = (from: number): Float32Array => batch(from, INPUTS).xs;
  return {
    learner,
    go() {
      for (let i = 0; i < 8; i++) {
        const xs = new Float32Array(16 * INPUTS * INPUTS);
        const ys = Array.from({ length: 16 }, (_, n) => example(400 * n + i).y);
        for (let n = 0; n < 16; n++) xs.set(lines(400 * n + i), n * INPUTS * INPUTS);
        learner.observeBatch(xs, ys);
        learner.observe(lines(i), example(i).y);
        learner.grow("hidden1", 1 + (i % 3));
        const { neurons } = net.population("hidden2");
        learner.remove("hidden2", [neurons[i % neurons.length].id]);
      }
    },
  };
}

const LIVES = { replaced, perturbed, smooth, grown, mapped };

/** Lives them all, and tells the fingerprint that each ends with. */
export async function lives(
  threads: number,
): Promise<{ readonly fingerprints: Readonly<Record<string, string>>; readonly helpers: number }> {
  const fingerprints: Record<string, string> = {};
  let helpers = Number.POSITIVE_INFINITY;
  for (const [name, begin] of Object.entries(LIVES)) {
    const { learner, go } = begin(threads);
    // Helper threads start on their own time, in a browser only while nothing else runs; without them nothing would be split.
    const { compute } = learner.network;
    const inReach = (): number => compute.parts(Number.MAX_SAFE_INTEGER) - 1;
    for (let waited = 0; waited < 50 && compute.arena.shared && inReach() < threads - 1; waited++) {
      await new Promise((later) => setTimeout(later, 20));
    }
    helpers = Math.min(helpers, inReach());
    go();
    fingerprints[name] = learner.fingerprint();
    learner.close();
  }
  return { fingerprints, helpers };
}
