/**
 * `plastica completion SHELL`: a script by which the shell completes commands, options and, by asking `plastica __complete`,
 * the names of runs, protocols, streams and recipes. It is made of the program's own tree of commands.
 */
import { builtInRecipes, protocols, runIds, streamKinds } from "@plastica/lab";
import type { Command } from "commander";
import { print, say } from "../output.ts";
import { scripts } from "../program/completion-scripts.ts";

export const SHELLS: string[] = Object.keys(scripts);

export function complete(program: Command, shell: string, { json }: { json?: boolean }): number {
  const script = scripts[shell](treeOf(program));
  if (json) say({ shell, script });
  else print(script.trimEnd());
  return 0;
}

/** What a shell has to know of a command. */
export interface CommandText {
  readonly name: string;
  readonly about: string;
  readonly options: readonly {
    readonly flag: string;
    readonly about: string;
    readonly takes: "nothing" | "file" | "text";
  }[];
  /** The words that its argument can be; asked of `plastica __complete` where there are none. */
  readonly choices: readonly string[];
  readonly takesArgument: boolean;
  /** It can be a file or a folder. */
  readonly takesFiles: boolean;
}

function treeOf(program: Command): CommandText[] {
  return program.commands
    .filter((command) => !command.name().startsWith("__"))
    .map((command) => ({
      name: command.name(),
      about: command.description(),
      options: command.options.map(({ long, flags, description }) => ({
        flag: long ?? flags,
        about: description,
        takes: !flags.includes("<") ? "nothing" : /<(file|folder|recipe\.json)>/.test(flags) ? "file" : "text",
      })),
      choices: command.registeredArguments[0]?.argChoices ?? [],
      takesArgument: command.registeredArguments.length > 0,
      takesFiles: command.registeredArguments.some(({ description }) => /file|folder|table/.test(description)),
    }));
}

/** `plastica __complete COMMAND`: the words that its argument can be, a line each. Nothing where only files fit. */
export function candidates(command: string, { out, json }: { out: string; json?: boolean }): number {
  const found = wordsFor(command, out);
  if (json) say(found);
  else print(...found);
  return 0;
}

function wordsFor(command: string, out: string): string[] {
  switch (command) {
    case "run":
    case "protocols":
      return Object.keys(protocols);
    case "streams":
      return Object.keys(streamKinds);
    case "live":
      return [...builtInRecipes];
    case "resume":
    case "show":
    case "report":
    case "biography":
    case "verify":
    case "compare":
    case "ls": {
      const ids = runIds(out);
      const names = ids.map((id) => id.replace(/-[0-9a-f]{8}$/, ""));
      const shared = names.filter((name, i) => names.indexOf(name) !== i);
      return [...new Set(shared), ...ids];
    }
    default:
      return [];
  }
}
