/** All protocols by name, in the order in which they are listed: cheapest first where that makes no difference to a reader. */
import { RecipeError } from "plastica";
import { didYouMean } from "../options/nearest.ts";
import type { Recipe } from "../recipe/recipe.ts";
import {
  avalanchePermutedMnist,
  avalanchePermutedMnistAGem,
  avalanchePermutedMnistGem,
  avalanchePermutedMnistLfl,
  avalancheSplitMnistClass,
  avalancheSplitMnistTask,
} from "./avalanche.ts";
import { growingPermutedMnist, growingSplitMnist } from "./growing.ts";
import { inputPermutedMnist } from "./input-permuted-mnist.ts";
import { l2InitPermutedMnist, l2InitRandomLabelMnist } from "./l2-init.ts";
import { lenetFashionMnist } from "./lenet-fashion-mnist.ts";
import { mammothPermutedMnist, mammothRotatedMnist, mammothSequentialMnist } from "./mammoth.ts";
import { onlinePermutedFashionMnist, onlinePermutedMnist, onlinePermutedMnistWide } from "./online-permuted-mnist.ts";
import { methodsIn, type Protocol } from "./protocol.ts";
import { lotteryTicketsMnist, prunedMnist } from "./pruned-mnist.ts";
import { slowlyChangingRegression } from "./slowly-changing-regression.ts";
import { sparseFashionMnist, sparseMlpFashionMnist } from "./sparse-fashion-mnist.ts";
import { splitMnistClass, splitMnistDomain, splitMnistTask } from "./split-mnist.ts";
import { splitMnistHsuClass, splitMnistHsuDomain, splitMnistHsuTask } from "./split-mnist-hsu.ts";
import { smallStudentMnist, takeoverMnist } from "./teacher-student-mnist.ts";

export const protocols: Readonly<Record<string, Protocol>> = Object.fromEntries(
  [
    slowlyChangingRegression,
    onlinePermutedMnist,
    onlinePermutedFashionMnist,
    onlinePermutedMnistWide,
    inputPermutedMnist,
    splitMnistTask,
    splitMnistDomain,
    splitMnistClass,
    splitMnistHsuTask,
    splitMnistHsuDomain,
    splitMnistHsuClass,
    l2InitPermutedMnist,
    l2InitRandomLabelMnist,
    avalanchePermutedMnist,
    avalanchePermutedMnistLfl,
    avalanchePermutedMnistGem,
    avalanchePermutedMnistAGem,
    avalancheSplitMnistTask,
    avalancheSplitMnistClass,
    mammothSequentialMnist,
    mammothPermutedMnist,
    mammothRotatedMnist,
    growingSplitMnist,
    growingPermutedMnist,
    prunedMnist,
    lotteryTicketsMnist,
    smallStudentMnist,
    takeoverMnist,
    sparseFashionMnist,
    sparseMlpFashionMnist,
    lenetFashionMnist,
  ].map((protocol) => [protocol.name, protocol]),
);

/** The protocol of that name. Throws RecipeError when there is none. */
export function protocolNamed(name: string): Protocol {
  if (Object.hasOwn(protocols, name)) return protocols[name];
  const names = Object.keys(protocols);
  throw new RecipeError(`protocol "${name}": there are ${names.join(", ")}${didYouMean(name, names)}`);
}

/** The protocol that a recipe follows to the letter with at least one of its learners; undefined where there is none. */
export function protocolOf(recipe: Recipe): Protocol | undefined {
  return Object.values(protocols).find((protocol) => methodsIn(protocol, recipe) !== undefined);
}
