/**
 * What a rule reads: the standard signals, which of them an expression uses, and how far from the synapse they come. Locality is
 * read off the expression, so no comment can get it wrong. Together with the way of assigning credit (where `signal` comes from) it
 * says how local a learner is.
 */
import { type Expression, type Kind, type Node, noise, symbol } from "./expression.ts";
import { nodesOf } from "./traverse.ts";

/** The signals every rule may read, and how each varies. `grad` is a cell: of one example it is pre * signal. */
export const signalKinds = {
  /** The weight. */
  w: "cell",
  /** Activity of the presynaptic neuron; 1 for a bias. */
  pre: "row",
  /** Activity of the postsynaptic neuron. */
  post: "lane",
  /** The learning signal at the postsynaptic neuron, dLoss / dInput under backprop. */
  signal: "lane",
  /** The gradient: pre * signal of one example, or its mean over a batch. */
  grad: "cell",
  /** Age of the postsynaptic neuron in updates: 1 at the first update after its birth. */
  age: "lane",
  /** The same of the presynaptic neuron; for a bias, that of its own neuron or the step. */
  preAge: "row",
  /** A broadcast neuromodulator; 1 if there is none. */
  modulator: "uniform",
  /** How much this example matters; 1 if nobody says. */
  significance: "uniform",
  /** Updates so far, 1 at the first. */
  step: "uniform",
  /** Incoming synapses of the postsynaptic neuron. */
  fanIn: "uniform",
} as const satisfies Record<string, Kind>;

export type SignalName = keyof typeof signalKinds | "noise";

/** The standard signals, as expressions. `noise` is a standard normal draw for every synapse, from a pool. */
export type Signals = { readonly [K in SignalName]: Expression };

export const signals: Signals = Object.freeze({
  ...(Object.fromEntries(Object.entries(signalKinds).map(([name, kind]) => [name, symbol(name, kind)])) as Omit<
    Signals,
    "noise"
  >),
  noise: noise(0),
});

/** How much the engine multiplies the gradient by to keep the norm of all gradients below a bound. */
export const gradientScale: Expression = symbol("gradientScale", "uniform");

/**
 * How far what a rule reads comes: from the synapse itself, from its two neurons, from a broadcast signal, from a gradient or learning
 * signal that credit assignment provides, or from all synapses of the network at once.
 */
export type Locality = "synapse" | "neurons" | "modulator" | "gradient" | "network";

/** The names of the standard signals that `roots` read. */
export function signalsRead(roots: readonly Node[]): Set<SignalName> {
  const read = new Set<SignalName>();
  for (const node of nodesOf(roots)) {
    if (node.op === "symbol" && node === signals[node.name as SignalName]) read.add(node.name as SignalName);
    if (node.op === "noise" || node.op === "uniformNoise") read.add("noise");
  }
  return read;
}

/** The widest reach among `reads`; `networkWide` if a maximum or norm over the whole network is used. */
export function localityOf(reads: ReadonlySet<SignalName>, networkWide: boolean): Locality {
  const any = (...names: SignalName[]): boolean => names.some((name) => reads.has(name));
  if (networkWide) return "network";
  if (any("grad", "signal")) return "gradient";
  if (any("modulator", "significance")) return "modulator";
  return any("pre", "post", "age", "preAge") ? "neurons" : "synapse";
}
