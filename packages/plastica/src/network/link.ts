/** Joins two populations: by a convolution, where there is a kernel, else by synapses from all to all. */
import type { Compute } from "../compute/compute.ts";
import { ConvolutionalProjection, type Kernel } from "./convolutional-projection.ts";
import { DenseProjection } from "./dense-projection.ts";
import type { Initialiser } from "./initialisers.ts";
import type { Population } from "./population.ts";
import type { Projection } from "./projection.ts";

/** Throws as ConvolutionalProjection where maps do not fit the kernel. */
export function link(
  compute: Compute,
  pre: Population,
  post: Population,
  initialiser: Initialiser,
  kernel?: Kernel,
): Projection {
  return kernel
    ? new ConvolutionalProjection(compute, pre, post, initialiser, kernel)
    : new DenseProjection(compute, pre, post, initialiser);
}
