import { describe, expect, test } from "vitest";
import { backprop } from "../../credit/backprop.ts";
import { binaryCrossEntropy, crossEntropy } from "../../credit/losses.ts";
import { ValueError } from "../../errors.ts";
import { type Learner, live } from "../../life/learner.ts";
import { eventsOf, example, observe, untidy } from "../../life/testing.ts";
import { relu, sigmoid, tanh } from "../../network/neurons.ts";
import { conv, type DenseOptions, dense, type LayerSpec, sequential } from "../../network/sequential.ts";
import { isPlasticity } from "../../rules/plasticity.ts";
import { adam, sgd } from "../../rules/synaptic/index.ts";
import { continualBackprop } from "../continual-backprop.ts";
import { dropout } from "../dropout/standard.ts";
import type { Born, Decided, LifeEvent } from "../events.ts";
import { pruning } from "../pruning/pruning.ts";
import { still } from "../stillness.ts";
import { absent, freeze, prune, thaw } from "../synapses.ts";
import { packnet } from "../tasks/packnet.ts";
import { progressiveColumns } from "../tasks/progressive-columns.ts";
import { learn, said } from "../tasks/tasks.testing.ts";
import { holding } from "../testing.ts";
import { redo } from "../turnover/redo.ts";
import { lifeUnder, survives } from "../turnover/turnover.testing.ts";
import { plateau } from "./criteria/plateau.ts";
import { dropin } from "./dropin.ts";
import type { DropinOptions } from "./dropin-options.ts";
import { smallLife } from "./testing.ts";
import { copy } from "./ways/copy.ts";
import { tiny } from "./ways/tiny.ts";

const often: DropinOptions = {
  when: "schedule",
  every: 10,
  cooldown: 20,
  count: 2,
  where: "all",
  maturity: 15,
  examples: 16,
};
const decisions = (events: LifeEvent[]) => events.filter((event): event is Decided => event.type === "decided");
const births = (events: LifeEvent[]) => events.filter((event): event is Born => event.type === "born");
const sizes = ({ network }: Learner) => network.populations.map(({ size }) => size);

describe("survives births, deaths, layers, batches and a snapshot", () => {
  test.each([
    ["as it is by default", {}],
    ["masked, in haste", { ...often, old: "masked", warmUp: 15, rate: 3 }],
    ["frozen", { ...often, old: "frozen" }],
    ["north by familiarity", { ...often, how: "north", where: "familiarity" }],
    [
      "several criteria",
      { ...often, when: "effective-dimension, plateau, new-class, saturation", how: "copy", where: "highest" },
    ],
    ["layers beside", { ...often, form: "beside", cooldown: 70 }],
    ["layers between", { ...often, form: "between", count: 0, where: "hidden2", cooldown: 70 }],
    ["tiny", { ...often, how: "tiny" }],
    [
      "firefly, after a reset probe",
      { ...often, when: "reset-probe", how: "firefly", "reset-probe.steps": 2, "firefly.steps": 2 },
    ],
  ] as [string, DropinOptions][])("%s", (_, options) => {
    expect(survives(() => dropin(options))).toEqual([]);
  });
});

test("it grows when it is time, where it was told, and says so with evidence", () => {
  const learner = lifeUnder(dropin({ ...often, where: "hidden2" }));
  const events = eventsOf(learner);
  observe(learner, 0, 65);
  expect(decisions(events).map(({ step, population, count, outcome }) => [step, population, count, outcome])).toEqual([
    [10, "hidden2", 2, "kept"],
    [30, "hidden2", 2, "kept"],
    [50, "hidden2", 2, "kept"],
  ]);
  expect(births(events).map(({ cause, neurons }) => [cause, neurons.length])).toEqual([
    ["dropin", 2],
    ["dropin", 2],
    ["dropin", 2],
  ]);
  expect(sizes(learner)).toEqual([7, 9, 14, 3]);
});

test("a share of the width, a criterion's own number, and budgets of neurons and of parameters", () => {
  const shared = lifeUnder(dropin({ ...often, count: 0, share: 0.25 }));
  observe(shared, 0, 15);
  expect(sizes(shared)).toEqual([7, 12, 10, 3]);

  const neurons = lifeUnder(dropin({ ...often, count: 5, neurons: 24 }));
  const events = eventsOf(neurons);
  observe(neurons, 0, 65);
  expect(sizes(neurons)).toEqual([7, 14, 10, 3]);
  const refused = decisions(events).find(({ outcome }) => outcome === "refused");
  expect(refused?.why).toBe("it is time; the budget has no room for it");

  const budget = 300;
  const parameters = lifeUnder(dropin({ ...often, parameters: budget }));
  observe(parameters, 0, 205);
  expect(parameters.network.parameters).toBeLessThanOrEqual(budget);
  expect(parameters.network.parameters).toBeGreaterThan(budget - 40);

  const pairs = lifeUnder(dropin({ ...often, how: "paired", count: 3, neurons: 24 }));
  observe(pairs, 0, 205);
  expect(sizes(pairs)).toEqual([7, 13, 10, 3]);
});

test("a way that finds nobody to be born says by what it was refused", () => {
  const learner = lifeUnder(dropin({ ...often, how: "tiny", "tiny.threshold": 1e6 }));
  const events = eventsOf(learner);
  observe(learner, 0, 25);
  const [{ outcome, count, why }] = decisions(events);
  expect([outcome, count]).toEqual(["refused", 0]);
  expect(why).toMatch(
    /^it is time; by tiny nobody is to be born \(largest singular value [\d.e-]+, directions 0, loss before [\d.]+\)$/,
  );
});

describe("layers keep to the budget of parameters, and use it", () => {
  const image = { height: 4, width: 4, channels: 1 };
  const made = {
    // 8 neurons in between, their biases, and as many weights on as there are.
    "relu between": { inputs: 3, layers: [dense(8, relu()), dense(20)], more: 8 * 8 + 8 },
    // CReLUs lead on by twice as many.
    "tanh between": { inputs: 3, layers: [dense(8, tanh()), dense(20)], more: 8 * 8 + 8 + 8 * 20 },
    // A neuron for each place of each channel.
    "between a map and a dense layer": {
      ...{ inputs: image, layers: [conv(2, relu(), { kernel: 3 }), dense(20)], more: 8 * 8 + 8 },
    },
    // Two channels, of 2 by 2 positions.
    "beside a map": { inputs: image, layers: [conv(2, relu(), { kernel: 3 }), dense(20)], more: 2 * (1 + 9 + 4 * 20) },
  };
  test.each(Object.entries(made))("%s", (name, { inputs, layers, more }) => {
    const form = name.startsWith("beside") ? "beside" : "between";
    const count = form === "beside" ? 2 : 0;
    for (const missing of [0, 1]) {
      const network = sequential({ inputs, seed: 1 }, layers);
      const parameters = network.parameters + more - missing;
      const policy = dropin({
        when: "schedule",
        form,
        every: 5,
        where: "hidden1",
        cooldown: 1000,
        parameters,
        count,
      });
      const learner = live(network, { credit: backprop({ loss: crossEntropy() }), rule: sgd(), structure: [policy] });
      observe(learner, 0, 6);
      if (missing === 0) expect(network.parameters).toBe(parameters);
      else expect(network.parameters).toBeLessThan(parameters);
    }
  });
});

test("a dry run says what it would do, and is the life of one that does not grow", () => {
  const [dry, plain] = [dropin({ ...often, dryRun: true }), dropin({ ...often, "schedule.start": 1000 })].map(
    (policy) => lifeUnder(policy),
  );
  const events = eventsOf(dry);
  expect(observe(dry, 0, 60)).toEqual(observe(plain, 0, 60));
  expect(new Set(decisions(events).map(({ outcome }) => outcome))).toEqual(new Set(["would try"]));
  expect(births(events)).toEqual([]);
  expect(holding(dry.network)).toEqual(holding(plain.network));
});

describe("old weights", () => {
  const weights = (learner: Learner) =>
    new Map([...holding(learner.network)].filter(([place]) => /\/(w|bias|m) /.test(place)));
  const moved = (before: Map<string, number>, after: Map<string, number>) =>
    [...before].filter(([place, value]) => after.get(place) !== value).map(([place]) => place);

  test("masked: the old stands still for the warm-up, moments and all, and then learns on", () => {
    const learner = lifeUnder(dropin({ ...often, cooldown: 100, old: "masked", warmUp: 12 }));
    const events = eventsOf(learner);
    observe(learner, 0, 10);
    const before = weights(learner);
    observe(learner, 10, 22);
    const after = weights(learner);
    const old = [...before.keys()].filter((place) =>
      place
        .split(" ")
        .slice(-2)
        .every((id) => Number(id) < 27),
    );
    const changed = moved(before, after);
    expect(changed.filter((place) => old.includes(place))).toEqual([]);
    expect(moved(before, after).length).toBeGreaterThan(0);
    observe(learner, 22, 40);
    expect(moved(after, weights(learner)).filter((place) => old.includes(place)).length).toBeGreaterThan(100);
    expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(["frozen", "thawed"]));
    for (const { columns } of learner.network.projections)
      expect(new Set(columns.packed("plasticity"))).toEqual(new Set([1]));
  });

  test.each([20, 45, 65])(
    "masked: in the end all learn at the usual rate, whether mature before, under or after the mask (%i)",
    (maturity) => {
      // The second growth masks the newborns of the first.
      const policy = dropin({
        ...often,
        cooldown: 30,
        warmUp: 30,
        old: "masked",
        maturity,
        rate: 0.1,
        "schedule.end": 45,
      });
      const learner = lifeUnder(policy);
      observe(learner, 0, 130);
      expect(sizes(learner)).toEqual([7, 13, 12, 3]);
      for (const { columns } of [...learner.network.projections, ...learner.network.populations.slice(1)])
        for (const name of columns.names.filter(isPlasticity))
          expect(new Set(columns.packed(name))).toEqual(new Set([1]));
    },
  );

  test("masked: what goes or is frozen meanwhile stays so when the mask is lifted, and what is thawed learns at once", () => {
    const learner = lifeUnder(dropin({ ...often, cooldown: 100, old: "masked", warmUp: 12 }));
    const { network } = learner;
    const [projection] = network.projections;
    observe(learner, 0, 12);
    const occasion = { step: 12, cause: "test" };
    prune(network, projection, [0, 3], occasion);
    freeze(network, projection, [1], occasion);
    still(network.population("hidden1"), [4]);
    thaw(network, projection, [2], occasion);
    const plasticities = () => [
      ...projection.columns.packed("plasticity").slice(0, 6),
      network.population("hidden1").columns.get("bias.plasticity", 0, 4),
    ];
    expect(plasticities()).toEqual([0, 0, 1, 0, 0, 0, 0]);
    observe(learner, 12, 40);
    expect(plasticities()).toEqual([0, 0, 1, 0, 1, 1, 0]);
    expect([...absent(projection)]).toEqual([0, 3]);
  });

  test("frozen: what old hidden neurons say never changes, and they hear no newborn", () => {
    const learner = lifeUnder(dropin({ ...often, old: "frozen", how: "random", cooldown: 30 }));
    observe(learner, 0, 10);
    const asked = example(5000, 7, 3).x;
    const said = () => {
      learner.predict(asked);
      return [1, 2].map((i) => [...learner.network.populations[i].outputs(1)].slice(0, i === 1 ? 9 : 8));
    };
    const before = said();
    observe(learner, 10, 95);
    expect(said()).toEqual(before);
    expect(sizes(learner)).toEqual([7, 15, 14, 3]);
    const { columns } = learner.network.projections[1];
    for (let row = 9; row < 15; row++) for (let lane = 0; lane < 8; lane++) expect(columns.get("w", row, lane)).toBe(0);
    const dense = 7 * 15 + 15 * 14 + 14 * 3 + 15 + 14 + 3;
    expect(learner.network.parameters).toBeLessThan(dense);
    expect(untidy(learner.network)).toEqual([]);
  });

  test("frozen: normalised by batch, old neurons keep their statistics; by layer, they would hear newborns, which is refused", () => {
    const born = (norm: DenseOptions, old: DropinOptions["old"] = "frozen") =>
      live(sequential({ inputs: 7, seed: 5 }, [dense(9, relu(), norm), dense(3)]), {
        credit: backprop({ loss: crossEntropy() }),
        rule: sgd({ lr: 0.1 }),
        structure: [dropin({ ...often, old, how: "random", cooldown: 30 })],
      });
    const learner = born({ batchNorm: true });
    observe(learner, 0, 10);
    const said = () => {
      learner.predict(example(5000, 7, 3).x);
      return [...learner.network.populations[1].outputs(1)].slice(0, 9);
    };
    const before = said();
    observe(learner, 10, 30);
    observe(learner, 30, 90, 4);
    expect(said()).toEqual(before);
    const heir = born({ batchNorm: true });
    heir.restore(learner.snapshot());
    for (const one of [learner, heir]) observe(one, 90, 130);
    expect(heir.fingerprint()).toBe(learner.fingerprint());
    expect(said()).toEqual(before);
    expect(() => born({ layerNorm: true })).toThrow(
      'dropin: old is "frozen", and hidden1 is normalised by layer, where the old hears newborns: by batch, or not at all',
    );
    born({ layerNorm: true }, "free");
  });

  test("frozen: outputs that take no part hear no newborn, so earlier tasks are answered as before", () => {
    const net = sequential({ inputs: 7, seed: 3 }, [dense(6, relu()), dense(6, relu()), dense(4)]);
    const policy = dropin({ ...often, when: "new-class", old: "frozen", how: "paired", "new-class.together": 20 });
    const learner = live(net, {
      credit: backprop({ loss: crossEntropy() }),
      rule: sgd({ lr: 0.1 }),
      structure: [policy],
    });
    const task = (head: number[], from: number, to: number) => {
      for (let i = from; i < to; i++) {
        const { x, y } = example(i, 7, 2);
        learner.observe(x, head[y], { outputs: head });
      }
    };
    task([0, 1], 0, 100);
    task([2, 3], 100, 110);
    const before = learner.predict(example(9000, 7, 2).x).slice(0, 2);
    task([2, 3], 110, 200);
    expect(learner.predict(example(9000, 7, 2).x).slice(0, 2)).toEqual(before);
    expect(sizes(learner)).toEqual([7, 10, 10, 4]);
  });

  test("newborns learn faster until they are mature", () => {
    const learner = lifeUnder(dropin({ ...often, cooldown: 100, rate: 3 }), { rule: sgd({ lr: 0.01 }) });
    observe(learner, 0, 10);
    const { columns } = learner.network.projections[0];
    expect([columns.get("plasticity", 0, 8), columns.get("plasticity", 0, 9)]).toEqual([1, 3]);
    expect(learner.network.population("hidden1").columns.get("bias.plasticity", 0, 10)).toBe(3);
    observe(learner, 10, 30);
    expect(new Set(columns.packed("plasticity"))).toEqual(new Set([1]));
  });
});

test("plasticities that others need stay when newborns are mature: beside packnet and strands tasks end as ever", () => {
  for (const tasks of [packnet({ retrain: 10 }), progressiveColumns()]) {
    const structure = [tasks, dropin({ ...often, when: "schedule", "schedule.end": 10, rate: 2, maturity: 15 })];
    const network = sequential({ inputs: 8, seed: 3 }, [dense(9, relu(), { batchNorm: true }), dense(6)]);
    const learner = live(network, { credit: backprop({ loss: crossEntropy() }), rule: sgd({ lr: 0.1 }), structure });
    learn(learner, 0, 0, 60);
    learner.endTask();
    const before = said(learner, 0);
    learn(learner, 1, 0, 60);
    expect(said(learner, 0)).toEqual(before);
  }
});

describe("newborns are safe until they are mature", () => {
  const cruel = {
    "continual backprop": () => continualBackprop({ replacementRate: 0.2, maturity: 1 }),
    pruning: () =>
      pruning({ granularity: "neuron", target: 0.9, start: 1, end: 300, every: 5, score: "magnitude", examples: 8 }),
    redo: () => redo({ threshold: 0.99, every: 5 }),
  };
  test.each(Object.entries(cruel))("%s", (_, policy) => {
    const network = sequential({ inputs: 7, seed: 5 }, [dense(9, relu()), dense(8, relu()), dense(3)]);
    const structure = [dropin({ ...often, maturity: 60, "schedule.end": 15 }), policy()];
    const learner = live(network, { credit: backprop({ loss: crossEntropy() }), rule: adam(), structure });
    const events = eventsOf(learner);
    observe(learner, 0, 65);
    const newborns = births(events)
      .filter(({ cause }) => cause === "dropin")
      .flatMap(({ neurons }) => neurons);
    const dead = () => new Set(events.flatMap((event) => (event.type === "died" ? event.neurons : [])));
    expect(newborns).toHaveLength(4);
    expect(dead().size).toBeGreaterThan(0);
    expect(newborns.some((id) => dead().has(id))).toBe(false);
    observe(learner, 65, 300);
    expect(newborns.some((id) => dead().has(id))).toBe(true);
  });
});

test("by familiarity: unlike inputs are answered early, like ones late; the highest score is that of the fullest layer", () => {
  const grownIn = (unlike: boolean, where: string) => {
    const learner = lifeUnder(dropin({ ...often, where, "schedule.start": 600, cooldown: 1000 }), { widths: [4, 40] });
    const events = eventsOf(learner);
    for (let i = 0; i < 600; i++) {
      const { x, y } = example(i, 7, 3);
      // A picture that all inputs share, and then another one.
      const picture = (j: number) => (unlike && i > 570 ? (j < 3 ? 0 : 3) : j < 3 ? 3 : 0);
      learner.observe(
        x.map((value, j) => value + picture(j)),
        y,
      );
    }
    return decisions(events).map(({ population }) => population);
  };
  expect(grownIn(true, "familiarity")).toEqual(["hidden1"]);
  expect(grownIn(false, "familiarity")).toEqual(["hidden2"]);
  // Sixteen examples have no more than sixteen dimensions.
  const narrow = lifeUnder(dropin({ ...often, where: "highest", "schedule.start": 60, cooldown: 1000 }), {
    widths: [40, 6],
  });
  observe(narrow, 0, 65);
  expect(sizes(narrow)).toEqual([7, 40, 8, 3]);
});

test("layers: beside what there is and in between, and what is said stays", () => {
  for (const form of ["beside", "between"] as const) {
    const learner = lifeUnder(dropin({ ...often, form, count: 0, where: "hidden1", cooldown: 1000 }));
    const events = eventsOf(learner);
    observe(learner, 0, 9);
    const twin = lifeUnder(dropin({ ...often, "schedule.start": 1000 }));
    observe(twin, 0, 10);
    observe(learner, 9, 10);
    expect(learner.network.populations).toHaveLength(5);
    expect(events.map(({ type }) => type)).toEqual(["layer-born", "born", "decided"]);
    expect(learner.predict(example(77, 7, 3).x)).toEqual(twin.predict(example(77, 7, 3).x));
    observe(learner, 10, 40);
  }
  // A way of one's own may not say that it changes others.
  const { alters: _, ...way } = copy();
  const copies = lifeUnder(dropin({ ...often, form: "beside", how: way }));
  expect(() => observe(copies, 0, 20)).toThrow("copy changes the neurons of hidden1");
});

test("a layer beside one that is silenced is silenced too", () => {
  const layers = [dense(9, relu(), { dropout: dropout(0.3) }), dense(8, relu()), dense(3)];
  const learner = live(sequential({ inputs: 7, seed: 5 }, layers), {
    credit: backprop({ loss: crossEntropy() }),
    rule: adam({ lr: 0.01 }),
    structure: [dropin({ ...often, form: "beside", where: "hidden1", cooldown: 1000 })],
  });
  observe(learner, 0, 10);
  expect(learner.network.populations.map(({ silencing }) => silencing?.kind.options)).toEqual([
    ...[undefined, { rate: 0.3 }, { rate: 0.3 }, undefined, undefined],
  ]);
});

test("a network that is too small learns more when it may grow", () => {
  const error = (policy: ReturnType<typeof dropin>[]) => {
    const network = sequential({ inputs: 2, seed: 2 }, [dense(2, relu()), dense(1)]);
    const learner = live(network, {
      credit: backprop({ loss: binaryCrossEntropy() }),
      rule: adam({ lr: 0.01 }),
      structure: policy,
    });
    let wrong = 0;
    for (let i = 0; i < 6000; i++) {
      const [a, b] = example(i, 2, 2).x;
      // A disc: two neurons cannot close it in.
      const y = a * a + b * b < 0.5 ? 1 : 0;
      if ((learner.observe([a, b], [y]).outputs[0] > 0 ? 1 : 0) !== y && i >= 4000) wrong++;
    }
    return wrong / 2000;
  };
  const grown = dropin({
    when: [plateau({ patience: 100 })],
    how: tiny(),
    where: "all",
    count: 4,
    cooldown: 200,
    neurons: 40,
  });
  expect(error([grown])).toBeLessThan(error([]) - 0.08);
});

test("options out of their range are refused by name", () => {
  const refuses = (options: DropinOptions, what: string) => expect(() => dropin(options)).toThrow(what);
  refuses({ when: "luck" }, 'dropin: when is "luck"');
  refuses({ when: "plateau, plateau" }, "each once");
  refuses({ how: "magic" as "copy" }, 'dropin: how is "magic"');
  refuses({ "plateau.luck": 1 }, "no criterion and no way has an option plateau.luck");
  refuses({ "plateau.patience": 0, when: "plateau" }, "plateau: patience is 0");
  refuses({ share: 0 }, "dropin: share is 0");
  refuses({ rate: 2, maturity: 0 }, "dropin: rate is 2");
  refuses({ old: "masked", warmUp: 600, cooldown: 500 }, "dropin: cooldown is 500");
  refuses({ old: "frozen" }, "only where neurons are born in all layers");
  for (const how of ["copy", "split", "firefly"] as const)
    refuses({ form: "beside", how }, `dropin: form is "beside": not with how "${how}"`);
  refuses({ form: "between", how: "random" }, 'dropin: form is "between": then how says nothing, but it is "random"');
  refuses({ form: "between", count: 3 }, 'dropin: form is "between": then count says nothing, but it is 3');
  refuses({ form: "between", share: 0.2 }, 'dropin: form is "between": then share says nothing, but it is 0.2');
  expect(() => lifeUnder(dropin({ where: "familiarity" }), { widths: [] })).toThrow(
    'dropin: where is "familiarity", the first or the last hidden layer: this network has none',
  );
  expect(() => smallLife({ structure: [dropin({ where: "hidden9" })] })).toThrow(ValueError);
  expect(() => smallLife({ structure: [dropin({ where: "hidden9" })] })).toThrow('where is "hidden9"');
});

test("what cannot be born in a network is refused when the policy is attached, not at the first birth", () => {
  const attached = (options: DropinOptions, layers: LayerSpec[]) => () =>
    live(sequential({ inputs: { height: 4, width: 4, channels: 2 }, seed: 1 }, [...layers, dense(3)]), {
      credit: backprop({ loss: crossEntropy() }),
      rule: sgd(),
      structure: [dropin(options)],
    });
  const maps = (groups = 1) => [conv(4, relu(), { kernel: 2, groups }), conv(4, relu(), { kernel: 2, groups })];
  const normalised = [dense(4, relu()), dense(4, relu(), { batchNorm: true })];
  expect(attached({ how: "split" }, normalised)).toThrow("split in hidden2: it is normalised");
  expect(attached({ how: "split", where: "hidden1" }, normalised)).not.toThrow();
  for (const how of ["split", "gradmax", "tiny"] as const)
    expect(attached({ how }, maps())).toThrow(`${how} in hidden1: input-hidden1 is not dense`);
  expect(attached({ how: "north", "north.by": "pre-activation" }, maps())).toThrow("north in hidden1");
  expect(attached({ how: "north" }, maps())).not.toThrow();
  for (const how of ["paired", "copy", "firefly"] as const) {
    expect(attached({ how }, maps())).not.toThrow();
    expect(attached({ how }, maps(2))).toThrow(`${how} in hidden1: input-hidden1 has groups`);
  }
  for (const how of ["zero-in", "gradmax", "tiny"] as const)
    expect(attached({ how }, [dense(4, sigmoid())])).toThrow("sigmoid puts out 0.5 there");
  expect(attached({ form: "between" }, maps(2))).toThrow("a layer in hidden1-hidden2: its channels listen in groups");
  expect(attached({ form: "between" }, maps())).not.toThrow();
  expect(attached({ form: "beside" }, maps())).not.toThrow();
});
