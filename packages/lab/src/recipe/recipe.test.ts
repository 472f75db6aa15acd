import { RecipeError } from "plastica";
import { expect, test } from "vitest";
import { canonical } from "./canonical.ts";
import { builtInRecipe, builtInRecipes } from "./first-life.ts";
import { activations, initialisers, losses, rules, structures, terms } from "./kinds.ts";
import { learnerFromRecipe } from "./learner.ts";
import { readRecipe, recipeText, runId } from "./recipe.ts";

const shape = { inputs: 784, outputs: 10, target: "class" } as const;

const small = {
  name: "small",
  stream: { kind: "permuted", tasks: 2, examplesPerTask: 50 },
  network: { hidden: [8, 8] },
  learners: { plain: { rule: { kind: "sgd" } } },
};

/** The recipe with the value at `path` replaced. */
function changed(path: string, value: unknown): unknown {
  const copy = structuredClone(small) as Record<string, unknown>;
  const steps = path.split(".");
  const last = steps.pop() as string;
  const place = steps.reduce((at, step) => at[step] as Record<string, unknown>, copy);
  place[last] = value;
  return copy;
}

test("every default is filled in, and the hyper-parameters' are the engine's own", () => {
  const recipe = readRecipe(small);
  expect(recipe).toMatchObject({
    seed: 1,
    arithmetic: "plain",
    stream: { dataset: "mnist" },
    batch: 1,
    network: { activation: { kind: "relu" }, layerNorm: false, inputNormalisation: false },
    learners: { plain: { rule: { kind: "sgd", lr: rules.sgd.defaults.lr }, terms: [], structure: [] } },
    events: "windows",
  });
  expect(readRecipe(JSON.parse(recipeText(recipe)))).toEqual(recipe);
});

test("one recipe has one text and one id, however it was written", () => {
  const { learners, ...rest } = changed("learners.other", { rule: "adam" }) as typeof small & {
    learners: { other: object };
  };
  const reversed = { learners: { other: learners.other, plain: learners.plain }, ...rest, seed: 1 };
  expect(recipeText(readRecipe(reversed))).toBe(recipeText(readRecipe({ ...rest, learners })));
  expect(runId(readRecipe(reversed))).toMatch(/^small-[0-9a-f]{8}$/);
  expect(runId(readRecipe({ ...small, seed: 2 }))).not.toBe(runId(readRecipe(small)));
  expect(canonical({ b: [1, { d: 1, c: 2 }], a: undefined })).toBe(canonical({ b: [1, { c: 2, d: 1 }] }));
});

test.each([
  ["sede", 3, 'recipe: unknown key "sede", did you mean "seed"?'],
  ["stream.examplePerTask", 3, 'recipe: stream: unknown key "examplePerTask", did you mean "examplesPerTask"?'],
  ["network.hiden", [3], 'network: unknown key "hiden", did you mean "hidden"?'],
  [
    "network.inputNormalisation",
    { decay: 0.9 },
    'network.inputNormalisation: is {"decay":0.9}, must be false, the decay',
  ],
  ["learners.plain.network", { hiden: [3] }, 'learners.plain.network: unknown key "hiden", did you mean "hidden"?'],
  ["learners.plain.network", { dropout: { kind: "dropout", rate: 2 } }, "learners.plain.network.dropout: "],
  ["learners.plain.ruel", "sgd", 'learners.plain: unknown key "ruel", did you mean "rule"?'],
  ["learners.plain.rule.lrr", 1, 'learners.plain.rule: unknown key "lrr", did you mean "lr"? (known here: kind, lr)'],
  ["stream.tasks", 0, "stream.tasks: is 0, must be an integer from 1 to 100000"],
  ["stream.tasks", "ten", 'stream.tasks: is "ten", must be an integer'],
  ["stream.examplesPerTask", 0, "stream.examplesPerTask: is 0, must be an integer from 1"],
  ["stream", { kind: "premuted" }, 'stream: is "premuted", no kind of stream, did you mean "permuted"?'],
  ["stream", "permuted", 'stream: is "permuted", no kind of stream'],
  ["batch", 0, "batch: is 0, must be an integer from 1 to 65536"],
  ["learners.plain.afresh", 1, "learners.plain.afresh: is 1, must be true or false"],
  ["stream.dataset", "mnits", 'stream.dataset: is "mnits", must be one of mnist, fashion-mnist'],
  ["stream.dataset", "mnits", 'did you mean "mnist"?'],
  ["network.hidden", [100, -1], "network.hidden[1]: is -1, must be an integer from 1"],
  ["network.inputs", 100, 'network: unknown key "inputs"'],
  ["network.activation", "relo", 'network.activation: is "relo", no activation, did you mean "relu"?'],
  ["network.initialiser", "uniform", "network.initialiser.bound: is missing, must be a finite number"],
  ["network.inputNormalisation", true, "network.inputNormalisation: is true, must be false, the decay"],
  ["learners.plain.rule", { lr: 1 }, 'learners.plain.rule: is {"lr":1}, no rule (known: sgd, momentum'],
  ["learners.plain.rule", { kind: "adma" }, 'is "adma", no rule, did you mean "adam"?'],
  ["learners.plain.rule.lr", Number.NaN, "learners.plain.rule.lr: is null, must be a finite number"],
  [
    "learners.plain.terms",
    [{ kind: "weightClipping" }],
    'terms[0]: is "weightClipping", no term, did you mean "weight-clipping"?',
  ],
  ["learners.plain.terms", "l2", 'learners.plain.terms: is "l2", must be a list of terms'],
  [
    "learners.plain.structure",
    [{ kind: "continual-backprop", decay: 2 }],
    "learners.plain.structure[0]: continualBackprop: decay is 2",
  ],
  ["learners.plain.terms", ["l2", { kind: "l2", strength: 1 }], "recipe: learners.plain: "],
  [
    "learners.plain.structure",
    ["continual-backprop", "continual-backprop"],
    "recipe: learners.plain: two structural policies are called",
  ],
  ["learners", {}, "learners: is {}, must name at least one learner"],
  ["learners.lock", { rule: "sgd" }, 'learners: a learner is called "lock"'],
  ["learners.A/B", { rule: "sgd" }, 'learners: a learner is called "A/B", must be small letters'],
  ["name", "../up", 'name: is "../up", must be small letters'],
  ["snapshotEvery", 0, "snapshotEvery: is 0, must be an integer from 1"],
  ["seed", -1, "seed: is -1, must be an integer from 0"],
])("%s = %j is told", (path, value, message) => {
  expect(() => readRecipe(changed(path, value))).toThrow(RecipeError);
  expect(() => readRecipe(changed(path, value))).toThrow(message);
});

test("every fault is told at once", () => {
  expect(() => readRecipe({ ...small, seed: 0.5, events: "some" })).toThrow(/seed: is 0\.5.*; events: is "some"/);
});

test.each([null, 3, "text", []])("%j is no recipe", (value) => {
  expect(() => readRecipe(value)).toThrow(RecipeError);
});

test("everything that can be named can be lived with", () => {
  const x = Float32Array.from({ length: 784 }, (_, i) => (i % 7) / 7);
  const variants = [
    ...Object.keys(rules).map((kind) => changed("learners.plain.rule", { kind })),
    ...Object.keys(terms).map((kind) => changed("learners.plain.terms", [{ kind }])),
    ...Object.keys(losses).map((kind) => changed("learners.plain.loss", { kind })),
    ...Object.keys(structures).map((kind) => changed("learners.plain.structure", [{ kind }])),
    ...Object.keys(activations).map((kind) => changed("network.activation", { kind })),
    ...Object.entries(initialisers).map(([kind, { options }]) =>
      changed("network.initialiser", { kind, ...Object.fromEntries(options.map((option) => [option, 0.1])) }),
    ),
    changed("network.layerNorm", true),
    changed("network.inputNormalisation", 0.99),
  ];
  expect(variants.length).toBeGreaterThan(35);
  for (const variant of variants) {
    const learner = learnerFromRecipe(readRecipe(variant), "plain", shape);
    const before = learner.fingerprint();
    for (let i = 0; i < 3; i++) expect(Number.isFinite(learner.observe(x, i).loss)).toBe(true);
    expect(learner.fingerprint(), JSON.stringify(variant)).not.toBe(before);
    learner.close();
  }
});

test("the learners of a recipe start as the same network", () => {
  const recipe = readRecipe(changed("learners.other", { rule: "sgd", terms: ["l2"] }));
  const [a, b] = ["plain", "other"].map((name) => learnerFromRecipe(recipe, name, shape));
  const x = new Float32Array(784).fill(0.5);
  expect([...a.predict(x)]).toEqual([...b.predict(x)]);
  expect(() => learnerFromRecipe(recipe, "third", shape)).toThrow('learner "third", must be one of other, plain');
});

test("a learner's network may differ from that of the others in what the learner says", () => {
  const recipe = readRecipe(changed("learners.other", { rule: "sgd", network: { layerNorm: true, hidden: [5] } }));
  expect(recipe.learners.other.network).toEqual({ hidden: [5], layerNorm: true });
  const [plain, other] = ["plain", "other"].map((name) => learnerFromRecipe(recipe, name, shape).network);
  expect(other.population("hidden1").size).toBe(5);
  expect(other.population("hidden1").norm?.kind).toBe("layer");
  expect(plain.population("hidden1").size).not.toBe(5);
  expect(plain.population("hidden1").norm).toBeUndefined();
});

test("a policy that does not suit the network is told before a run, and a layer that there is is known", () => {
  const maps = (groups: number) =>
    [2, 4].map((channels) => ({ kind: "conv", channels: 2 * channels, kernel: 3, groups }));
  const read = (options: object, network: object) =>
    readRecipe(changed("learners.plain", { rule: "sgd", network, structure: [{ kind: "dropin", ...options }] }));
  expect(() => read({ how: "split" }, { layerNorm: true })).toThrow(
    "recipe: learners.plain: split in hidden1: it is normalised",
  );
  expect(() => read({ how: "tiny" }, { hidden: [...maps(1), 9] })).toThrow(
    "tiny in hidden1: input-hidden1 is not dense",
  );
  const parted = { hidden: [maps(1)[0], maps(4)[1]] };
  expect(() => read({ how: "paired" }, parted)).toThrow("paired in hidden1: hidden1-hidden2 has groups");
  expect(() => read({ form: "between" }, parted)).toThrow("its channels listen in groups");
  read({ how: "paired" }, { hidden: maps(1) });
  read({ where: "hidden3" }, { hidden: [5, 4, 3] });
});

test("inputs are normalised with a decay, or a decay and an epsilon", () => {
  const read = (inputNormalisation: unknown) =>
    learnerFromRecipe(readRecipe(changed("network.inputNormalisation", inputNormalisation)), "plain", shape).network;
  expect(read(0.9).inputNorm!.options).toEqual({ decay: 0.9, epsilon: 1e-5 });
  expect(read({ epsilon: 0.1, decay: 0.9 }).inputNorm!.options).toEqual({ decay: 0.9, epsilon: 0.1 });
});

test("the recipes that come along are whole", () => {
  for (const name of builtInRecipes) expect(builtInRecipe(name).name).toBe(name);
  expect(() => builtInRecipe("first-live")).toThrow(
    'recipe "first-live": neither a file nor one of first-life, did you mean "first-life"?',
  );
});

test("what only the engine knows to be wrong, and what JSON cannot show, are told with their place too", () => {
  const told = (change: object) => {
    try {
      readRecipe({ ...small, ...change });
    } catch (error) {
      return error as Error;
    }
    return undefined;
  };
  const preset = { rule: "sgd", structure: [{ kind: "neuroplasticity", preset: "mine" }] };
  const circle: { self?: object } = {};
  circle.self = circle;
  const errors = [{ learners: { a: preset } }, { seed: 3n }, { batch: { size: 3n } }, { batch: circle }].map(told);
  expect(errors.map((error) => error?.name)).toEqual(errors.map(() => "RecipeError"));
  expect(errors.map((error) => error?.message)).toEqual([
    expect.stringMatching(/^recipe: learners\.a\.structure\[0\]: neuroplasticity: preset is "mine": one of ours, /),
    expect.stringMatching(/^recipe: seed: is "3n", must be an integer from 0/),
    expect.stringMatching(/^recipe: batch: is \{"size":"3n"\}, must be/),
    expect.stringMatching(/^recipe: batch: is object, must be/),
  ]);
});
