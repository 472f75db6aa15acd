/** Whether a run follows a published protocol: then what was published stands beside it. */
import { protocolOf } from "../protocols/index.ts";
import { methodsIn, type Protocol } from "../protocols/protocol.ts";
import type { Recipe } from "../recipe/recipe.ts";

/** A protocol that a run follows, and which of its learners lives as which of the protocol's methods. */
export interface Fit {
  readonly protocol: Protocol;
  readonly methods: Readonly<Record<string, string>>;
}

/** The protocol that a recipe follows, with the methods that its learners are; undefined where there is none. */
export function fitOf(recipe: Recipe): Fit | undefined {
  const protocol = protocolOf(recipe);
  const methods = protocol && methodsIn(protocol, recipe);
  return protocol && methods && { protocol, methods };
}
