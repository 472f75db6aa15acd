/** A copy of a network says what the network says, whatever its layers are made of, and may take its place. */
import { expect, test } from "vitest";
import { backprop } from "../credit/backprop.ts";
import { crossEntropy } from "../credit/losses.ts";
import type { Network } from "../network/network.ts";
import { leakyRelu, linear, relu } from "../network/neurons.ts";
import { type DenseOptions, dense, sequential } from "../network/sequential.ts";
import { sgd } from "../rules/index.ts";
import { dropouts } from "../structure/dropout/index.ts";
import { live } from "./learner.ts";
import { example, observe } from "./testing.ts";

function lived(hidden: DenseOptions, output: DenseOptions, models = [relu(), linear()]) {
  const net = sequential({ inputs: 7, seed: 3 }, [dense(9, models[0], hidden), dense(3, models[1], output)]);
  const learner = live(net, { credit: backprop({ loss: crossEntropy() }), rule: sgd({ lr: 0.05 }) });
  observe(learner, 0, 30);
  return learner;
}

function answer(network: Network): Float32Array {
  network.present(xs, 5);
  network.forward(5, false);
  return network.outputs.outputs(5);
}

const xs = Array.from({ length: 5 }, (_, i) => [...example(100 + i, 7, 3).x]).flat();

test.each(
  Object.entries(dropouts).flatMap(([name, make]) => [
    [name, "a hidden layer", lived({ dropout: make({} as never) }, {})] as const,
    [name, "the outputs", lived({}, { dropout: make({} as never) })] as const,
  ]),
)("%s in %s", (_name, _where, learner) => {
  const said = [...learner.predictBatch(xs, 5)];
  const copy = learner.copy();
  expect([...answer(copy)]).toEqual(said);
  learner.succeed({ network: copy });
  expect([...learner.predictBatch(xs, 5)]).toEqual(said);
});

test("a model has the options of its own layer, and not of another's", () => {
  const learner = lived({}, {}, [leakyRelu({ slope: 0.5 }), leakyRelu({ slope: 0.01 })]);
  expect([...answer(learner.copy())]).toEqual([...learner.predictBatch(xs, 5)]);
});
