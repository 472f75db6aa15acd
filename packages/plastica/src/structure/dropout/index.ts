/** The dropout family: transient silence while a network learns. */
import type { Dropout } from "../../network/silencing.ts";
import { concreteDropout } from "./concrete.ts";
import { dropBlock } from "./drop-block.ts";
import { dropConnect } from "./drop-connect.ts";
import { gaussianDropout } from "./gaussian.ts";
import { scheduledDropout } from "./scheduled.ts";
import { spatialDropout } from "./spatial.ts";
import { dropout } from "./standard.ts";
import { standout } from "./standout.ts";
import { stochasticDepth } from "./stochastic-depth.ts";
import { targetedDropout } from "./targeted.ts";
import { variationalDropout } from "./variational.ts";

export { type ConcreteDropoutOptions, concreteDropout } from "./concrete.ts";
export { type DropBlockOptions, dropBlock } from "./drop-block.ts";
export { dropConnect } from "./drop-connect.ts";
export { gaussianDropout } from "./gaussian.ts";
export { type ScheduledDropoutOptions, scheduledDropout } from "./scheduled.ts";
export { spatialDropout } from "./spatial.ts";
export { type DropoutOptions, dropout } from "./standard.ts";
export { type StandoutOptions, standout } from "./standout.ts";
export { stochasticDepth } from "./stochastic-depth.ts";
export { type TargetedDropoutOptions, targetedDropout } from "./targeted.ts";
export { type VariationalDropoutOptions, variationalDropout } from "./variational.ts";

/** Every kind by name, for recipes and snapshots. */
export const dropouts = {
  dropout,
  "drop-connect": dropConnect,
  gaussian: gaussianDropout,
  variational: variationalDropout,
  concrete: concreteDropout,
  scheduled: scheduledDropout,
  targeted: targetedDropout,
  spatial: spatialDropout,
  "drop-block": dropBlock,
  "stochastic-depth": stochasticDepth,
  standout,
} satisfies Record<string, (options: never) => Dropout>;
