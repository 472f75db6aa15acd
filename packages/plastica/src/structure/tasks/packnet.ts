/**
 * PackNet: many tasks in one network. Each task learns with the synapses that are free, gives back those it needs least, and keeps the rest for
 * ever; what was given back is free for the next, which uses what its predecessors kept and cannot change it.
 */
import { SnapshotError, ValueError } from "../../errors.ts";
import { ExampleMemory } from "../../memory/example-memory.ts";
import type { Projection } from "../../network/projection.ts";
import { PLASTICITY } from "../../rules/plasticity.ts";
import type { Announce, Examples, Life, Moment, PolicyAtWork, StructuralPolicy } from "../policy.ts";
import { lowest } from "../pruning/selection.ts";
import { canStandStill, putBackStatistics, still } from "../stillness.ts";
import type { Occasion } from "../structure.ts";
import { absent, freeze, learnBySynapse, rewire } from "../synapses.ts";
import { type TaskOptions, taskOptions } from "./task-ends.ts";
import { TaskRegister, type Turns } from "./task-register.ts";

export interface PacknetOptions extends TaskOptions {
  /**
   * Share of the synapses a task used, and nobody kept before, that it gives back; in each projection, those of smallest |w|. In (0, 1).
   * Default 0.75.
   */
  readonly share?: number;
  /** Examples of retraining, after a task has given back: a whole number from 0. Default 5000. */
  readonly retrain?: number;
  /** Examples of a task that are remembered, to retrain on where nobody knows beforehand when it ends (`every` is 0): from 1. Default 1000. */
  readonly remember?: number;
}

const NAME = "packnet";
const [TASK, ASIDE] = [`${NAME}.task`, `${NAME}.aside`];
/** Of retraining on what is remembered. */
const BATCH = 32;

/**
 * A task goes: learn with all free synapses; prune `share` of them by |w|; retrain the others, on the last `retrain` examples of the task
 * where `every` says how many it has, otherwise on remembered ones; freeze them, weight and state. Then the pruned ones are free again,
 * from 0. Biases, gains and shifts of hidden layers stand still after the first task, those of neurons born later after the task of their birth.
 *
 * A task is known by its outputs (`observe(x, y, { outputs })`): these have their synapses to themselves, and keep all of them. Who asks
 * for a task (`predict(x, { outputs })`) is answered by what that task and those before it kept, so that what comes later changes nothing
 * for it, to the bit. A task that comes back is not learned again. Where tasks share their outputs nothing says which is meant: then all
 * are answered by the network as it is, and what is kept is protected, but no longer alone.
 *
 * Input normalisation that runs on goes on, for all tasks. `Learner.endTask()` says by hand that a task ends. Newborn neurons have free
 * synapses. Throws ValueError for an option out of its range.
 *
 * A. Mallya, S. Lazebnik: PackNet, adding multiple tasks to a single network by iterative pruning, CVPR 2018 (arXiv 1711.05769): 50 or 75 %
 * a task, retraining for half as many passes.
 */
export function packnet(options: PacknetOptions = {}): StructuralPolicy {
  const { share = 0.75, retrain = 5000, remember = 1000 } = options;
  const tasks = taskOptions(NAME, options);
  const must = (name: string, value: number, fits: boolean, right: string) => {
    if (!fits) throw new ValueError(`${NAME}: ${name} is ${value}: ${right}`);
  };
  must("share", share, share > 0 && share < 1, "a share between 0 and 1");
  must("retrain", retrain, Number.isSafeInteger(retrain) && retrain >= 0, "a whole number of examples from 0");
  must("remember", remember, Number.isSafeInteger(remember) && remember >= 1, "a whole number of examples from 1");
  must(
    "retrain",
    retrain,
    tasks.every === 0 || retrain < tasks.every,
    `fewer examples than a task has (${tasks.every})`,
  );
  const all = { share, retrain, remember, ...tasks };
  return { name: NAME, options: all, attach: (life) => new Packnet(life, all) };
}

class Packnet implements PolicyAtWork {
  readonly columns: PolicyAtWork["columns"];
  readonly #life: Life;
  readonly #options: Required<PacknetOptions>;
  readonly #tasks: TaskRegister;
  /** Where nobody knows when a task will end. */
  readonly #memory: ExampleMemory | undefined;
  #pruned = false;

  constructor(life: Life, options: Required<PacknetOptions>) {
    this.#life = life;
    this.#options = options;
    this.#tasks = new TaskRegister(options);
    if (options.every === 0) this.#memory = new ExampleMemory(life.network, NAME, { capacity: options.remember });
    this.columns = this.#memory?.columns;
    const { network } = life;
    learnBySynapse(network);
    canStandStill(network);
    const settle = () => {
      for (const { columns } of network.projections) {
        columns.add(TASK, 0);
        columns.add(ASIDE, 0);
      }
    };
    settle();
    network.changed();
    network.onRecomposed(settle);
  }

  before(seen: Examples, announce: Announce): boolean {
    return this.#tasks.turn(seen, this.#turns(announce));
  }

  after({ seen }: Moment, announce: Announce): void {
    const { every, retrain } = this.#options;
    putBackStatistics(this.#life.network);
    if (!this.#tasks.learns) return;
    this.#memory?.show(seen);
    if (every > 0 && this.#tasks.examples >= every - retrain) this.#prune(announce);
  }

  endTask(announce: Announce): void {
    this.#tasks.end(this.#turns(announce));
  }

  #turns(announce: Announce): Turns {
    return {
      begin: () => {
        if (!this.#tasks.learns) this.#setAside();
        else this.#thaw(announce);
        return this.#tasks.now > 1 || !this.#tasks.learns;
      },
      end: () => {
        if (!this.#tasks.learns) return this.#putBack();
        const given = this.#pruned;
        this.#prune(announce);
        if (!given && this.#memory) this.#retrain(this.#memory);
        this.#keep(announce);
        this.#pruned = false;
        this.#memory?.clear();
      },
    };
  }

  form(outputs: Examples["outputs"]): (() => void) | undefined {
    const task = this.#tasks.taskOf(outputs);
    if (task === 0 || task === this.#tasks.now) return undefined;
    const before = this.#shared.map((projection) => [projection.columns, projection.columns.packed("w")] as const);
    for (const projection of this.#shared) {
      const { columns } = projection;
      const [aside, tasks] = [columns.packed(ASIDE), columns.packed(TASK)];
      const hers = columns.packed("w").map((w, i) => (isOf(task, tasks[i]) ? w + aside[i] : 0));
      columns.unpack("w", hers);
    }
    this.#life.network.changed();
    return () => {
      for (const [columns, w] of before) columns.unpack("w", w);
      this.#life.network.changed();
    };
  }

  /** The projections whose synapses tasks share: all but those to outputs of their own. */
  get #shared(): Projection[] {
    const { projections, outputs } = this.#life.network;
    return projections.filter(({ post }) => post !== outputs || this.#tasks.heads.includes("all"));
  }

  get #occasion(): Occasion {
    return { step: this.#life.step, cause: NAME };
  }

  /** What was given back grows again, from 0. */
  #thaw(announce: Announce): void {
    const { network } = this.#life;
    for (const projection of this.#shared) {
      const task = projection.columns.packed(TASK);
      const grown = absent(projection).filter((place) => task[place] === 0);
      if (grown.length > 0) announce(rewire(network, projection, { grown }, this.#occasion));
    }
  }

  #prune(announce: Announce): void {
    if (this.#pruned) return;
    this.#pruned = true;
    for (const projection of this.#shared) {
      const candidates = this.#free(projection);
      const scores = projection.columns.packed("w").map(Math.abs);
      const count = Math.round(this.#options.share * candidates.length);
      const pruned = lowest([{ of: projection, scores, candidates }], count).get(projection)!;
      if (pruned.length > 0) announce(rewire(this.#life.network, projection, { pruned }, this.#occasion));
    }
  }

  /** The synapses that are there, and that no task has kept. */
  #free({ columns }: Projection): number[] {
    const [w, task, plasticity] = [columns.packed("w"), columns.packed(TASK), columns.packed(PLASTICITY)];
    return [...w.keys()].filter((i) => task[i] === 0 && (w[i] !== 0 || plasticity[i] !== 0));
  }

  #retrain(memory: ExampleMemory): void {
    const { retrain } = this.#options;
    if (memory.size === 0) return;
    const batch = Math.min(BATCH, memory.size);
    for (let done = 0; done < retrain; done += batch) {
      const slots = Array.from({ length: Math.min(batch, retrain - done) }, (_, i) => (done + i) % memory.size);
      this.#life.practise(memory.examples(slots));
    }
  }

  /** Of the shared projections what is left; of the outputs' own all that leads to this task's. */
  #keep(announce: Announce): void {
    const { network } = this.#life;
    const { now, outputs: own } = this.#tasks;
    for (const projection of network.projections) {
      const mine = this.#shared.includes(projection)
        ? this.#free(projection)
        : this.#free(projection).filter((place) => own!.includes(place % projection.columns.lanes));
      if (mine.length === 0) continue;
      const { columns } = projection;
      for (const place of mine) columns.setPlace(TASK, place, now);
      announce(freeze(network, projection, mine, this.#occasion));
    }
    for (const population of network.hidden) still(population, population.neurons.keys());
    still(network.outputs, own ?? network.outputs.neurons.keys());
    putBackStatistics(network);
    network.changed();
  }

  /** The network as the present task, an old one, left it: what is of others waits in a column. */
  #setAside(): void {
    for (const { columns } of this.#shared) {
      const [w, task] = [columns.packed("w"), columns.packed(TASK)];
      columns.unpack(
        ASIDE,
        w.map((value, i) => (isOf(this.#tasks.now, task[i]) ? 0 : value)),
      );
      columns.unpack(
        "w",
        w.map((value, i) => (isOf(this.#tasks.now, task[i]) ? value : 0)),
      );
    }
    this.#life.network.changed();
  }

  #putBack(): void {
    for (const { columns } of this.#shared) {
      const aside = columns.packed(ASIDE);
      columns.unpack(
        "w",
        columns.packed("w").map((w, i) => w + aside[i]),
      );
      columns.unpack(ASIDE, new Float32Array(aside.length));
    }
    this.#life.network.changed();
  }

  save(): unknown {
    return { tasks: this.#tasks.save(), pruned: this.#pruned, memory: this.#memory?.save() ?? null };
  }

  load(state: unknown): void {
    const { tasks, pruned, memory } = (state ?? {}) as Record<string, unknown>;
    if (typeof pruned !== "boolean")
      throw new SnapshotError(
        `the snapshot's state of ${NAME} is ${JSON.stringify(state)}: it has tasks, and whether the present one was pruned`,
      );
    this.#tasks.load(tasks);
    this.#memory?.load(memory);
    this.#pruned = pruned;
  }
}

/** Whether a task is answered by what this one kept: its own, or one before it. */
function isOf(task: number, keeper: number): boolean {
  return keeper > 0 && keeper <= task;
}
