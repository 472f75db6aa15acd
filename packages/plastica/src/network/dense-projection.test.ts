import { describe, expect, it } from "vitest";
import { kernelBytes } from "../compute/kernels.ts";
import * as twin from "../compute/kernels.twin.ts";
import { uniform } from "../compute/random.ts";
import { CHUNK } from "./dense-projection.ts";
import type { Network } from "./network.ts";
import { crelu, relu, tanh } from "./neurons.ts";
import type { Population } from "./population.ts";
import type { Projection } from "./projection.ts";
import { dense, sequential } from "./sequential.ts";

it("chunks the rows as the kernel does", () => {
  const module = new WebAssembly.Module(kernelBytes("plain", false));
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
  const { CHUNK: ofKernel } = new WebAssembly.Instance(module, { env: { memory } }).exports;
  expect((ofKernel as WebAssembly.Global).value).toBe(CHUNK);
});

const draw = (from: number, n: number) =>
  Float32Array.from({ length: n }, (_, i) => uniform({ k0: from, k1: 0 }, i) - 0.5);

/** Sizes with several chunks of 128 rows, forward and in the gradient's sum over examples. */
const cases = [relu(), crelu(), tanh()].flatMap((model) => [1, 2, 9, 300].map((examples) => ({ model, examples })));

const rowsOf = ({ compute }: Population, pointer: number, n: number): Float32Array =>
  compute.arena.f32.slice(pointer >> 2, (pointer >> 2) + n);

/** What the population lists as active, as plain arrays. */
function listOf(population: Population, examples: number): twin.List {
  const { model, out, outStride, size, capacity } = population;
  const data = rowsOf(population, out, (examples * outStride) / 4);
  return twin.listActive({ data, stride: outStride / 4 }, examples, size, model.planes, capacity);
}

const weights = ({ columns }: Projection): twin.Matrix => ({ data: columns.view("w"), stride: columns.laneCapacity });

describe.each(cases)("from $model.name, $examples examples", ({ model, examples }) => {
  const net: Network = sequential({ inputs: 6, seed: 3 }, [dense(150, model), dense(10)]);
  const [projection] = net.projections.slice(1);
  const { pre, post } = projection;
  post.columns.unpack("bias", draw(1, 10));
  net.present(draw(2, 6 * examples), examples);
  net.forward(examples, false);
  const list = listOf(pre, examples);
  const cells = examples * post.capacity;

  it("carries activity forward, from the bias on or on top of what is there", () => {
    const bias = { data: post.columns.view("bias"), stride: 0 };
    const right = { data: new Float32Array(cells), stride: post.capacity };
    twin.gather(right, bias, weights(projection), list, [0, examples], [0, post.vectors]);
    projection.forward(examples, true);
    expect(rowsOf(post, post.input, cells)).toEqual(right.data);
    twin.gather(right, right, weights(projection), list, [0, examples], [0, post.vectors]);
    projection.forward(examples, false);
    expect(rowsOf(post, post.input, cells)).toEqual(right.data);
  });

  it("carries signals back, to the active or to all, put or added", () => {
    const signal = draw(4, cells).map((value, i) => (i % post.capacity < 10 ? value : 0));
    net.compute.arena.f32.set(signal, post.signal >> 2);
    const stride = pre.outStride / 4;
    for (const add of [false, true]) {
      const right = rowsOf(pre, pre.back, examples * stride);
      for (let row = 0; row < examples; row++) {
        const out = right.subarray(row * stride, (row + 1) * stride);
        const lanes = signal.subarray(row * post.capacity);
        const entries: twin.Range[] = pre.model.gated
          ? [[list.rowStart[row], list.rowStart[row + 1]]]
          : Array.from({ length: pre.model.planes }, (_, p) => [p * pre.capacity, p * pre.capacity + pre.size]);
        const index = pre.model.gated ? list.index : undefined;
        for (const range of entries) twin.projectRow(out, weights(projection), lanes, post.vectors, index, range, add);
      }
      projection.project(examples, add);
      const ours = rowsOf(pre, pre.back, examples * stride);
      expect(ours).toEqual(right);
    }
  });

  it("gathers the gradient of any block of rows", () => {
    if (examples === 1) return; // of one example it is never stored
    const signal = { data: rowsOf(post, post.signal, cells), stride: post.capacity };
    pre.listByNeuron(examples);
    const rows = pre.model.planes * pre.capacity;
    const transposed = twin.listByNeuron(list, examples, rows);
    const out = net.compute.arena.allocate(rows * projection.columns.stride);
    for (const [from, to] of [
      [0, rows],
      [5, 6],
      [37, 150],
    ]) {
      const right = { data: new Float32Array(rows * post.capacity), stride: post.capacity };
      twin.gather(right, undefined, signal, transposed, [from, to], [0, post.vectors]);
      projection.gradient(out, from, to, examples);
      expect(rowsOf(post, out, (to - from) * post.capacity)).toEqual(
        right.data.slice(from * post.capacity, to * post.capacity),
      );
    }
    net.compute.arena.free(out);
  });
});

it("has a row for each plane of each presynaptic neuron", () => {
  const net = sequential({ inputs: 2 }, [dense(3, crelu()), dense(1)]);
  expect(net.projections.map(({ name, fanIn }) => `${name} ${fanIn}`)).toEqual(["input-hidden1 2", "hidden1-output 6"]);
});
