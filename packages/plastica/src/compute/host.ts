/**
 * The only file that knows where it runs. Everything the engine asks of its host is here: making memory that threads
 * can share, starting a thread. What a host cannot do is answered by undefined, and the engine does without.
 */

interface NodeProcess {
  getBuiltinModule?(name: string): unknown;
}
interface Thread {
  terminate(): unknown;
  unref?(): void;
}
interface ThreadModule {
  Worker: new (source: string, options: { eval: true; workerData: unknown }) => Thread;
}

const nodeThreads = (): ThreadModule | undefined =>
  (globalThis as { process?: NodeProcess }).process?.getBuiltinModule?.("node:worker_threads") as
    | ThreadModule
    | undefined;

/** Memory that threads can share, or undefined where the host does not allow it (a page that is not cross-origin isolated). */
export function sharedMemory(initial: number, maximum: number): WebAssembly.Memory | undefined {
  const isolated = (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated;
  if (typeof SharedArrayBuffer === "undefined" || (isolated === false && !nodeThreads())) return undefined;
  return new WebAssembly.Memory({ initial, maximum, shared: true });
}

/**
 * Starts a thread that runs `main(data)`, where `main` is a function that uses nothing outside itself. Undefined where the
 * host has no threads. The thread does not keep the process alive.
 */
export function startThread<T>(main: (data: T) => void, data: T): { stop(): void } | undefined {
  const threads = nodeThreads();
  if (threads) {
    const source = `(${main.toString()})(process.getBuiltinModule("node:worker_threads").workerData)`;
    const thread = new threads.Worker(source, { eval: true, workerData: data });
    thread.unref?.();
    return { stop: () => void thread.terminate() };
  }
  if (typeof Worker === "undefined") return undefined;
  const source = `onmessage = (event) => (${main.toString()})(event.data)`;
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const thread = new Worker(url);
  thread.postMessage(data);
  return { stop: () => (thread.terminate(), URL.revokeObjectURL(url)) };
}
