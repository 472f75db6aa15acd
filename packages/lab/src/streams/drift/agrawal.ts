/**
 * Agrawal: people who ask for a loan, described by nine attributes, and ten functions that say who belongs to group A. Class 1 is
 * group A. What is drawn, and what a network gets of it:
 *
 *     salary      uniform, 20,000 to 150,000                                     1 input, 0 to 1
 *     commission  0 where the salary is 75,000 or more, else 10,000 to 75,000    1 input, of 75,000
 *     age         20 to 80, whole                                                1 input, 0 to 1
 *     education   level 0 to 4                                                   5 inputs, of which one is 1
 *     car         one of 20 makers                                               20 inputs, of which one is 1
 *     zipcode     one of 9                                                       9 inputs, of which one is 1
 *     house       its value: (9 - zipcode) 100,000 times 0.5 to 1.5              1 input, of 1,350,000
 *     years       it has been owned: 1 to 30, whole                              1 input, 0 to 1
 *     loan        uniform, 0 to 500,000                                          1 input, 0 to 1
 *
 * in this order, 40 inputs in all. With a perturbation `p` each number is shifted, after its owner's group has been found, by up to
 * `p` times its range either way, and kept within it.
 *
 * Agrawal, Imielinski and Swami (1993), "Database mining: a performance perspective", doi:10.1109/69.250074; functions 1 to 10
 * there are concepts 0 to 9 here, as in river. Where we differ from river: class 1 is group A for all functions (there it is group B
 * for 6 to 9); function 4 compares the loan throughout, as the paper does (there the salary in places); commission ends at 75,000,
 * as in the paper (there at 85,000); attributes are scaled and one-hot, as a network needs them.
 */
import { derive, integer, key, uniform } from "plastica";
import { whole } from "../../options/checks.ts";
import { streamKind } from "../kind.ts";
import { balanced } from "./balance.ts";
import { type Concept, conceptDrift } from "./concept-drift.ts";
import { driftShape, flag, mustBeInteger, mustBeShare, scheduleOf, share } from "./options.ts";

/** Somebody who asks for a loan: money in dollars, age and years in years, the rest numbered from 0. */
export interface Applicant {
  salary: number;
  commission: number;
  age: number;
  education: number;
  car: number;
  zipcode: number;
  house: number;
  years: number;
  loan: number;
}

const within = (value: number, low: number, high: number) => low <= value && value <= high;
const thousands = (value: number, low: number, high: number) => within(value, low * 1000, high * 1000);
/** Of three things that of the young (under 40), the middle-aged and the old (from 60). */
const byAge = <T>({ age }: Applicant, young: T, middle: T, old: T) => (age < 40 ? young : age < 60 ? middle : old);
const income = ({ salary, commission }: Applicant) => (2 * (salary + commission)) / 3;

/** Who is in group A. */
export const agrawalFunctions: readonly ((who: Applicant) => boolean)[] = [
  ({ age }) => age < 40 || age >= 60,
  (who) => thousands(who.salary, byAge(who, 50, 75, 25), byAge(who, 100, 125, 75)),
  (who) => within(who.education, byAge(who, 0, 1, 2), byAge(who, 1, 3, 4)),
  (who) => {
    const typical = within(who.education, byAge(who, 0, 1, 2), byAge(who, 1, 3, 4));
    const low = typical ? byAge(who, 25, 50, 50) : byAge(who, 50, 75, 25);
    return thousands(who.salary, low, low + 50);
  },
  (who) => {
    const typical = thousands(who.salary, byAge(who, 50, 75, 25), byAge(who, 100, 125, 75));
    const low = typical ? byAge(who, 100, 200, 300) : byAge(who, 200, 300, 100);
    return thousands(who.loan, low, low + 200);
  },
  (who) => thousands(who.salary + who.commission, byAge(who, 50, 75, 25), byAge(who, 100, 125, 75)),
  (who) => income(who) - who.loan / 5 - 20_000 > 0,
  (who) => income(who) - 5000 * who.education - 20_000 > 0,
  (who) => income(who) - 5000 * who.education - who.loan / 5 - 10_000 > 0,
  (who) => {
    const equity = (who.house * Math.max(who.years - 20, 0)) / 10;
    return income(who) - 5000 * who.education + equity / 5 - 10_000 > 0;
  },
];

export interface AgrawalOptions {
  seed: number;
  /** 0 to 9. Default: 0. */
  concept?: number;
  /** Both classes equally often. Default: false. */
  balance?: boolean;
  /** How far numbers are shifted, in shares of their ranges, 0 to 1. Default: 0. */
  perturbation?: number;
}

/** 40 inputs, 2 classes. Throws ValueError for an option out of its range. */
export function agrawal({ seed, concept = 0, balance = false, perturbation = 0 }: AgrawalOptions): Concept {
  mustBeInteger("concept", concept, 0, agrawalFunctions.length - 1);
  mustBeShare("perturbation", perturbation);
  const inGroupA = agrawalFunctions[concept];
  const base = key(seed, "agrawal");
  const shifts = derive(base, "perturbation");
  const item = { x: new Float32Array(40), y: 0 };
  const who: Applicant = {
    salary: 0,
    commission: 0,
    age: 0,
    education: 0,
    car: 0,
    zipcode: 0,
    house: 0,
    years: 0,
    loan: 0,
  };
  const classOf = balanced(base, balance, (draws, n) => {
    const at = 9 * n;
    who.salary = 20_000 + 130_000 * uniform(draws, at);
    who.commission = who.salary >= 75_000 ? 0 : 10_000 + 65_000 * uniform(draws, at + 1);
    who.age = 20 + integer(draws, at + 2, 61);
    who.education = integer(draws, at + 3, 5);
    who.car = integer(draws, at + 4, 20);
    who.zipcode = integer(draws, at + 5, 9);
    who.house = (9 - who.zipcode) * 100_000 * (0.5 + uniform(draws, at + 6));
    who.years = 1 + integer(draws, at + 7, 30);
    who.loan = 500_000 * uniform(draws, at + 8);
    return inGroupA(who) ? 1 : 0;
  });

  /** Number `i` of item `n`, shifted; it is one from `low` to `high`. */
  function shifted(value: number, low: number, high: number, n: number, i: number): number {
    const shift = (high - low) * (2 * uniform(shifts, 6 * n + i) - 1) * perturbation;
    return Math.max(low, Math.min(high, value + shift));
  }

  function perturb(n: number): void {
    const worth = (9 - who.zipcode) * 100_000;
    who.salary = shifted(who.salary, 20_000, 150_000, n, 0);
    if (who.commission > 0) who.commission = shifted(who.commission, 10_000, 75_000, n, 1);
    who.age = Math.round(shifted(who.age, 20, 80, n, 2));
    who.house = shifted(who.house, 0.5 * worth, 1.5 * worth, n, 3);
    who.years = Math.round(shifted(who.years, 1, 30, n, 4));
    who.loan = shifted(who.loan, 0, 500_000, n, 5);
  }

  return {
    inputs: 40,
    outputs: 2,
    target: "class",
    at(n) {
      item.y = classOf(n);
      if (perturbation > 0) perturb(n);
      show(who, item.x);
      return item;
    },
  };
}

function show(who: Applicant, x: Float32Array): void {
  x.fill(0);
  x[0] = (who.salary - 20_000) / 130_000;
  x[1] = who.commission / 75_000;
  x[2] = (who.age - 20) / 60;
  x[3 + who.education] = 1;
  x[8 + who.car] = 1;
  x[28 + who.zipcode] = 1;
  x[37] = who.house / 1_350_000;
  x[38] = (who.years - 1) / 29;
  x[39] = who.loan / 500_000;
}

export const agrawalKind = streamKind(
  "Agrawal: nine attributes of loan applicants and ten functions of them; concepts 0 to 9.",
  {
    ...driftShape(whole(0, 9), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
    balance: flag.default(false),
    perturbation: share.default(0),
  },
  ({ balance, perturbation, ...options }, context) =>
    conceptDrift(
      options.concepts.map((concept) => agrawal({ seed: context.seed, concept, balance, perturbation })),
      scheduleOf(options, context),
    ),
);
