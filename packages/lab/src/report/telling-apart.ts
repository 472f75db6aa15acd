/** Settings of one name, told apart by what differs between them: "tasks 2" and "tasks 3", "lr 0.1" and "lr 0.001". */

/** Options that may differ: more of them are no name. */
const MOST = 3;

/** For each of the settings its values of all that differs; undefined where that is too much, or does not tell all of them apart. */
export function tellingApart(settings: readonly object[]): string[] | undefined {
  const all = settings.map((setting) => new Map(valuesIn(setting, [])));
  const differing = [...new Set(all.flatMap((values) => [...values.keys()]))].filter(
    (path) => new Set(all.map((values) => values.get(path))).size > 1,
  );
  if (differing.length > MOST) return undefined;
  const told = all.map((values) =>
    differing
      .map((path) => (values.has(path) ? `${optionOf(path)} ${values.get(path)}` : `no ${optionOf(path)}`))
      .join(", "),
  );
  return new Set(told).size === settings.length ? told : undefined;
}

/** Each value in a setting with its path. Lists of numbers are one value. */
function valuesIn(value: unknown, path: readonly string[]): [path: string, value: string][] {
  if (value === undefined) return [];
  const isWhole = value === null || typeof value !== "object" || (Array.isArray(value) && Number.isFinite(value[0]));
  if (isWhole) return [[path.join("/"), typeof value === "string" ? value : JSON.stringify(value)]];
  return Object.entries(value).flatMap(([key, inner]) => valuesIn(inner, [...path, key]));
}

/** The option's own name; the kind of something is told by what it is the kind of. */
function optionOf(path: string): string {
  return path
    .split("/")
    .filter((part) => part !== "kind" && !/^\d+$/.test(part))
    .at(-1)!;
}
