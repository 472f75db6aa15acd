/** Lives at the edges: values that are tiny, masked, normalised or given by rules of one's own. */
import { describe, expect, it } from "vitest";
import { backprop } from "../credit/backprop.ts";
import { squaredError } from "../credit/losses.ts";
import { unsupervised } from "../credit/unsupervised.ts";
import { DivergenceError } from "../errors.ts";
import { relu } from "../network/neurons.ts";
import { dense, sequential } from "../network/sequential.ts";
import { hebb, oja, rule, sgd, shrinkAndPerturb, upgd, weightClipping } from "../rules/index.ts";
import { neuroplasticity } from "../structure/cycle/neuroplasticity.ts";
import { rigl } from "../structure/turnover/rigl.ts";
import { live } from "./learner.ts";

const credit = backprop({ loss: squaredError() });

describe("a life", () => {
  it("gives costly lane values the fan-in they read", () => {
    const own = rule("own", { hyper: { lr: 0.1 } }, ({ w, pre, post, fanIn, lr }) => ({
      w: w.add(lr.mul(pre).mul(post.div(fanIn))),
    }));
    const net = sequential({ inputs: 4, seed: 1 }, [dense(3)]);
    const before = net.projections[0].columns.packed("w");
    const learner = live(net, { credit, rule: own() });
    const { outputs } = learner.observe([1, 2, 3, 4], [0, 0, 0]);
    const after = net.projections[0].columns.packed("w");
    for (let i = 0; i < 12; i++) {
      const pre = 1 + Math.floor(i / 3);
      expect(after[i]).toBeCloseTo(before[i] + (0.1 * pre * outputs[i % 3]) / 4, 5);
    }
  });

  it("stays finite under UPGD when no weight is of any use", () => {
    const learner = live(sequential({ inputs: 1, seed: 1 }, [dense(1)]), { credit, rule: upgd() });
    for (let i = 0; i < 5; i++) expect(Number.isFinite(learner.observe([1e-36], [-5]).loss)).toBe(true);
  });

  it("lets the statistics of an input that has gone silent come to rest", () => {
    const net = sequential({ inputs: 2, seed: 1, normaliseInputs: { decay: 0.9 } }, [dense(1)]);
    const learner = live(net, { credit, rule: sgd({ lr: 1e-3 }) });
    learner.observe([1, 1], [0]);
    for (let i = 0; i < 2000; i++) learner.observe([0, i % 2], [0]);
    expect(net.inputs.columns.packed("mean")[0]).toBe(0);
    expect(net.inputs.columns.packed("var")[0]).toBe(0);
  });

  it("clips a gain by its own one input", () => {
    const net = sequential({ inputs: 100, seed: 1 }, [dense(4, relu(), { layerNorm: true }), dense(1)]);
    const learner = live(net, { credit, rule: sgd({ lr: 0 }), terms: [weightClipping({ kappa: 2 })] });
    learner.observe(new Array(100).fill(0.1), [0]);
    expect([...net.population("hidden1").columns.packed("gain")]).toEqual([1, 1, 1, 1]);
  });

  it("that is unsupervised ends in an error, and not in silence, when it diverges", () => {
    const learner = live(sequential({ inputs: 2, seed: 1 }, [dense(3), dense(2)]), {
      credit: unsupervised(),
      rule: hebb({ lr: 1 }),
    });
    const grow = () => {
      for (let i = 0; i < 500; i++) expect(learner.observe([1, 2]).outputs.every(Number.isFinite)).toBe(true);
    };
    expect(grow).toThrow(DivergenceError);
    expect(() => learner.observe([1, 2])).toThrow("what the network says is not finite at step");
  });

  it.each([
    ["rigl", rigl(), "synapses grow where gradients are largest"],
    ["neuroplasticity", neuroplasticity({ settling: 0 }), "it watches the loss and judges by it"],
  ])("that is unsupervised is refused policies that need a loss: %s", (name, policy, why) => {
    const network = sequential({ inputs: 2, seed: 1 }, [dense(3), dense(2)]);
    const life = () => live(network, { credit: unsupervised(), rule: oja(), structure: [policy] });
    expect(life).toThrow(`${name}: ${why}, and credit without a loss`);
  });

  it("is not troubled by what an output that takes no part says", () => {
    const net = sequential({ inputs: 1, seed: 1 }, [dense(2)]);
    const learner = live(net, { credit, rule: sgd({ lr: 0 }) });
    net.projections[0].columns.unpack("w", Float32Array.of(1, 1e30));
    expect(learner.observe([1], [3, 0], { outputs: [0] }).loss).toBe(4);
  });

  it("keeps an observation as it was when a listener observes on", () => {
    const net = sequential({ inputs: 1, seed: 1 }, [dense(3, relu()), dense(2)]);
    const learner = live(net, { credit, rule: sgd({ lr: 0 }) });
    const first = learner.observe([1], [0, 0]);
    const kept = [...first.outputs];
    learner.observe([-4], [0, 0]);
    expect([...first.outputs]).toEqual(kept);
  });

  it("draws noise anew for each example that learns in turn", () => {
    const grown = (examples: number) => {
      const net = sequential({ inputs: 30, seed: 1 }, [dense(30, relu(), { bias: false })]);
      net.projections[0].columns.unpack("w", new Float32Array(900));
      const terms = [shrinkAndPerturb({ shrink: 0, noise: 1 })];
      const learner = live(net, { credit: unsupervised(), rule: oja({ lr: 0 }), terms });
      if (examples === 1) learner.observe(new Array(30).fill(1));
      else learner.observeBatch(new Array(30 * examples).fill(1));
      return Math.sqrt(net.projections[0].columns.packed("w").reduce((sum, w) => sum + w * w, 0) / 900);
    };
    expect(grown(1)).toBeCloseTo(1, 1);
    expect(grown(16)).toBeGreaterThan(3.6);
    expect(grown(16)).toBeLessThan(4.4);
  });

  it("says where learning comes from", () => {
    const net = () => sequential({ inputs: 1, seed: 1 }, [dense(1)]);
    expect(live(net(), { credit, rule: sgd() }).locality).toBe("gradient by backprop");
    expect(live(net(), { credit: unsupervised(), rule: oja() }).locality).toBe("neurons");
  });
});
