/** Synthetic streams whose concept drifts, by the names that recipes use. */
import type { StreamKind } from "../kind.ts";
import { agrawalKind } from "./agrawal.ts";
import { friedmanKind } from "./friedman.ts";
import { hyperplaneKind } from "./hyperplane.ts";
import { ledKind } from "./led.ts";
import { mixedKind } from "./mixed.ts";
import { randomRbfKind } from "./random-rbf.ts";
import { seaKind } from "./sea.ts";
import { sineKind } from "./sine.ts";
import { staggerKind } from "./stagger.ts";
import { waveformKind } from "./waveform.ts";

export { type AgrawalOptions, type Applicant, agrawal, agrawalFunctions } from "./agrawal.ts";
export { type Concept, conceptDrift, type DriftOptions, incrementalDrift, moving } from "./concept-drift.ts";
export { type FriedmanConcept, type FriedmanOptions, friedman } from "./friedman.ts";
export { type HyperplaneOptions, hyperplane, hyperplaneWeights } from "./hyperplane.ts";
export { type LedOptions, led } from "./led.ts";
export { type MixedOptions, mixed } from "./mixed.ts";
export { type RandomRbfOptions, randomRbf } from "./random-rbf.ts";
export { type SeaOptions, sea, seaThresholds } from "./sea.ts";
export { type SineOptions, sine } from "./sine.ts";
export { type StaggerOptions, stagger } from "./stagger.ts";
export { type WaveformOptions, waveform } from "./waveform.ts";

export const driftKinds: Readonly<Record<string, StreamKind>> = {
  sea: seaKind,
  stagger: staggerKind,
  led: ledKind,
  hyperplane: hyperplaneKind,
  "random-rbf": randomRbfKind,
  friedman: friedmanKind,
  sine: sineKind,
  mixed: mixedKind,
  agrawal: agrawalKind,
  waveform: waveformKind,
};
