/** That blocks are used shows in time alone: lives with them and without come to the same bits. */
import { expect, test } from "vitest";
import type { ComputeOptions } from "../compute/compute.ts";
import { uniform } from "../compute/random.ts";
import { backprop } from "../credit/backprop.ts";
import { crossEntropy } from "../credit/losses.ts";
import { type Learner, live } from "../life/learner.ts";
import { observe } from "../life/testing.ts";
import type { Rule } from "../rules/rule.ts";
import { adam, oja, sgd, upgd } from "../rules/synaptic/index.ts";
import type { Term } from "../rules/term.ts";
import { gradientClipping, l2, shrinkAndPerturb } from "../rules/terms/index.ts";
import { dropConnect } from "../structure/dropout/drop-connect.ts";
import { birth, death, replace } from "../structure/structure.ts";
import { absent, freeze, learnBySynapse, present, prune, regrow } from "../structure/synapses.ts";
import type { Network } from "./network.ts";
import { crelu, relu, tanh } from "./neurons.ts";
import { maxPool } from "./pooling.ts";
import { PresentBlocks } from "./present-blocks.ts";
import { PresentSynapses } from "./present-synapses.ts";
import { conv, dense, sequential } from "./sequential.ts";

const occasion = { step: 1, cause: "test" };
const bySynapse = {
  ...{ name: "by synapse", options: {} },
  attach({ network }: { network: Network }) {
    learnBySynapse(network);
    return { save: () => null, load: () => {} };
  },
};

interface Way {
  readonly rule?: Rule;
  readonly terms?: readonly Term[];
  readonly options?: ComputeOptions;
}

function learnerOf({ rule = adam({ lr: 0.01 }), terms, options }: Way = {}): Learner {
  const network = sequential({ inputs: 30, seed: 4, ...options }, [
    dense(45, relu(), { layerNorm: true }),
    dense(38, crelu()),
    dense(33, tanh()),
    dense(21),
  ]);
  return live(network, { credit: backprop({ loss: crossEntropy() }), rule, terms, structure: [bySynapse] });
}

/** The same, blind to who is there. */
function unaware(learner: Learner): Learner {
  for (const projection of learner.network.projections) {
    Object.defineProperty(projection, "blocks", { get: () => undefined });
    Object.defineProperty(projection, "present", { value: () => undefined });
  }
  return learner;
}

const denseLearnerOf = (way?: Way) => unaware(learnerOf(way));

/** Prunes all but about a share of the groups of `lanes` places side by side. */
function thin({ network }: Learner, share: number, lanes: number, seed: number): void {
  network.projections.forEach((projection, j) => {
    const { columns } = projection;
    const gone = new Set(absent(projection));
    const which: number[] = [];
    for (let place = 0; place < columns.planes * columns.rows * columns.lanes; place++) {
      const group = Math.floor(place / columns.lanes) * 1000 + Math.floor((place % columns.lanes) / lanes);
      if (!gone.has(place) && uniform({ k0: seed, k1: j }, group) >= share) which.push(place);
    }
    prune(network, projection, which, occasion);
  });
}

const inBlocks = ({ network }: Learner) => network.projections.map(({ blocks }) => blocks !== undefined);
/** Who is visited one synapse after the other in batches. */
const bySynapses = ({ network }: Learner) =>
  network.projections.map((projection) => projection.present?.(16) instanceof PresentSynapses);

/** A life in which much happens: what it says and comes to, and what was in blocks, and one by one in batches, at first. */
function lived(learner: Learner, share: number, lanes: number, seed: number) {
  const { network } = learner;
  const said: unknown[] = [];
  const live = (batch: number, steps = 2) =>
    said.push(observe(learner, 0, batch * steps, batch), learner.fingerprint());
  thin(learner, share, lanes, seed);
  live(1, 4);
  const began = [inBlocks(learner), bySynapses(learner)];
  live(16);
  live(3);
  birth(network, network.population("hidden2"), 5, occasion);
  live(1);
  death(network, network.population("hidden1"), [0, 7, 44], occasion);
  live(9);
  const [, middle] = network.projections;
  regrow(
    network,
    middle,
    [...absent(middle)].filter((_, i) => i % 97 === seed % 97),
    occasion,
  );
  live(1);
  replace(network, network.population("hidden1"), [3, 5], occasion);
  live(16);
  live(1);
  return { said, began };
}

const ways: Record<string, Way> = {
  SGD: { rule: sgd({ lr: 0.05 }) },
  "Adam, fused": { options: { arithmetic: "fused" } },
  "Adam with a decay and a norm": { terms: [l2(), gradientClipping({ norm: 0.5 })] },
  "UPGD, which surveys and draws noise": { rule: upgd({ lr: 0.01 }) },
  "SGD that shrinks and perturbs": { rule: sgd({ lr: 0.05 }), terms: [shrinkAndPerturb()] },
  "Oja's rule": { rule: oja({ lr: 0.001 }) },
};

/** The share that stays, of groups of so many lanes; whether these are blocks, and visited one by one in batches. */
const patterns = [
  [0.1, 16, true, false],
  [0.1, 1, false, true],
  [0.03, 1, true, true],
  [0.1, 4, true, true],
  [0, 1, true, false],
] as const;

test.each(Object.entries(ways))("%s: the bits of a sparse life are those of a dense one", (name, way) => {
  for (const [seed, [share, lanes, blocks, one]] of patterns.slice(0, name === "SGD" ? 5 : 2).entries()) {
    const [sparse, blind] = [learnerOf(way), denseLearnerOf(way)].map((learner) => lived(learner, share, lanes, seed));
    expect(sparse.said).toEqual(blind.said);
    expect(sparse.began).toEqual([Array(4).fill(blocks), Array(4).fill(one)]);
    expect(blind.began.flat()).toEqual(Array(8).fill(false));
  }
});

test("positions of a map are planes: a pruned layer after channels is visited in blocks, to the same bits", () => {
  const make = () => {
    const layers = [conv(5, relu(), { kernel: 3, pool: maxPool(2) }), dense(40, relu()), dense(4)];
    const network = sequential({ inputs: { height: 8, width: 8, channels: 1 }, seed: 2 }, layers);
    const credit = backprop({ loss: crossEntropy() });
    return live(network, { credit, rule: adam({ lr: 0.01 }), structure: [bySynapse] });
  };
  const [sparse, blind] = [make(), unaware(make())];
  for (const learner of [sparse, blind]) {
    thin(learner, 0.15, 16, 6);
    observe(learner, 0, 3);
    observe(learner, 3, 35, 16);
    death(learner.network, learner.network.population("hidden1"), [1], occasion);
    observe(learner, 35, 51, 16);
    observe(learner, 51, 53);
  }
  expect(inBlocks(sparse)[1]).toBe(true);
  expect(sparse.fingerprint()).toBe(blind.fingerprint());
});

test.each([16, 1])("threads change no bit of it: %i lanes side by side", async (lanes) => {
  const prints: string[] = [];
  for (const threads of [1, 2]) {
    const network = sequential({ inputs: 600, seed: 1, threads }, [dense(640, relu()), dense(600, relu()), dense(10)]);
    await expect.poll(() => network.compute.parts(1e12), { interval: 5 }).toBe(threads);
    const learner = live(network, {
      ...{ credit: backprop({ loss: crossEntropy() }), rule: sgd({ lr: 0.05 }) },
      structure: [bySynapse],
    });
    thin(learner, 0.1, lanes, 5);
    observe(learner, 0, 192, 96);
    expect([inBlocks(learner), bySynapses(learner)]).toEqual([lanes > 1, lanes === 1].map((is) => Array(3).fill(is)));
    prints.push(learner.fingerprint());
    learner.close();
  }
  expect(prints[1]).toBe(prints[0]);
});

test.each([1, 20])("what is lent for a while is passed on, not what is kept: DropConnect, %i at a time", (batch) => {
  const make = () => {
    const hidden = dense(48, relu(), { dropout: dropConnect({ rate: 0.5 }) });
    const network = sequential({ inputs: 30, seed: 4 }, [hidden, dense(5)]);
    return live(network, {
      credit: backprop({ loss: crossEntropy() }),
      rule: sgd({ lr: 0.05 }),
      structure: [bySynapse],
    });
  };
  for (const lanes of [16, 1]) {
    const [sparse, blind] = [make(), unaware(make())];
    for (const learner of [sparse, blind]) {
      thin(learner, 0.03, lanes, 8);
      observe(learner, 0, 60, batch);
    }
    const visited = lanes === 1 && batch > 1 ? PresentSynapses : PresentBlocks;
    expect(sparse.network.projections[0].present!(batch)).toBeInstanceOf(visited);
    expect(sparse.fingerprint()).toBe(blind.fingerprint());
  }
});

test("a snapshot tells nothing of blocks: whoever restores it goes on to the same bits", () => {
  const [first, second, blind] = [learnerOf(), learnerOf(), denseLearnerOf()];
  thin(first, 0.1, 16, 7);
  observe(first, 0, 6);
  const file = first.snapshot();
  for (const learner of [second, blind]) learner.restore(file);
  for (const learner of [first, second, blind]) {
    observe(learner, 6, 10);
    observe(learner, 10, 42, 16);
  }
  expect(inBlocks(second)).toEqual(Array(4).fill(true));
  expect([second.fingerprint(), blind.fingerprint()]).toEqual([first.fingerprint(), first.fingerprint()]);
});

test("what is fully plastic learns as if nobody had ever asked for plasticities", () => {
  const [asked, never] = [learnerOf(), learnerOf()];
  for (const { columns } of never.network.projections) columns.remove("plasticity");
  never.network.changed();
  for (const learner of [asked, never]) {
    observe(learner, 0, 5);
    observe(learner, 5, 21, 8);
  }
  const weights = ({ network }: Learner) => network.projections.map(({ columns }) => [...columns.packed("w")]);
  expect(weights(asked)).toEqual(weights(never));
  const [projection] = asked.network.projections;
  const full = () => [projection.fullyPlastic, projection.blocks?.fullyPlastic];
  expect(full()).toEqual([true, undefined]);
  // What stays are whole blocks: 16 lanes of each row, or the last 13.
  const stays = (place: number) => Math.floor(place / 45) % 3 === (place % 45) >> 4;
  prune(
    asked.network,
    projection,
    [...present(projection)].filter((place) => !stays(place)),
    occasion,
  );
  observe(asked, 21, 22);
  expect(full()).toEqual([false, true]);
  freeze(asked.network, projection, [3], occasion); // of the first row, whose first block stays
  observe(asked, 22, 23);
  expect(full()).toEqual([false, false]);
});

test("blocks are listed where they promise to be faster, and listed again when synapses come or go", () => {
  const learner = learnerOf();
  const { network } = learner;
  const [projection] = network.projections;
  observe(learner, 0, 1);
  expect(inBlocks(learner)).toEqual(Array(4).fill(false));
  thin(learner, 0.1, 16, 3);
  observe(learner, 1, 2);
  const { blocks } = projection;
  observe(learner, 2, 4);
  expect(projection.blocks).toBe(blocks);
  expect(blocks?.lanes).toBeLessThan(0.3 * 48);
  regrow(network, projection, absent(projection), occasion);
  observe(learner, 4, 5);
  expect(projection.blocks).toBeUndefined();
});
