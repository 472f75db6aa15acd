/** A run beside the publication whose protocol it follows. */
import { measureNamed } from "../metrics/measure.ts";
import type { RunState } from "../runs/run.ts";
import type { Ring } from "./charts/lines.ts";
import type { Fit } from "./fit.ts";
import { details, section, table } from "./html.ts";
import { type Beside, besideTable, publishedText, sourceNote } from "./published.ts";
import type { Lives } from "./vitals.ts";

/** The section on a run's page: a row for each published number of a method that is here; those of others are behind a click. */
export function besidePublished(state: RunState, fit: Fit | undefined): string {
  if (fit === undefined || fit.protocol.published.length === 0) return "";
  const { protocol, methods } = fit;
  const named = new Map(Object.entries(methods).map(([learner, method]) => [method, learner]));
  const all = protocol.published.map((published): Beside => {
    const learner = named.get(published.method);
    if (learner === undefined) return { published, name: published.method, ours: undefined };
    const name = learner === published.method ? learner : `${learner} (${published.method})`;
    return { published, name, ours: measureNamed(published.measure).of(state.learners[learner]) };
  });
  const [here, others] = [true, false].map((is) => all.filter(({ published }) => named.has(published.method) === is));
  const text = `This run follows a published protocol: ${protocol.title}. ${protocol.differs ?? ""} One run is one seed: a small difference says nothing.`;
  return section(
    "Beside what was published",
    text,
    here.length === 0 ? "" : table(besideTable(here)),
    others.length === 0 ? "" : details("Published for other methods", table(besideTable(others))),
    sourceNote(protocol),
  );
}

/** Published first and last values as rings on the curves of the methods that are here. */
export function ringsOf(lives: Lives, fit: Fit | undefined): Ring[] {
  if (fit === undefined || lives.learners.length === 0) return [];
  const { quantity, byTask } = lives.course;
  const methods = new Set(Object.values(fit.methods));
  const [first, end] = byTask ? [1, lives.windows] : [lives.examples / Math.max(1, lives.windows), lives.examples];
  return fit.protocol.published.flatMap((published): Ring[] => {
    const at = { [`first-${quantity}`]: first, [`end-${quantity}`]: end }[published.measure];
    if (at === undefined || !methods.has(published.method)) return [];
    return [{ x: at, y: published.value, label: `published, ${published.method}: ${publishedText(published)}` }];
  });
}
