/**
 * Gaussian dropout: nobody is silenced, but everybody is multiplied by noise of the mean and the variance that dropout's mask has.
 *
 *   mask ~ Normal(1, rate / (1 - rate))
 *
 * Srivastava et al., JMLR 15 (2014), section 10. As no one is silent, a step is not cheaper.
 */
import type { Dropout } from "../../network/silencing.ts";
import { mustBeRate } from "./ranges.ts";
import type { DropoutOptions } from "./standard.ts";

/** `rate` is that of the dropout whose variance this has: from 0 to 1, without 1; default 0.5. Throws ValueError beyond. */
export function gaussianDropout({ rate = 0.5 }: DropoutOptions = {}): Dropout {
  mustBeRate("gaussianDropout", "rate", rate);
  const deviation = Math.sqrt(rate / (1 - rate));
  return {
    name: "gaussian",
    options: { rate },
    attach: () => ({ draw: (layer) => layer.normal(() => deviation) }),
  };
}
