/**
 * One text for one value, so that a recipe has one hash: JSON with its keys sorted and nothing left to chance.
 */
import { createHash } from "node:crypto";

/** JSON with sorted keys, indented by two, ending in a newline: what `recipe.json` holds. */
export function canonical(value: unknown): string {
  return `${JSON.stringify(sorted(value), null, 2)}\n`;
}

/** SHA-256 of the canonical text, 64 hex digits. */
export function hashOf(value: unknown): string {
  return createHash("sha256").update(canonical(value)).digest("hex");
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([, v]) => v !== undefined);
  // By code unit, which is the same on every machine; a locale's order is not.
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, v]) => [key, sorted(v)]));
}
