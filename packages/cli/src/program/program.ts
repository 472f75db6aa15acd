/**
 * All commands of `plastica`. Each subcommand is a file in commands/ that returns an exit code: 0 all is well, 1 it failed,
 * 2 it was asked wrongly, 130 it was interrupted.
 */
import { engineVersion } from "@plastica/lab";
import { Command } from "commander";
import { addExperiments } from "./experiments.ts";
import { addLists } from "./lists.ts";
import { addRuns } from "./runs.ts";

const EXIT_CODES = `
Exit codes: 0 all is well; 1 it failed, or verify found another bit; 2 it was
asked wrongly; 130 it was interrupted.`;

/** Wraps what a command does, so that its exit code is kept. */
export type Does = <T extends unknown[]>(
  action: (...values: T) => number | Promise<number>,
) => (...values: T) => Promise<void>;

export interface Program {
  readonly command: Command;
  /** Does what these arguments say and returns the exit code. Throws CommanderError for what cannot be read. */
  run(args: readonly string[]): Promise<number>;
}

/** @param json errors are told as JSON by whoever runs it, not in words */
export function programFor(json = false): Program {
  let code = 0;
  const does: Does =
    (action) =>
    async (...values) => {
      code = await action(...values);
    };
  const command = new Command("plastica")
    .description("Networks that never stop learning.")
    .version(engineVersion())
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText("after", EXIT_CODES);
  if (json) command.configureOutput({ writeErr: () => {} });
  addRuns(command, does);
  addExperiments(command, does);
  addLists(command, does);
  command.helpCommand("help [command]", "how a command is used");
  return {
    command,
    async run(args) {
      await command.parseAsync(args, { from: "user" });
      return code;
    },
  };
}
