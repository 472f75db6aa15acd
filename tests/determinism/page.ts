/** The program in a browser: in the page itself or in a worker, as the address says. Leaves its answer in `globalThis.told`. */
import { lives } from "./life.ts";

interface Question {
  readonly threads: number;
  readonly where: string | null;
}

/** Runs the lives here, wherever that is. */
async function answer({ threads }: Question): Promise<object> {
  try {
    return { ...(await lives(threads)), isolated: globalThis.crossOriginIsolated };
  } catch (error) {
    return { error: error instanceof Error ? `${error}\n${error.stack}` : String(error) };
  }
}

if (typeof document === "undefined") {
  addEventListener("message", (event: MessageEvent<Question>) => {
    void answer(event.data).then((told) => postMessage(told));
  });
} else {
  const asked = new URLSearchParams(location.search);
  const question = { threads: Number(asked.get("threads")), where: asked.get("where") };
  const tell = (told: object) => Object.assign(globalThis, { told });
  if (question.where === "worker") {
    const worker = new Worker(new URL("page.js", location.href), { type: "module" });
    worker.addEventListener("message", (event: MessageEvent<object>) => tell(event.data));
    worker.addEventListener("error", (event) => tell({ error: event.message }));
    worker.postMessage(question);
  } else void answer(question).then(tell);
}
