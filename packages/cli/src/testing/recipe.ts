/** Short lives in which much happens: for tests of the command, and for killing. */

const learners = {
  plain: { rule: { kind: "sgd", lr: 0.01 } },
  plastic: {
    rule: { kind: "adam" },
    terms: [{ kind: "shrink-and-perturb" }],
    structure: [{ kind: "continual-backprop", replacementRate: 0.01, maturity: 20 }],
  },
};

/** Two small learners on `tasks` tasks of `examplesPerTask` images, with births, deaths, noise, and a snapshot every so often. */
export function shortLife(tasks: number, examplesPerTask = 400): object {
  return {
    name: "short",
    stream: { kind: "permuted", dataset: "mnist", tasks, examplesPerTask },
    network: { hidden: [8, 8] },
    learners,
    snapshotEvery: 150,
    events: "all",
  };
}

/** The same on a stream of numbers, which is opened in no time. */
export function tinyLife(tasks: number, examplesPerTask = 200): object {
  return {
    name: "tiny",
    stream: { kind: "slowly-changing-regression", tasks, examplesPerTask },
    network: { hidden: [4, 4] },
    learners,
    snapshotEvery: 70,
    events: "all",
  };
}
