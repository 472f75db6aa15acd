/** The commands that tell what there is. */
import { Argument, type Command } from "commander";
import { candidates, complete, SHELLS } from "../commands/completion.ts";
import { listMeasures } from "../commands/measures.ts";
import { schema } from "../commands/schema.ts";
import { listStreams } from "../commands/streams.ts";
import { json, out } from "../options.ts";
import type { Does } from "./program.ts";

export function addLists(program: Command, does: Does): void {
  program.commandsGroup("What there is:");
  program
    .command("streams")
    .description("the kinds of streams that a recipe can name, with their options")
    .argument("[kind]", "tell about one")
    .addOption(json())
    .action(does(listStreams));
  program
    .command("measures")
    .description("the numbers that runs are compared by")
    .addOption(json())
    .action(does(listMeasures));
  program.command("schema").description("JSON Schema of recipes, for editors").addOption(json()).action(does(schema));
  program
    .command("completion")
    .description("a script that makes a shell complete what is typed")
    .addArgument(new Argument("<shell>").choices(SHELLS))
    .addOption(json())
    .action(does((shell: string, options: { json?: boolean }) => complete(program, shell, options)));
  program
    .command("__complete", { hidden: true })
    .description("the words that an argument of a command can be, a line each")
    .argument("<command>")
    .addOption(out())
    .addOption(json())
    .action(does(candidates));
}
