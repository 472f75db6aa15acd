/**
 * Even classes, for generators whose concepts make one class rarer than the other. Whether item `n` is to be of class 0 or 1 is a
 * fair coin's throw; inputs are then drawn until they are of that class. Try `a` of item `n` has its own address, so that nothing
 * hangs on the items before.
 *
 * Where we differ from river: there the classes take turns, which a learner can learn instead of the concept.
 */
import { derive, integer, type Key } from "plastica";

/**
 * @param draw writes the input that the draws at `n` of that key give, and returns its class, 0 or 1. Either must occur
 * @returns the class of item `n`, whose input has been written
 */
export function balanced(from: Key, balance: boolean, draw: (from: Key, n: number) => number): (n: number) => number {
  const tries = [derive(from, "try", 0)];
  if (!balance) return (n) => draw(tries[0], n);
  const coin = derive(from, "class");
  return (n) => {
    const wanted = integer(coin, n, 2);
    for (let a = 0; ; a++) {
      tries[a] ??= derive(from, "try", a);
      if (draw(tries[a], n) === wanted) return wanted;
    }
  };
}
