/** Gradients kept within a bound, one by one or all together. */
import { RuleError } from "../../errors.ts";
import { type Term, term } from "../term.ts";

const byValue = term("gradientClipping", {
  hyper: { value: 1 },
  ranges: { value: "above 0" },
  // In this form, and not as min(max(grad, -value), value), a gradient of 0 visibly stays 0: silence stays free.
  grad: ({ grad, value }) => grad.sign().mul(grad.abs().min(value)),
});

const byNorm = term("gradientClipping", {
  hyper: { norm: 1 },
  ranges: { norm: "above 0" },
  grad: ({ grad, gradientScale }) => grad.mul(gradientScale),
});

/**
 * Gradient clipping. With `value`, each gradient by itself; with `norm`, all gradients of the network by one factor.
 *
 *     grad <- sign(grad) min(|grad|, value)
 *     grad <- grad min(1, norm / |all gradients|)
 *
 * - `value`: largest size of one gradient, loss / weight, above 0.
 * - `norm`: largest Euclidean norm of all gradients together, loss / weight, above 0. It is the norm of the gradient as credit assignment
 *   gives it, wherever in the list of terms this one stands, of all that learns: not of absent synapses, nor of what stands still. The update waits until all
 *   signals are known.
 *
 * Exactly one of the two is given; anything else is a RuleError.
 *
 * R. Pascanu, T. Mikolov, Y. Bengio: On the difficulty of training recurrent neural networks, ICML 2013.
 */
export function gradientClipping(options: { readonly value: number } | { readonly norm: number }): Term {
  if (!options) throw new RuleError("gradientClipping: give value or norm, for example { norm: 1 }");
  const clipping = "norm" in options ? byNorm(options) : byValue(options);
  if (Object.keys(options).length !== 1) {
    throw new RuleError("gradientClipping: give value or norm, and one of them only, for example { norm: 1 }");
  }
  return clipping;
}
