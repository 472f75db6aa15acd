/**
 * DropBlock: a channel is silent in a block of neighbouring positions, so that what it knows of that place is hidden as a whole.
 *
 *   P(a block begins here) = rate / block^2 * height * width / ((height - block + 1) * (width - block + 1))
 *   mask = 0 in blocks, elsewhere entries / entries that are left, example by example
 *
 * Ghiasi, Lin and Le, "DropBlock: a regularization method for convolutional networks", NeurIPS 2018, arXiv 1810.12890: blocks of each
 * channel are drawn independently, and may overlap. A block is no larger than the population: one without positions has blocks of
 * one neuron.
 */
import type { Dropout, Silencing } from "../../network/silencing.ts";
import { must, mustBeRate } from "./ranges.ts";

export interface DropBlockOptions {
  /** Share of entries to silence, about: from 0 to 1, without 1. Default 0.1. */
  rate?: number;
  /** Positions of a block's side: a whole number from 1. Default 7. */
  block?: number;
}

/** Throws ValueError for options out of their range. */
export function dropBlock({ rate = 0.1, block = 7 }: DropBlockOptions = {}): Dropout {
  mustBeRate("dropBlock", "rate", rate);
  must("dropBlock", "block", block, Number.isSafeInteger(block) && block >= 1, "a whole number from 1");
  return {
    name: "drop-block",
    options: { rate, block },
    attach: () => ({ draw: (layer) => draw(layer, rate, block) }),
  };
}

function draw(layer: Silencing, rate: number, block: number): void {
  const { height, width, positions, rows, population } = layer;
  const { size } = population;
  const [high, wide] = [Math.min(block, height), Math.min(block, width)];
  const [down, across] = [height - high + 1, width - wide + 1];
  const start = ((rate / (high * wide)) * positions) / (down * across);
  const examples = rows / positions;
  const hidden = new Uint8Array(rows * size);
  const louder = new Float64Array(examples);
  for (let example = 0; example < examples; example++) {
    let left = positions * size;
    for (let at = 0; at < down * across; at++) {
      const first = example * positions + Math.floor(at / across) * width + (at % across);
      for (let slot = 0; slot < size; slot++) {
        if (layer.uniform(first, slot) >= start) continue;
        for (let i = 0; i < high * wide; i++) {
          const entry = (first + Math.floor(i / wide) * width + (i % wide)) * size + slot;
          left -= 1 - hidden[entry];
          hidden[entry] = 1;
        }
      }
    }
    louder[example] = left > 0 ? (positions * size) / left : 0;
  }
  layer.fill((row, slot) => (hidden[row * size + slot] ? 0 : louder[Math.floor(row / positions)]));
}
