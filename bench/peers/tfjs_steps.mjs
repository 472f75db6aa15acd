// TensorFlow.js's training step on its Wasm backend, its fastest in Node without native code: node tfjs_steps.mjs FOLDER WORKLOADS RUNS
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { firstImages, oneHot, run } from "./steps.mjs";

// The packages are installed in a folder of their own, next to the input.
const require = createRequire(join(process.argv[2], "package.json"));
const tf = require("@tensorflow/tfjs");
const wasm = require("@tensorflow/tfjs-backend-wasm");

wasm.setWasmPaths(`${dirname(require.resolve("@tensorflow/tfjs-backend-wasm"))}/`);
await tf.setBackend("wasm");
await tf.ready();

await run(`tfjs ${tf.version.tfjs} wasm`, ({ layers, batch, optimizer }) => {
  const last = layers.length - 2;
  const dense = layers.slice(1).map((width, i) => ({
    weights: tf.variable(tf.randomNormal([layers[i], width], 0, Math.sqrt(1 / layers[i]))),
    bias: tf.variable(tf.zeros([width])),
  }));
  const images = firstImages(batch);
  const x = tf.tensor2d(images.x, [batch, layers[0]]);
  const y = tf.tensor2d(oneHot(images.y, layers[last + 1]), [batch, layers[last + 1]]);
  const descent = optimizer === "sgd" ? tf.train.sgd(0.01) : tf.train.adam(0.001);
  const loss = () => {
    const logits = dense.reduce((h, { weights, bias }, i) => {
      const sum = h.matMul(weights).add(bias);
      return i === last ? sum : sum.relu();
    }, x);
    return tf.losses.softmaxCrossEntropy(y, logits);
  };
  return { step: () => descent.minimize(loss), finish: () => dense[0].bias.data() };
});
