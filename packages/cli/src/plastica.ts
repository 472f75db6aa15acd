#!/usr/bin/env node
/**
 * The command `plastica`. Each subcommand is a file in commands/ that returns an exit code: 0 all is well, 1 it failed, 2 it was
 * asked wrongly, 130 it was interrupted.
 */
import { engineVersion } from "@plastica/lab";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { list } from "./commands/list.ts";
import { live } from "./commands/live.ts";
import { report } from "./commands/report.ts";
import { resume } from "./commands/resume.ts";
import { show } from "./commands/show.ts";
import { verifyRun } from "./commands/verify.ts";
import { failed } from "./failure.ts";

const out = () => new Option("--out <folder>", "where runs are kept").default("runs");
const json = () => new Option("--json", "one JSON object instead of words");

function whole(least: number): (text: string) => number {
  return (text) => {
    const n = Number(text);
    if (!Number.isSafeInteger(n) || n < least) throw new InvalidArgumentError(`It must be an integer from ${least}.`);
    return n;
  };
}

let code = 0;
const does = <T extends unknown[]>(action: (...values: T) => number | Promise<number>) => {
  return async (...values: T) => {
    code = await action(...values);
  };
};

const program = new Command("plastica")
  .description("Networks that never stop learning.")
  .version(engineVersion())
  .exitOverride()
  .showSuggestionAfterError()
  .configureHelp({ sortSubcommands: false });

program
  .command("live")
  .description("live a recipe: learn from its stream, first item to last")
  .argument("<recipe>", "a JSON file, or the name of a recipe that comes along: first-life")
  .addOption(new Option("--tasks <n>", "another number of tasks").argParser(whole(1)))
  .addOption(new Option("--seed <n>", "another seed").argParser(whole(0)))
  .addOption(out())
  .addOption(json())
  .action(does(live));

program
  .command("resume")
  .description("go on with a run that was stopped or killed")
  .argument("<run>", "its id, the beginning of its id, or its folder")
  .addOption(out())
  .addOption(json())
  .action(does(resume));

program
  .command("show")
  .description("what became of a run")
  .argument("<run>", "its id, the beginning of its id, or its folder")
  .addOption(out())
  .addOption(json())
  .action(does(show));

program
  .command("report")
  .description("write a run's report.html again")
  .argument("<run>", "its id, the beginning of its id, or its folder")
  .addOption(out())
  .option("--picture <file>", "write the accuracy curves to an SVG file too")
  .action(does(report));

program.command("ls").description("the runs there are").addOption(out()).addOption(json()).action(does(list));

program
  .command("verify")
  .description("live a run a second time and compare every bit")
  .argument("<run>", "its id, the beginning of its id, or its folder")
  .addOption(out())
  .addOption(json())
  .action(does(verifyRun));

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) code = error.exitCode === 0 ? 0 : 2;
  else code = failed(error);
}
process.exitCode = code;
