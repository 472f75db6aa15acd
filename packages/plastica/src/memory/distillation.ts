/**
 * Distillation: a network learns from what a teacher says of the same examples, beside their targets. The teacher may be any network of as
 * many inputs and outputs; what lies between is its own business.
 */
import { Digest } from "../compute/digest.ts";
import { isNone, type Taking } from "../credit/loss.ts";
import { SoftTargets } from "../credit/soft-targets.ts";
import { DivergenceError, ShapeError, SnapshotError, ValueError } from "../errors.ts";
import { Network } from "../network/network.ts";
import type { Population } from "../network/population.ts";
import type { Examples, Life, Nested, PolicyAtWork, StructuralPolicy } from "../structure/policy.ts";
import { isHead, outputsOf, TaskEnds, type TaskOptions, taskOptions } from "../structure/tasks/task-ends.ts";
import { Hint, type HintMap, hintMaps } from "./hint.ts";

/** A learner, or what else can be asked. */
export interface Asked {
  readonly network: Network;
  predictBatch(xs: Examples["xs"], count: number, options: { outputs?: readonly number[] }): Float32Array;
}

/**
 * A network that stands still, a learner that lives on, a function (`[example][output]`, of logits where the loss has them), or the
 * learner's own past: as it was before the task that is.
 */
export type Teacher = Network | Asked | ((seen: Examples) => Float32Array) | "past";

export interface DistillationOptions extends TaskOptions {
  /** Default "past". `networkOf` reads one from a snapshot. */
  readonly teacher?: Teacher;
  /** Of soft targets that are probabilities, above 0. Default 2. */
  readonly temperature?: number;
  /** Of the soft targets against the hard ones, 0 to 1. Default 0.5. */
  readonly weight?: number;
  /** A hidden layer of the student that is drawn to the teacher's layer `of`, by name. Default none. */
  readonly hint?: string;
  readonly of?: string;
  /** Of the hint beside the loss, above 0. Default 1. */
  readonly hintWeight?: number;
  /** How the student's layer is seen by the teacher's: see hint.ts. Default "learned". */
  readonly map?: HintMap;
  /** Step size of a learned map, above 0 and below 2. Default 0.1. */
  readonly mapRate?: number;
}

const NAME = "distillation";

/**
 * L = (1 - weight) L_hard + weight L_soft + hintWeight H, where L_soft follows the teacher's outputs (credit/soft-targets.ts) and H its
 * hidden layer (hint.ts). It goes with any rule and loss, one example at a time and in batches. The outputs that take part are those that
 * the teacher speaks of; a past self speaks of those of the tasks that it had learned, each set of them by itself, as in learning without
 * forgetting (Li and Hoiem, arXiv 1606.09282). What `observe` returns as the loss is the hard one.
 *
 * Snapshots carry a past self. Of another teacher they carry a digest: restore it first, and give it again; otherwise SnapshotError says
 * so.
 *
 * Throws ValueError for an option out of its range; when attached, ShapeError for a teacher of other inputs or outputs.
 *
 * Hinton, Vinyals, Dean (arXiv 1503.02531); Romero et al., FitNets (arXiv 1412.6550), who learn the hint first and the outputs then; here
 * both are learned at once.
 */
export function distillation(options: DistillationOptions = {}): StructuralPolicy {
  const { teacher = "past", temperature = 2, weight = 0.5, hint = "", of = "" } = options;
  const { hintWeight = 1, map = "learned", mapRate = 0.1 } = options;
  const must = (name: string, value: unknown, fits: boolean, right: string) => {
    if (!fits) throw new ValueError(`${NAME}: ${name} is ${JSON.stringify(value)}: ${right}`);
  };
  must("temperature", temperature, temperature > 0 && Number.isFinite(temperature), "a number above 0");
  must("weight", weight, weight >= 0 && weight <= 1, "from 0 to 1");
  must("hintWeight", hintWeight, hintWeight > 0 && Number.isFinite(hintWeight), "a number above 0");
  must("map", map, hintMaps.includes(map), `one of ${hintMaps.join(", ")}`);
  must("mapRate", mapRate, mapRate > 0 && mapRate < 2, "above 0 and below 2");
  must("of", of, (hint === "") === (of === ""), "a layer of the teacher, where the student has a hint");
  if (typeof teacher === "string")
    must("teacher", teacher, teacher === "past", 'a network, a learner, a function or "past"');
  if (typeof teacher === "function") must("hint", hint, hint === "", "a function has no layers");
  const flat = {
    teacher: teacher === "past" ? "past" : "given",
    ...{ temperature, weight, hint, of, hintWeight, map, mapRate },
    ...taskOptions(NAME, options),
  };
  return { name: NAME, options: flat, attach: (life) => new Distillation(life, teacher, flat) };
}

type Flat = Required<Omit<DistillationOptions, "teacher">>;

class Distillation implements PolicyAtWork {
  readonly #life: Life;
  readonly #options: Flat;
  readonly #soft: SoftTargets;
  readonly #hint: Hint | undefined;
  readonly #tasks: TaskEnds;
  /** Undefined while there is no past yet. */
  #teacher: Exclude<Teacher, "past"> | undefined;
  /** Of a past self: what it had learned. */
  #heads: string[] = [];
  readonly #own: boolean;

  constructor(life: Life, teacher: Teacher, options: Flat) {
    this.#life = life;
    this.#options = options;
    this.#own = teacher === "past";
    if (isNone(life.loss)) throw new ValueError(`${NAME}: credit without a loss has no soft targets`);
    this.#tasks = new TaskEnds(options);
    this.#soft = new SoftTargets(life.network, life.loss, options);
    const { hint, of } = options;
    if (hint !== "") this.#hint = new Hint(life.network, { ...options, student: hint, teacher: of });
    if (teacher === "past") return;
    this.#teacher = teacher;
    const network = networkIn(teacher);
    if (!network) return;
    if (network === life.network)
      throw new ValueError(`${NAME}: a network cannot teach itself as it is: teacher "past" is its own past`);
    for (const end of ["inputs", "outputs"] as const)
      if (network[end].values !== life.network[end].values)
        throw new ShapeError(
          `a teacher of ${network[end].values} ${end} for a student of ${life.network[end].values}: they have as many`,
        );
    if (hint !== "") network.population(of);
  }

  before(seen: Examples): boolean {
    if (!this.#own) return false;
    if (this.#tasks.ended(seen)) this.endTask();
    this.#tasks.count(seen);
    return false;
  }

  endTask(): void {
    const { head } = this.#tasks;
    this.#tasks.begin();
    if (!this.#own || head === undefined) return;
    this.#teacher = this.#life.copy();
    const known = new Set([...this.#heads, head]);
    this.#heads = [...known].filter((one) => ![...known].some((other) => one !== other && isPart(one, other)));
  }

  teach(seen: Examples): void {
    if (!this.#teacher) return;
    const said = answer(this.#teacher, seen);
    const { size } = this.#life.network.outputs;
    if (said.length !== seen.count * size)
      throw new ShapeError(
        `a teacher said ${said.length} values of ${seen.count} examples: ${seen.count * size} are right`,
      );
    if (said.some((value) => !Number.isFinite(value)))
      throw new DivergenceError("what the teacher says is not finite: this example was not learned");
    const heads: (Taking | undefined)[] = this.#own ? this.#heads.map(outputsOf) : [seen.outputs];
    this.#soft.blend(said, seen.count, heads);
    const network = networkIn(this.#teacher);
    if (network) this.#hint?.see(network.population(this.#options.of), seen.count);
  }

  pull(population: Population, examples: number): void {
    if (this.#teacher) this.#hint?.pull(population, examples);
  }

  save(): unknown {
    return this.#own ? { tasks: this.#tasks.save(), heads: this.#heads } : { teacher: digestOf(this.#teacher!) };
  }

  nested(): Nested {
    const past: Nested = this.#own && this.#teacher ? { teacher: this.#life.write(this.#teacher as Network) } : {};
    return { ...past, ...this.#hint?.nested() };
  }

  load(state: unknown, nested: Nested): void {
    const { teacher, tasks, heads } = (state ?? {}) as Record<string, unknown>;
    if (!this.#own) {
      const here = digestOf(this.#teacher!);
      if (teacher !== here)
        throw new SnapshotError(
          `the snapshot was taken beside teacher ${JSON.stringify(teacher)}, the teacher here is ${here}: give that one, restored to where it was`,
        );
      this.#hint?.load(nested);
      return;
    }
    if (!Array.isArray(heads) || !heads.every(isHead))
      throw new SnapshotError(`the snapshot's state of ${NAME} is ${JSON.stringify(state)}: it has tasks and heads`);
    if (heads.length > 0 && !nested.teacher)
      throw new SnapshotError(`the snapshot lacks the teacher of ${NAME}: the learner's own past`);
    const past = nested.teacher && this.#life.read(nested.teacher);
    this.#hint?.load(nested);
    this.#tasks.load(tasks);
    this.#heads = heads;
    this.#teacher = past;
  }
}

/** What a teacher says of these examples: nothing of it changes that lasts. */
function answer(teacher: Exclude<Teacher, "past">, seen: Examples): Float32Array {
  const { xs, count, outputs } = seen;
  if (typeof teacher === "function") return teacher(seen);
  if (!(teacher instanceof Network)) {
    const head = typeof outputs?.[0] === "number" ? (outputs as readonly number[]) : undefined;
    return teacher.predictBatch(xs, count, { outputs: head });
  }
  teacher.present(xs, count);
  teacher.forward(count, false);
  return teacher.outputs.outputs(count);
}

function networkIn(teacher: Exclude<Teacher, "past">): Network | undefined {
  return typeof teacher === "function" ? undefined : teacher instanceof Network ? teacher : teacher.network;
}

/** What a teacher would say, as a word. */
function digestOf(teacher: Exclude<Teacher, "past">): string {
  const network = networkIn(teacher);
  if (!network) return "a function";
  const digest = new Digest();
  for (const { name, columns } of [...network.populations, ...network.projections])
    for (const column of ["w", "bias", "gain", "shift", "mean", "var", "running.mean", "running.var"])
      if (columns.has(column)) {
        digest.update(new TextEncoder().encode(`${name}/${column}\n`));
        const { buffer, byteOffset, byteLength } = columns.packed(column);
        digest.update(new Uint8Array(buffer, byteOffset, byteLength));
      }
  return digest.hex();
}

/** Whether all outputs of a head are of another one too. */
function isPart(head: string, other: string): boolean {
  const [mine, theirs] = [outputsOf(head), outputsOf(other)];
  return theirs === undefined || (mine?.every((output) => theirs.includes(output)) ?? false);
}
