/** The commands that make many runs and hold them against each other. */
import { type Command, Option } from "commander";
import { compareRuns } from "../commands/compare.ts";
import { listProtocols } from "../commands/protocols.ts";
import { run } from "../commands/run.ts";
import { json, out, seeds, whole, words } from "../options.ts";
import type { Does } from "./program.ts";
import { workers } from "./runs.ts";

export function addExperiments(program: Command, does: Does): void {
  program.commandsGroup("Compare methods:");
  program
    .command("protocols")
    .description("the published experiments that come along, and what a seed of each costs on this machine")
    .argument("[name]", "tell all about one, and measure what it costs")
    .option("--costs", "measure what each costs, where that is not known yet")
    .addOption(out())
    .addOption(json())
    .action(does(listProtocols));
  program
    .command("run")
    .description("run a protocol: its methods, each with many seeds, and compare them")
    .argument("<protocol>", "its name: see `plastica protocols`")
    .addOption(new Option("--methods <a,b>", "only these (default: all)").argParser(words))
    .addOption(new Option("--seeds <n>", "how many, 20, or which, 3..7 (default: as published)").argParser(seeds))
    .addOption(new Option("--tasks <n>", "another number of tasks, for a shorter look").argParser(whole(1)))
    .addOption(workers())
    .addOption(out())
    .addOption(json())
    .action(does(run));
  program
    .command("compare")
    .description("hold runs against each other, method by method, and write a report")
    .argument("<run...>", "ids, folders, or names that several runs share")
    .option("--measure <name>", "what is compared: see `plastica measures` (default: what the protocol says)")
    .option("--html <file>", "where to write the report")
    .option("--markdown <file>", "write it as Markdown too")
    .option("--csv <file>", "write each run's numbers as CSV too")
    .option("--parquet <file>", "write each window's numbers as Parquet too")
    .option("--open", "open the report in the browser")
    .addOption(out())
    .addOption(json())
    .action(does(compareRuns));
}
