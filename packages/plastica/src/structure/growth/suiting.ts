/** Whether births suit a network, asked when a policy is attached, and not only where one would end a life: at the first birth. */
import type { Network } from "../../network/network.ts";
import { mustHaveAMiddle } from "../layers.ts";
import type { Form } from "./dropin-options.ts";
import type { Way } from "./ways/way.ts";
import { populationsAt } from "./where.ts";

/** Throws ShapeError or ValueError where there is a population, of those in which neurons may be born, that this cannot be done with. */
export function mustSuit(network: Network, where: string, way: Way, form: Form = "neurons"): void {
  for (const population of populationsAt(network, where)) {
    if (form === "between") mustHaveAMiddle(network.outgoing(population)[0]);
    else way.mustSuit?.(network, population);
  }
}
