import { expect, test } from "vitest";
import { type Applicant, agrawal, agrawalFunctions } from "./agrawal.ts";

const somebody: Applicant = {
  salary: 60_000,
  commission: 20_000,
  age: 30,
  education: 1,
  car: 0,
  zipcode: 4,
  house: 500_000,
  years: 10,
  loan: 200_000,
};

// Worked by hand from the paper's table of functions.
test.each<[number, Partial<Applicant>, boolean]>([
  [0, { age: 39 }, true],
  [0, { age: 40 }, false],
  [0, { age: 59 }, false],
  [0, { age: 60 }, true],
  [1, { age: 30, salary: 50_000 }, true],
  [1, { age: 30, salary: 100_001 }, false],
  [1, { age: 50, salary: 74_999 }, false],
  [1, { age: 50, salary: 125_000 }, true],
  [1, { age: 70, salary: 75_000 }, true],
  [1, { age: 70, salary: 76_000 }, false],
  [2, { age: 30, education: 1 }, true],
  [2, { age: 30, education: 2 }, false],
  [2, { age: 50, education: 0 }, false],
  [2, { age: 50, education: 3 }, true],
  [2, { age: 70, education: 1 }, false],
  [2, { age: 70, education: 4 }, true],
  [3, { age: 30, education: 0, salary: 30_000 }, true],
  [3, { age: 30, education: 3, salary: 30_000 }, false],
  [3, { age: 50, education: 2, salary: 60_000 }, true],
  [3, { age: 50, education: 4, salary: 60_000 }, false],
  [3, { age: 50, education: 4, salary: 120_000 }, true],
  [3, { age: 70, education: 2, salary: 90_000 }, true],
  [3, { age: 70, education: 0, salary: 90_000 }, false],
  [4, { age: 30, salary: 60_000, loan: 150_000 }, true],
  [4, { age: 30, salary: 40_000, loan: 150_000 }, false],
  [4, { age: 30, salary: 40_000, loan: 350_000 }, true],
  [4, { age: 50, salary: 90_000, loan: 250_000 }, true],
  [4, { age: 50, salary: 60_000, loan: 250_000 }, false],
  [4, { age: 50, salary: 60_000, loan: 450_000 }, true],
  [4, { age: 70, salary: 60_000, loan: 450_000 }, true],
  [4, { age: 70, salary: 90_000, loan: 450_000 }, false],
  [4, { age: 70, salary: 90_000, loan: 150_000 }, true],
  [5, { age: 30, salary: 45_000, commission: 10_000 }, true],
  [5, { age: 30, salary: 45_000, commission: 60_000 }, false],
  [5, { age: 70, salary: 60_000, commission: 20_000 }, false],
  [6, { salary: 60_000, commission: 0, loan: 99_000 }, true], // 40,000 - 19,800 - 20,000
  [6, { salary: 60_000, commission: 0, loan: 101_000 }, false],
  [7, { salary: 60_000, commission: 0, education: 3 }, true], // 40,000 - 15,000 - 20,000
  [7, { salary: 52_000, commission: 0, education: 3 }, false], // 34,667 - 35,000
  [8, { salary: 60_000, commission: 0, education: 2, loan: 99_000 }, true], // 40,000 - 10,000 - 19,800 - 10,000
  [8, { salary: 60_000, commission: 0, education: 2, loan: 101_000 }, false],
  [9, { salary: 30_000, commission: 0, education: 3, years: 20 }, false], // 20,000 - 15,000 + 0 - 10,000
  [9, { salary: 30_000, commission: 0, education: 3, years: 21, house: 500_000 }, true], // and 50,000 / 5
])("function %d of %j: %s", (concept, what, member) => {
  expect(agrawalFunctions[concept]({ ...somebody, ...what })).toBe(member);
});

/** The applicant that an input shows. */
function shown(x: Float32Array): Applicant {
  const which = (from: number, to: number) => {
    const part = [...x.subarray(from, to)];
    expect(part.reduce((a, b) => a + b)).toBe(1);
    return part.indexOf(1);
  };
  return {
    salary: 20_000 + 130_000 * x[0],
    commission: 75_000 * x[1],
    age: Math.round(20 + 60 * x[2]),
    education: which(3, 8),
    car: which(8, 28),
    zipcode: which(28, 37),
    house: 1_350_000 * x[37],
    years: Math.round(1 + 29 * x[38]),
    loan: 500_000 * x[39],
  };
}

test.each(agrawalFunctions.map((member, concept) => ({ concept, member })))(
  "concept $concept: the class is the function of what is shown",
  ({ concept, member }) => {
    for (const balance of [false, true]) {
      const { at } = agrawal({ seed: 1, concept, balance });
      let different = 0;
      let ones = 0;
      for (let n = 0; n < 1000; n++) {
        const { x, y } = at(n);
        if (member(shown(x)) !== (y === 1)) different++; // somebody on a threshold, to within float32
        ones += y as number;
      }
      expect(different).toBeLessThan(3);
      if (balance) expect(Math.abs(ones / 1000 - 0.5)).toBeLessThan(0.064); // four standard errors
    }
  },
);

test("attributes are in their ranges, with and without perturbation", () => {
  for (const perturbation of [0, 0.3]) {
    const { at } = agrawal({ seed: 1, perturbation });
    const ages = new Set<number>();
    for (let n = 0; n < 3000; n++) {
      const { x } = at(n);
      expect(x.every((value) => value >= 0 && value <= 1)).toBe(true);
      const { salary, commission, age, zipcode, house } = shown(x);
      ages.add(age);
      if (perturbation === 0) expect(commission === 0).toBe(salary >= 75_000);
      if (commission > 0) expect(commission).toBeGreaterThan(9999);
      const worth = house / (9 - zipcode) / 100_000;
      expect(worth > 0.4999 && worth < 1.5001).toBe(true);
    }
    expect(ages.size).toBe(61);
    expect([Math.min(...ages), Math.max(...ages)]).toEqual([20, 80]);
  }
});

test("a perturbation shifts what is shown, not the class", () => {
  const [plain, shaken] = [0, 0.05].map((perturbation) => agrawal({ seed: 1, concept: 6, perturbation }));
  let farthest = 0;
  for (let n = 0; n < 1000; n++) {
    const { x, y } = plain.at(n);
    const { salary } = shown(x);
    const other = shaken.at(n);
    expect(other.y).toBe(y);
    farthest = Math.max(farthest, Math.abs(shown(other.x).salary - salary));
  }
  expect(farthest).toBeGreaterThan(6000); // of 0.05 times 130,000
  expect(farthest).toBeLessThan(6501);
});

test("there are ten functions", () => {
  expect(() => agrawal({ seed: 1, concept: 10 })).toThrow("concept is 10, must be an integer from 0 to 9");
});
