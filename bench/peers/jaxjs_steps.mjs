// jax-js's training step, compiled, on its Wasm backend: node jaxjs_steps.mjs FOLDER WORKLOADS RUNS
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { firstImages, oneHot, run } from "./steps.mjs";

// The package is installed in a folder of its own, next to the input.
const require = createRequire(join(process.argv[2], "package.json"));
const jax = await import(pathToFileURL(require.resolve("@jax-js/jax")).href);
const { blockUntilReady, grad, jit, nn, numpy, random, tree } = jax;

await jax.init();
jax.defaultDevice("wasm");

await run("jax-js wasm", ({ layers, batch, optimizer }) => {
  if (optimizer !== "sgd") return undefined; // its Adam is a library of its own
  const last = layers.length - 2;
  let parameters = layers
    .slice(1)
    .flatMap((width, i) => [
      random.normal(random.key(i), [layers[i], width]).mul(Math.sqrt(1 / layers[i])),
      numpy.zeros([width]),
    ]);
  const images = firstImages(batch);
  const x = numpy.array(images.x).reshape([batch, layers[0]]);
  const y = numpy.array(oneHot(images.y, layers[last + 1])).reshape([batch, layers[last + 1]]);
  const loss = (values, input, target) => {
    let h = input;
    for (let i = 0; i <= last; i++) {
      h = numpy.matmul(h, values[2 * i]).add(values[2 * i + 1]);
      if (i < last) h = nn.relu(h);
    }
    return numpy.mean(numpy.sum(nn.logSoftmax(h).mul(target), -1)).mul(-1);
  };
  const update = jit((values, input, target) => {
    const slopes = grad(loss)(tree.ref(values), input, target);
    return values.map((value, i) => value.sub(slopes[i].mul(0.01)));
  });
  return {
    step: () => {
      parameters = update(parameters, x.ref, y.ref);
    },
    finish: () => blockUntilReady(tree.ref(parameters)),
  };
});
