/**
 * Self-normalised resets: a neuron is reset when it has been silent for too long *for that neuron*. With A the examples between two firings
 * of a neuron and a those since its last one, it is replaced by a newborn when
 *
 *   P(A >= a) <= rejection
 *
 * A's distribution is counted neuron by neuron, in bins that double: [1, 2), [2, 4), ...; a bin's upper end is its threshold. Counts are halved
 * when there are 4096 of them, so that the distribution follows. A neuron that has fired fewer than 32 times, or has been silent for less
 * than the cap, is judged by the cap alone.
 *
 * V. Farias, A. Jozefiak: Self-normalized resets for plasticity in continual learning, ICLR 2025 (arXiv 2410.20098). There the histogram is
 * exact, thresholds are refreshed now and then, and all of a batch count as one firing, as here.
 */
import { ValueError } from "../../errors.ts";
import type { Network } from "../../network/network.ts";
import type { Population } from "../../network/population.ts";
import type { Announce, Moment, PolicyAtWork, StructuralPolicy } from "../policy.ts";
import { replace } from "../structure.ts";
import { HiddenPopulations } from "./hidden-populations.ts";

export interface SelfNormalisedResetsOptions {
  /** Above 0, below 1: the larger, the sooner. Default 0.02; the authors searched 0.00125 to 0.08. */
  rejection?: number;
  /** Examples of silence after which any neuron is reset, from 1, below 2^24. Default 20,000. */
  cap?: number;
}

const NAME = "self-normalised-resets";
const SILENCE = `${NAME}.silence`;
const BINS = Array.from({ length: 16 }, (_, bin) => `${NAME}.bin.${bin}`);
/** Firings before a neuron has a distribution of its own, and after which its counts are halved. */
const [ENOUGH, MANY] = [32, 4096];

/** Throws ValueError for an option out of its range. */
export function selfNormalisedResets(options: SelfNormalisedResetsOptions = {}): StructuralPolicy {
  const { rejection = 0.02, cap = 20_000 } = options;
  if (!(rejection > 0 && rejection < 1))
    throw new ValueError(`${NAME}: rejection is ${rejection}: a probability above 0, below 1`);
  // Silences are counted in float32, in which 2^24 + 1 is 2^24.
  if (!Number.isSafeInteger(cap) || cap < 1 || cap >= 2 ** 24)
    throw new ValueError(`${NAME}: cap is ${cap}: a whole number from 1, below 2^24`);
  return {
    name: NAME,
    options: { rejection, cap },
    attach({ network }): PolicyAtWork {
      const hidden = new HiddenPopulations(network, ({ columns }) => {
        for (const name of [SILENCE, ...BINS]) columns.add(name, 0);
      });
      return {
        after({ step, examples }: Moment, announce: Announce) {
          for (const { population } of hidden) {
            const silent = sense(network, population, examples, { rejection, cap }).filter(
              (slot) => !network.isProtected(population.neurons[slot], step),
            );
            if (silent.length === 0) continue;
            for (const event of replace(network, population, silent, { step, cause: NAME })) announce(event);
          }
        },
        save: () => null,
        load: () => {},
      };
    },
  };
}

/** Takes in who fired; the slots of those that have been silent for too long. */
function sense(
  network: Network,
  population: Population,
  examples: number,
  { rejection, cap }: Required<SelfNormalisedResetsOptions>,
): number[] {
  const { columns, out, capacity, size, planes } = population;
  const { f32 } = network.compute.arena;
  const silence = columns.view(SILENCE);
  const bins = BINS.map((name) => columns.view(name));
  const rows = examples * planes;
  const found: number[] = [];
  for (let slot = 0; slot < size; slot++) {
    let fires = false;
    for (let row = 0, at = (out >>> 2) + slot; row < rows && !fires; row++, at += capacity) fires = f32[at] > 0;
    const before = silence[slot];
    silence[slot] = fires ? 0 : before + examples;
    if (fires) count(bins, slot, before + examples);
    else if (silence[slot] > threshold(bins, slot, rejection, cap)) found.push(slot);
  }
  return found;
}

/** One more firing after so many examples. */
function count(bins: readonly Float32Array[], slot: number, after: number): void {
  bins[Math.min(bins.length - 1, 31 - Math.clz32(after))][slot]++;
  if (bins.reduce((sum, bin) => sum + bin[slot], 0) >= MANY)
    for (const bin of bins) bin[slot] = Math.floor(bin[slot] / 2);
}

/** Examples of silence that a neuron is allowed. */
function threshold(bins: readonly Float32Array[], slot: number, rejection: number, cap: number): number {
  const all = bins.reduce((sum, bin) => sum + bin[slot], 0);
  if (all < ENOUGH) return cap;
  let above = 0;
  for (let bin = bins.length - 1; bin >= 0; bin--) {
    above += bins[bin][slot];
    if (above > rejection * all) return Math.min(cap, 2 ** (bin + 1));
  }
  return cap;
}
