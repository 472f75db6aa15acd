/**
 * Renewal: plasticity comes back with a change of the world. A new season begins:
 *
 *   the step size is at its peak again (../season.ts);
 *   the readout, the last layer, returns to its birth;
 *   where inputs are unfamiliar so does the first layer, `youth` times as long as it was (short weights turn fast);
 *   the layers between keep their directions, and are rejuvenated (../../renewal/renewal.ts).
 *
 * So what is common to all that was seen stays, and what was of the last season goes. Hidden layers should be normalised: only there can
 * weights lose their length and keep their meaning; others are left as they are. Nothing is born, nothing dies.
 *
 * It is kept unless the trial speaks against it for sure: a layer that begins anew has a few dozen examples to show what it is worth, and the
 * twin has all that it knew. So the trial is a safeguard against false alarms. Another one comes before it: where inputs are as before, the loss of what
 * was held out since then must surely have risen, too. Losses that scatter widely surge by chance; then the milder awakening (awakening.ts) is tried.
 */
import type { Announce } from "../../policy.ts";
import { rejuvenate, returnToBirth } from "../../renewal/renewal.ts";
import type { Proposal, Situation } from "./proposal.ts";

/** Standard errors by which the loss of what was held out must be above what it was. */
const SURELY = 3;

export const renewal: Proposal = {
  name: "renewal",
  propose(situation) {
    const { turn, options, risen } = situation;
    if (!turn) return undefined;
    const elsewhere = turn.familiarity < options.familiar;
    if (!elsewhere && risen !== undefined && risen <= SURELY) return undefined;
    return {
      why: `inputs are ${elsewhere ? "unfamiliar" : "as before"}, the loss went from ${turn.slow.toFixed(2)} to ${turn.fast.toFixed(2)}`,
      evidence: { ...turn },
      burden: -1,
      apply: (announce) => renew(situation, elsewhere, announce),
    };
  },
};

function renew({ life, occasion, options, season }: Situation, elsewhere: boolean, announce: Announce): void {
  const { network } = life;
  const first = network.populations[1];
  for (const population of network.populations.slice(1)) {
    const last = population === network.outputs;
    const tell = (treatment: string) => announce({ type: "treated", ...occasion, treatment, of: population.name });
    if (last ? options.readout : population === first && elsewhere) {
      returnToBirth(network, population, last ? 1 : options.youth);
      tell("returned to birth");
    } else if (!last && population.norm) {
      rejuvenate(network, population);
      tell("rejuvenated");
    }
  }
  season.begin();
}
