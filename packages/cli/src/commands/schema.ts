/** `plastica schema`: JSON Schema of recipes, for editors. It is JSON either way; `--json` puts it on one line. */
import { recipeJsonSchema } from "@plastica/lab";
import { print, say } from "../output.ts";

export function schema({ json }: { json?: boolean }): number {
  if (json) say(recipeJsonSchema());
  else print(JSON.stringify(recipeJsonSchema(), null, 2));
  return 0;
}
