/** What options of dropout may be, and what is said where they are not. */
import { ValueError } from "../../errors.ts";

/** Throws ValueError where `right` does not hold. */
export function must(kind: string, option: string, value: unknown, right: boolean, range: string): void {
  if (!right) throw new ValueError(`${kind}: ${option} is ${JSON.stringify(value) ?? value}: it is ${range}`);
}

/** A share of neurons to silence: from 0 to 1, without 1, as at 1 nobody would be left. */
export function mustBeRate(kind: string, option: string, value: number): void {
  must(kind, option, value, value >= 0 && value < 1, "from 0 to 1, without 1");
}

/** A number from 0, and finite. */
export function mustBePositive(kind: string, option: string, value: number): void {
  must(kind, option, value, value >= 0 && value < 1e6, "a number from 0 to a million");
}
