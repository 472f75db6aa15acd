/**
 * Ctrl-C. The first asks the run to stop where nothing is lost; the second ends the process at once, which loses only what
 * was learned since the last snapshot.
 */

/** npm passes a Ctrl-C on that the terminal has already sent: two signals within this many milliseconds are one. */
const ECHO = 400;

export interface Interrupt {
  /** Aborts at the first Ctrl-C (or SIGTERM). */
  readonly signal: AbortSignal;
  /** Leaves Ctrl-C to Node again. */
  release(): void;
}

/** Listens for Ctrl-C until released. `told` is called at the first one. */
export function interruptible(told: () => void): Interrupt {
  const controller = new AbortController();
  let since = 0;
  const heard = () => {
    if (controller.signal.aborted) {
      if (Date.now() - since > ECHO) process.exit(130);
      return;
    }
    since = Date.now();
    controller.abort();
    told();
  };
  process.on("SIGINT", heard);
  process.on("SIGTERM", heard);
  return {
    signal: controller.signal,
    release() {
      process.off("SIGINT", heard);
      process.off("SIGTERM", heard);
    },
  };
}
