/** Every kind of stream that a recipe can name. */
import { driftKinds } from "./drift/index.ts";
import type { StreamKind } from "./kind.ts";
import { labelPermutedKind } from "./label-permuted.ts";
import { permutedKind } from "./permuted.ts";
import { randomLabelKind } from "./random-label.ts";
import { rotatedKind } from "./rotated.ts";
import { slowlyChangingKind } from "./slowly-changing.ts";
import { splitKind } from "./split.ts";
import { tableKind } from "./table.ts";

export const streamKinds: Readonly<Record<string, StreamKind>> = {
  permuted: permutedKind,
  split: splitKind,
  rotated: rotatedKind,
  "label-permuted": labelPermutedKind,
  "random-label": randomLabelKind,
  "slowly-changing-regression": slowlyChangingKind,
  table: tableKind,
  ...driftKinds,
};
