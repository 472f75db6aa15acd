/**
 * Snapshots within a snapshot: what policies have beside the learner's network, a teacher or a student, lies in the same file. The tensors
 * of file `name` of a policy are called `<policy>/<name>/<tensor>`; its metadata is in the state.
 */

import { readSafetensors, type Tensor, writeSafetensors } from "../compute/safetensors.ts";
import { SnapshotError } from "../errors.ts";
import type { Nested } from "../structure/policy.ts";

type Named = Tensor & { readonly name: string };
/** The metadata of each nested file, by policy and name. */
export type NestedFiles = Record<string, Record<string, Readonly<Record<string, string>>>>;

/** The tensors of a policy's files, as they are called in the whole, and the files' metadata. */
export function flattened(policy: string, nested: Nested): { tensors: Named[]; files: NestedFiles[string] } {
  const tensors: Named[] = [];
  const files: NestedFiles[string] = {};
  for (const [file, bytes] of Object.entries(nested)) {
    const read = readSafetensors(bytes);
    files[file] = { ...read.metadata };
    for (const [name, tensor] of read.tensors) tensors.push({ ...tensor, name: `${policy}/${file}/${name}` });
  }
  return { tensors, files };
}

/**
 * The files of each policy again, and the tensors that are of none. Throws SnapshotError where the state does not say what files there are.
 */
export function unflattened(
  policies: readonly string[],
  files: unknown,
  tensors: ReadonlyMap<string, Tensor>,
): { nested: Nested[]; own: ReadonlyMap<string, Tensor> } {
  const own = new Map(tensors);
  const all = entries(files);
  const stranger = all.find(([policy]) => !policies.includes(policy));
  if (stranger) throw new SnapshotError(`the snapshot has files of ${stranger[0]}, a policy that this learner has not`);
  const nested = policies.map((policy) => {
    const found = all.find(([name]) => name === policy)?.[1];
    return Object.fromEntries(
      entries(found).map(([file, metadata]) => {
        const strings = entries(metadata);
        if (strings.some(([, text]) => typeof text !== "string"))
          throw new SnapshotError(`the snapshot's metadata of ${policy}/${file} are not strings`);
        const prefix = `${policy}/${file}/`;
        const members: Named[] = [];
        for (const [name, tensor] of tensors) {
          if (!name.startsWith(prefix)) continue;
          members.push({ ...tensor, name: name.slice(prefix.length) });
          own.delete(name);
        }
        return [file, writeSafetensors(members, Object.fromEntries(strings) as Record<string, string>)];
      }),
    );
  });
  return { nested, own };
}

function entries(value: unknown): [string, unknown][] {
  if (value === undefined) return [];
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new SnapshotError("the snapshot's nested files are not an object by name");
  return Object.entries(value);
}
