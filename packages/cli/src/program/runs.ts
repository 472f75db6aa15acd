/** The commands that make runs and look at them. */
import { Argument, type Command, Option } from "commander";
import { biography } from "../commands/biography.ts";
import { learn } from "../commands/learn.ts";
import { list } from "../commands/list.ts";
import { live } from "../commands/live.ts";
import { report } from "../commands/report.ts";
import { resume } from "../commands/resume.ts";
import { show } from "../commands/show.ts";
import { verifyRuns } from "../commands/verify.ts";
import { json, out, whole } from "../options.ts";
import type { Does } from "./program.ts";

const A_RUN = "its id, the beginning of its id, or its folder";

export function addRuns(program: Command, does: Does): void {
  program.commandsGroup("Live and learn:");
  program
    .command("learn")
    .description("learn a table of your own, row by row: CSV, NDJSON, Parquet, NumPy")
    .argument("<file>", "the table")
    .requiredOption("--target <column>", "the column to predict")
    .option("--classify", "take the target's numbers for classes")
    .option("--regress", "take the target's numbers for values")
    .addOption(
      new Option("--missing <what>", "what an empty cell in a column of numbers is")
        .choices(["mean", "zero", "error"])
        .default("mean"),
    )
    .option("--save <recipe.json>", "write the recipe to a file too")
    .option("--open", "open the report in the browser")
    .addOption(new Option("--seed <n>", "another seed").argParser(whole(0)))
    .addOption(out())
    .addOption(json())
    .action(does(learn));
  program
    .command("live")
    .description("live a recipe: learn from its stream, first item to last")
    .argument("<recipe>", "a JSON, YAML or TypeScript file, or a recipe that comes along: first-life")
    .addOption(new Option("--tasks <n>", "another number of tasks, where the stream has them").argParser(whole(1)))
    .addOption(new Option("--seed <n>", "another seed").argParser(whole(0)))
    .option(
      "--dry-run",
      "let policies only say what they would do, and why: it changes no bit; refused where one has no dryRun",
    )
    .addOption(out())
    .addOption(json())
    .action(does(live));
  program
    .command("resume")
    .description("go on with a run, or with a sweep, that was stopped or killed")
    .argument("<run>", `${A_RUN}; or the name of a sweep's protocol`)
    .addOption(workers())
    .addOption(out())
    .addOption(json())
    .action(does(resume));

  program.commandsGroup("Look at runs:");
  program
    .command("ls")
    .description("the runs there are; of many of one name, how they stand together")
    .argument("[name]", "list each run whose name begins so")
    .addOption(out())
    .addOption(json())
    .action(does(list));
  program
    .command("show")
    .description("what became of a run")
    .argument("<run>", A_RUN)
    .addOption(out())
    .addOption(json())
    .action(does(show));
  program
    .command("report")
    .description("write a run's report.html again, or its numbers as Markdown, CSV or Parquet")
    .argument("<run>", A_RUN)
    .option("--markdown <file>", "write the report as Markdown")
    .option("--csv <file>", "write every window's numbers as CSV")
    .option("--parquet <file>", "the same as Parquet")
    .option("--picture <file>", "write the curves as SVG")
    .option("--open", "open the report in the browser")
    .addOption(out())
    .addOption(json())
    .action(does(report));
  program
    .command("biography")
    .description('tell one neuron\'s life, from a run whose recipe says "events": "all"; or what was decided')
    .argument("<run>", A_RUN)
    .addArgument(new Argument("[neuron]", "its id; without one: every decision of the run").argParser(whole(0)))
    .option("--learner <name>", "whose (default: the only one)")
    .addOption(out())
    .addOption(json())
    .action(does(biography));
  program
    .command("verify")
    .description("live runs a second time and compare every bit")
    .argument("<run...>", A_RUN)
    .addOption(out())
    .addOption(json())
    .action(does(verifyRuns));
}

/** How many runs at a time. */
export function workers(): Option {
  return new Option("--workers <n>", "runs at a time (default: one a core)").argParser(whole(1));
}
