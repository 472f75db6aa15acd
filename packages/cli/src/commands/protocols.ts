/**
 * `plastica protocols`: the published experiments that come along, and what they cost here. A cost is measured, which takes seconds each:
 * for one that is named, and of the whole list only where that is asked for.
 */
import {
  count,
  duration,
  measures,
  type Protocol,
  protocolNamed,
  protocols,
  publishedText,
  several,
} from "@plastica/lab";
import { costOf, type Known, keptCosts } from "../costs.ts";
import { columns, print, say } from "../output.ts";
import { aligned } from "../screen/lines.ts";
import { cut, type Paint, paintFor, wrapped } from "../screen/paint.ts";

/** Methods that the list of protocols names. */
const METHODS = 6;

export interface ProtocolsOptions {
  out: string;
  json?: boolean;
  costs?: boolean;
}

export async function listProtocols(
  name: string | undefined,
  { out, json, costs: all }: ProtocolsOptions,
): Promise<number> {
  const kept = keptCosts(out);
  const known = async (protocol: Protocol) => (all || name !== undefined ? costOf(protocol, out) : kept[protocol.name]);
  const told = name === undefined ? Object.values(protocols) : [protocolNamed(name)];
  if (json) {
    const data: object[] = [];
    for (const protocol of told) data.push(dataOf(protocol, await known(protocol)));
    say(data);
    return 0;
  }
  const paint = paintFor(process.stdout);
  if (name !== undefined) {
    print(...whole(told[0], await costOf(told[0], out), paint));
    return 0;
  }
  for (const protocol of told) print(...inShort(protocol, await known(protocol), paint), "");
  print("All about one, and what it costs here: plastica protocols NAME. To run one: plastica run NAME");
  if (!all) print("What each costs here, measured one after the other: plastica protocols --costs");
  return 0;
}

/** The first few names. */
function some(names: readonly string[]): string {
  const more = names.length - METHODS;
  return more <= 1 ? names.join(", ") : `${names.slice(0, METHODS).join(", ")} and ${more} more`;
}

function dataOf({ name, title, about, source, differs, methods, measures, seeds, published }: Protocol, cost?: Known) {
  return { name, title, about, source, differs, methods: Object.keys(methods), measures, seeds, published, cost };
}

function inShort(protocol: Protocol, cost: Known | undefined, { bold, dim }: Paint): string[] {
  const { name, title, methods, seeds, published } = protocol;
  const room = columns() - 3;
  const named = wrapped(`methods ${some(Object.keys(methods))}`, room);
  return [
    bold(name),
    ...wrapped(`${title}; ${published.length > 0 ? "published with " : ""}${several(seeds, "seed")}`, room).map(
      (line) => `  ${line}`,
    ),
    ...named.map((line) => `  ${dim(line)}`),
    ...(cost === undefined ? [] : wrapped(costText(cost), room).map((line) => `  ${line}`)),
  ];
}

/** All about one. */
function whole(protocol: Protocol, cost: Known, paint: Paint): string[] {
  const { name, title, about, source, differs, methods, published } = protocol;
  const { bold, dim } = paint;
  const room = columns() - 1;
  const rows = published.map((one) => [
    one.method,
    measures[one.measure]?.title.toLowerCase() ?? one.measure,
    publishedText(one),
    dim(`${one.standing}${one.seeds === undefined ? "" : `, ${several(one.seeds, "seed")}`}`),
  ]);
  return [
    bold(title),
    "",
    ...wrapped(about, room),
    "",
    ...wrapped(`Source: ${source.citation}. ${source.link}`, room),
    ...(differs === undefined ? [] : ["", ...wrapped(`Here it differs: ${differs}`, room)]),
    "",
    ...wrapped(`Methods: ${Object.keys(methods).join(", ")}`, room),
    ...wrapped(`Measures: ${protocol.measures.join(", ")}; the first decides`, room),
    ...(rows.length === 0 ? [] : ["", ...aligned(rows, 4).map((line) => cut(line, room))]),
    "",
    ...wrapped(capital(costText(cost)), room),
    "",
    `npx plastica run ${name}`,
  ];
}

function costText(cost: Known): string {
  if ("reason" in cost) return `cannot be run here: ${cost.reason}`;
  const { method, seconds, microseconds } = cost;
  return `a seed of ${method}: about ${duration(Math.max(1, seconds))} here (${microseconds < 10 ? microseconds.toFixed(1) : count(Math.round(microseconds))} µs an example)`;
}

function capital(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}
