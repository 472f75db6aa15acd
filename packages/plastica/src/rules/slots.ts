/**
 * Which slots a program's argument block has. Cells first, then rows, lanes and uniforms, each in the order in which the program
 * first reads or writes it. An output that has the name of a cell input shares its slot and is updated in place.
 */
import { RuleError } from "../errors.ts";
import type { Kind } from "./expression.ts";
import { argument, type GridOutput, type GridSlot } from "./grid.ts";
import { nodesOf } from "./traverse.ts";

const order: readonly Kind[] = ["cell", "row", "lane", "uniform"];

/** The slots for these outputs (lowered), and the length of the argument block: a multiple of 16 bytes. */
export function layOutSlots(
  program: string,
  outputs: readonly GridOutput[],
): { slots: readonly GridSlot[]; argumentBytes: number } {
  const kinds = new Map<string, Kind>();
  const claim = (name: string, kind: Kind): void => {
    const known = kinds.get(name);
    if (known !== undefined && known !== kind) {
      throw new RuleError(`${program}: "${name}" is used as a ${known} and as a ${kind}; one name has one shape`);
    }
    kinds.set(name, kind);
  };
  for (const node of nodesOf(outputs.map((output) => output.value))) {
    if (node.op === "symbol") claim(node.name, node.kind);
  }
  const written = new Set<string>();
  for (const { name, reduce } of outputs) {
    if (written.has(name))
      throw new RuleError(`${program}: output "${name}" is given twice; each output has its own name`);
    claim(name, reduce ? "row" : "cell");
    written.add(name);
  }
  const slots: GridSlot[] = [];
  let offset: number = argument.slots;
  for (const kind of order) {
    for (const [name, itsKind] of kinds) {
      if (itsKind !== kind) continue;
      slots.push({ name, kind, offset, written: written.has(name) });
      offset += kind === "cell" ? 8 : 4;
    }
  }
  return { slots, argumentBytes: Math.ceil(offset / 16) * 16 };
}
