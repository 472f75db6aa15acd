/** A short life in which much happens: for tests of the command, and for killing. */

/** Two small learners on `tasks` tasks of `examplesPerTask` images, with births, deaths, noise, and a snapshot every so often. */
export function shortLife(tasks: number, examplesPerTask = 400): object {
  return {
    name: "short",
    stream: { kind: "permuted-mnist", tasks, examplesPerTask },
    network: { hidden: [8, 8] },
    learners: {
      plain: { rule: { kind: "sgd", lr: 0.01 } },
      plastic: {
        rule: { kind: "adam" },
        terms: [{ kind: "shrink-and-perturb" }],
        structure: [{ kind: "continual-backprop", replacementRate: 0.01, maturity: 20 }],
      },
    },
    snapshotEvery: 150,
    events: "all",
  };
}
