/**
 * The errors Plastica throws. Each names the thing, the value it saw and what would be right, and is thrown before
 * anything has changed. `name` tells them apart across realms and minifiers, where `instanceof` and class names do not.
 */

/** A length, width or capacity that does not fit. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
}

/** A number that cannot be used: NaN, infinite, a label out of range, an option outside its range. */
export class ValueError extends Error {
  override readonly name = "ValueError";
}

/** A synaptic rule or expression that is not well formed. */
export class RuleError extends Error {
  override readonly name = "RuleError";
}

/** A recipe with an unknown key, or a value the recipe's schema does not allow. */
export class RecipeError extends Error {
  override readonly name = "RecipeError";
}

/** A snapshot that is torn, malformed, or of another network, rule or arithmetic. */
export class SnapshotError extends Error {
  override readonly name = "SnapshotError";
}

/** The loss is no longer finite: the network has diverged. Nothing was learned from the example. */
export class DivergenceError extends Error {
  override readonly name = "DivergenceError";
}
