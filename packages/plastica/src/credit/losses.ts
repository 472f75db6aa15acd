/** The losses that come with the engine. */

import { type Expression, symbol } from "../rules/expression.ts";
import { type Loss, masked, outputSymbols, pointwiseLoss } from "./loss.ts";

const { out, target, mask, n, scale } = outputSymbols;

/**
 * Softmax and cross-entropy over the outputs that take part: L = -sum_j t_j log softmax(out)_j; dL/dout = m softmax(out) - t
 * with m = sum_j t_j, which is 1 of a class index or a distribution. Largest output first, so that nothing overflows.
 */
export function crossEntropy(): Loss {
  return softmaxLoss("cross-entropy", out, scale);
}

/** Cross-entropy of these logits. `slope` is what one example's dL / dlogit is worth in dLoss / dout. */
function softmaxLoss(name: string, logit: Expression, slope: Expression): Loss {
  const [peak, total, mass] = [symbol("peak", "row"), symbol("total", "row"), symbol("mass", "row")];
  const likely = masked(logit.sub(peak).exp());
  return {
    name,
    classes: true,
    logits: "classes",
    programs: [
      { name: "softmax peak", outputs: [{ name: "peak", value: mask.greater(0).then(logit, -3.4e38), reduce: "max" }] },
      {
        name: "softmax total",
        outputs: [
          { name: "total", value: likely, reduce: "sum" },
          { name: "mass", value: masked(target), reduce: "sum" },
        ],
      },
      {
        name,
        outputs: [
          { name: "loss", value: masked(target.mul(total.log().add(peak).sub(logit))), reduce: "sum" },
          { name: "back0", value: slope.mul(likely.div(total).mul(mass).sub(masked(target))) },
        ],
      },
    ],
  };
}

/**
 * Binary cross-entropy on logits, each output a yes or no of its own: L = mean_j softplus(out_j) - t_j out_j;
 * dL/dout = (sigmoid(out) - t) / n. Targets lie in [0, 1]; a class index is a one among zeros.
 */
export const binaryCrossEntropy = (): Loss => ({
  ...pointwiseLoss(
    "binary-cross-entropy",
    true,
    out.softplus().sub(target.mul(out)).div(n),
    out.sigmoid().sub(target).div(n),
  ),
  logits: "each",
});

/**
 * L = mean_j (out_j - t_j)^2; dL/dout = 2 (out - t) / n. Mean over the outputs that take part, as in most libraries. A class
 * index is a one among zeros.
 */
export const squaredError = (): Loss =>
  pointwiseLoss("squared-error", true, out.sub(target).square().div(n), out.sub(target).mul(2).div(n));

/**
 * The loss by which a student follows soft targets at temperature T, which are a teacher's probabilities at the same temperature: of logits, the
 * loss of out / T, T^2 times as steep, so that it weighs the same at every temperature (its gradient by out is T times that of the loss by its logits);
 * of values, the loss itself, without a temperature.
 */
export function softened({ logits }: Loss, temperature: number): Loss {
  const logit = out.mul(1 / temperature);
  if (logits === "classes") return softmaxLoss("soft cross-entropy", logit, scale.mul(temperature));
  if (logits !== "each") return squaredError();
  return pointwiseLoss(
    "soft binary-cross-entropy",
    true,
    logit
      .softplus()
      .sub(target.mul(logit))
      .mul(temperature * temperature)
      .div(n),
    logit.sigmoid().sub(target).mul(temperature).div(n),
  );
}

/** Every loss by name, for recipes and snapshots. */
export const losses = {
  "cross-entropy": crossEntropy,
  "binary-cross-entropy": binaryCrossEntropy,
  "squared-error": squaredError,
} satisfies Record<string, () => Loss>;
