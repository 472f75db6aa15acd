/** Every mechanism of turnover goes through births, deaths, a new layer and a snapshot, and lives on to the same bits. */
import { expect, test } from "vitest";
import { fire } from "./fire.ts";
import { granet } from "./granet.ts";
import { hareAndTortoise } from "./hare-and-tortoise.ts";
import { neuroplasticExpansion } from "./neuroplastic-expansion.ts";
import { periodicShrinkAndPerturb } from "./periodic-shrink-and-perturb.ts";
import { plasticityInjection } from "./plasticity-injection.ts";
import { redo } from "./redo.ts";
import { rigl } from "./rigl.ts";
import { selfNormalisedResets } from "./self-normalised-resets.ts";
import { sparseEvolutionaryTraining } from "./set.ts";
import { staticMask } from "./static-mask.ts";
import { survives } from "./turnover.testing.ts";

const exchange = { density: 0.5, every: 7, end: 1000, fraction: 0.5 };

test.each([
  ["fire", () => fire({ every: 11 })],
  ["granet", () => granet({ target: 0.5, start: 5, end: 200, every: 9, examples: 8 })],
  ["hare and tortoise", () => hareAndTortoise({ decay: 0.9, every: 13 })],
  ["neuroplastic expansion", () => neuroplasticExpansion({ ...exchange, finalDensity: 0.9, examples: 8 })],
  ["shrink and perturb", () => periodicShrinkAndPerturb({ every: 17 })],
  ["plasticity injection", () => plasticityInjection({ at: 75 })],
  ["redo", () => redo({ threshold: 0.3, every: 10 })],
  ["rigl", () => rigl({ ...exchange, examples: 8 })],
  ["self-normalised resets", () => selfNormalisedResets({ rejection: 0.1, cap: 12 })],
  ["set", () => sparseEvolutionaryTraining(exchange)],
  ["static mask", () => staticMask({ density: 0.5 })],
])("%s", (_, policy) => {
  expect(survives(policy)).toEqual([]);
});
