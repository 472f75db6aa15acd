/** The synaptic rules that come with the engine. */
export { adagrad } from "./adagrad.ts";
export { adam, adamW } from "./adam.ts";
export { hebb } from "./hebb.ts";
export { momentum } from "./momentum.ts";
export { nesterov } from "./nesterov.ts";
export { oja } from "./oja.ts";
export { rmsprop } from "./rmsprop.ts";
export { sgd } from "./sgd.ts";
export { upgd, upgdNonProtecting } from "./upgd.ts";
