import { describe, expect, test } from "vitest";
import { SnapshotError } from "../../../errors.ts";

import type { Moment } from "../../policy.ts";
import { freeze, places as synapses } from "../../synapses.ts";
import { singularAbove } from "../linear-algebra.ts";
import { smallLife, unseen } from "../testing.ts";
import { activityOf } from "./activity.ts";
import type { Demand, Watch } from "./criterion.ts";
import { effectiveDimension } from "./effective-dimension.ts";
import { criteria } from "./index.ts";
import { newClass } from "./new-class.ts";
import { plateau } from "./plateau.ts";
import { resetProbe } from "./reset-probe.ts";
import { saturation } from "./saturation.ts";
import { schedule } from "./schedule.ts";

const examples = unseen(60, 2000);
const judge = (watch: Watch, step = 1): Demand[] => watch.judge({ step, examples });
const named = (demands: Demand[]) => demands.map(({ population }) => population?.name);

/** An update with that loss and these labels. */
function moment(step: number, loss: number, ys: number[] = [0]): Moment {
  return { step, loss, examples: ys.length, seen: { count: ys.length, xs: new Float32Array(7 * ys.length), ys } };
}

test.each(Object.values(criteria).map((make) => make()))(
  "$name changes nothing, and is taken up again",
  (criterion) => {
    const [learner, heir] = [smallLife(), smallLife()];
    const before = learner.fingerprint();
    const [watch, other] = [learner, heir].map((life) => criterion.watch(life));
    for (let step = 1; step < 30; step++)
      for (const one of [watch, other]) one.sense?.(moment(step, 1 / step, [step % 3]));
    const first = judge(watch, 30);
    expect(learner.fingerprint()).toBe(before);
    other.load(JSON.parse(JSON.stringify(watch.save())));
    const asked = (one: Watch) => judge(one, 31).map((demand) => ({ ...demand, population: demand.population?.name }));
    expect(asked(other)).toEqual(asked(watch));
    for (const demand of first) {
      expect(demand.score).toBeGreaterThan(0);
      expect(Object.values(demand.evidence).every(Number.isFinite)).toBe(true);
    }
    if (criterion.looks) expect(() => watch.judge({ step: 1, examples: undefined })).toThrow("looks at examples");
    if (watch.save() !== null) expect(() => watch.load("nonsense")).toThrow(SnapshotError);
  },
);

describe("effective dimension", () => {
  test("is the number of singular values of A / sqrt(n) above the threshold; what is above gamma times the first share is born", () => {
    const learner = smallLife({ widths: [12, 20] });
    const watch = effectiveDimension({ gamma: 0.75 }).watch(learner);
    const first = judge(watch);
    learner.evaluate(examples);
    const population = learner.network.population("hidden1");
    const a = activityOf(population, 60);
    const outputs = population.outputs(60);
    expect(a.data[3 * 60 + 5]).toBeCloseTo(outputs[5 * 12 + 3] / Math.sqrt(60), 10);
    const dimension = singularAbove(a, 0.01);
    const demand = first.find((one) => one.population === population)!;
    expect(demand.evidence["effective dimension"]).toBe(dimension);
    expect(demand.count).toBe(Math.max(1, Math.floor(dimension - 0.75 * dimension)));
  });

  test("neurons that do what others do are not counted: then nobody is asked for", () => {
    const learner = smallLife({ widths: [6, 8] });
    const watch = effectiveDimension({ gamma: 0.9 }).watch(learner);
    expect(named(judge(watch))).toContain("hidden1");
    const { columns } = learner.network.projections[0];
    for (let row = 0; row < 7; row++)
      for (let lane = 1; lane < 6; lane++) columns.set("w", row, lane, columns.get("w", row, 0));
    learner.network.population("hidden1").columns.unpack("bias", new Float32Array(6));
    expect(named(judge(watch))).not.toContain("hidden1");
  });
});

describe("plateau", () => {
  const run = (losses: (step: number) => number, options = {}) => {
    const watch = plateau({ patience: 10, ...options }).watch(smallLife());
    const asked: number[] = [];
    for (let step = 1; step <= 60; step++) {
      watch.sense!(moment(step, losses(step)));
      if (judge(watch, step).length > 0) asked.push(step);
    }
    return asked;
  };

  test("a falling loss asks for nobody, one that stays does, a low one does not", () => {
    expect(run((step) => 0.9 ** step)).toEqual([]);
    expect(run(() => 1)[0]).toBe(20);
    expect(run(() => 0.005)).toEqual([]);
    expect(run(() => 0.005, { floor: 0.001 })[0]).toBe(20);
    expect(run((step) => (step < 35 ? 0.9 ** step : 0.5))[0]).toBe(40);
  });

  test("after a growth two stretches must pass", () => {
    const watch = plateau({ patience: 10 }).watch(smallLife());
    for (let step = 1; step <= 20; step++) watch.sense!(moment(step, 1));
    expect(judge(watch)).toHaveLength(1);
    watch.settle!();
    for (let step = 21; step <= 39; step++) watch.sense!(moment(step, 1));
    expect(judge(watch)).toEqual([]);
    watch.sense!(moment(40, 1));
    expect(judge(watch)[0].evidence).toEqual({ loss: 1, "loss before": 1 });
  });
});

describe("saturation", () => {
  test("of representation: all dimensions are in use", () => {
    const learner = smallLife({ widths: [3, 5] });
    const [demand] = judge(saturation({ representation: 0.9, plasticity: 1 }).watch(learner));
    expect(demand.population!.name).toBe("hidden1");
    expect(demand.evidence.representation).toBe(1);
    expect(demand.why).toContain("100 % of its dimensions");
  });

  test("of plasticity: neurons stand still, or get no signal", () => {
    const learner = smallLife({ widths: [4, 20] });
    const watch = saturation({ representation: 1, plasticity: 0.75 }).watch(learner);
    expect(named(judge(watch))).not.toContain("hidden2");
    const [, projection] = learner.network.projections;
    const three = [...Array(synapses(projection)).keys()].filter((place) => place % 20 < 16);
    freeze(learner.network, projection, three, { step: 40, cause: "test" });
    const demand = judge(watch).find(({ population }) => population!.name === "hidden2")!;
    expect(demand.evidence["not plastic"]).toBeGreaterThanOrEqual(0.8);
    expect(demand.why).toContain("do not learn");
  });
});

describe("reset probe", () => {
  test("a network that gets on with what it sees is not behind a fresh one; one that is dead is", () => {
    const learner = smallLife({ widths: [16, 12] });
    for (let i = 0; i < 100; i++) learner.practise(examples);
    const watch = resetProbe({ steps: 20 }).watch(learner);
    watch.sense!(moment(1, 1, new Array(60).fill(0)));
    expect(judge(watch)).toEqual([]);
    learner.network.population("hidden2").columns.unpack("bias", new Float32Array(12).fill(-50));
    const [demand] = judge(watch);
    expect(demand.evidence.fresh).toBeLessThan(demand.evidence.present);
    expect(demand.score).toBeGreaterThan(1);
  });

  test("as many layers are fresh as was said", () => {
    const learner = smallLife({ widths: [16, 12] });
    learner.network.population("hidden1").columns.unpack("bias", new Float32Array(16).fill(-50));
    expect(judge(resetProbe({ steps: 120, margin: 0.05, layers: 1 }).watch(learner))).toEqual([]);
    expect(judge(resetProbe({ steps: 120, margin: 0.05, layers: 3 }).watch(learner))).toHaveLength(1);
  });
});

test("schedule: from its start to its end", () => {
  const watch = schedule({ start: 10, end: 20 }).watch(smallLife());
  expect([9, 10, 20, 21].map((step) => judge(watch, step).length)).toEqual([0, 1, 1, 0]);
});

test("new class: labels that come together are one demand, and one that comes later another", () => {
  const watch = newClass({ together: 5 }).watch(smallLife());
  watch.sense!(moment(1, 1, [0]));
  expect(judge(watch)[0].evidence).toEqual({ labels: 1, since: 1 });
  watch.settle!();
  watch.sense!(moment(3, 1, [1, 0]));
  expect(judge(watch)).toEqual([]);
  watch.sense!(moment(50, 1, [0, 1]));
  expect(judge(watch)).toEqual([]);
  watch.sense!(moment(51, 1, [2]));
  expect(judge(watch)[0].evidence).toEqual({ labels: 3, since: 51 });
});

test("options out of their range are refused by name", () => {
  expect(() => effectiveDimension({ gamma: 2 })).toThrow("effective-dimension: gamma is 2");
  expect(() => plateau({ patience: 0 })).toThrow("plateau: patience is 0");
  expect(() => saturation({ plasticity: 0 })).toThrow("saturation: plasticity is 0");
  expect(() => resetProbe({ steps: 0 })).toThrow("reset-probe: steps is 0");
  expect(() => schedule({ start: 5, end: 4 })).toThrow("schedule: end is 4");
  expect(() => newClass({ together: -1 })).toThrow("new-class: together is -1");
});
