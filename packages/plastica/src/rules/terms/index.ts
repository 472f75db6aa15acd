/** The terms that come with the engine. */
export { gradientClipping } from "./gradient-clipping.ts";
export { l2 } from "./l2.ts";
export { l2Init } from "./l2-init.ts";
export { type SettlingOptions, settling } from "./settling.ts";
export { shrinkAndPerturb } from "./shrink-and-perturb.ts";
export { weightClipping } from "./weight-clipping.ts";
