/** The scripts of `plastica completion`, one a shell. Words that only a run of the command knows are asked of it. */
import type { CommandText } from "../commands/completion.ts";

type Script = (commands: readonly CommandText[]) => string;

export const scripts: Readonly<Record<string, Script>> = { bash, zsh, fish };

/** The one argument of a shell command, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function bash(commands: readonly CommandText[]): string {
  const cases = commands.map(({ name, options, choices, takesArgument, takesFiles }) => {
    const flags = options.map(({ flag }) => flag);
    const files = options.filter(({ takes }) => takes === "file").map(({ flag }) => flag);
    const texts = options.filter(({ takes }) => takes === "text").map(({ flag }) => flag);
    const asked = takesArgument ? `"$(plastica __complete ${name} 2>/dev/null)"` : "''";
    return `    ${name})
      flags=${quoted(flags.join(" "))} files=${quoted(files.join(" "))} texts=${quoted(texts.join(" "))}
      [[ $word == -* ]] || words=${choices.length > 0 ? quoted(choices.join(" ")) : asked}
      any=${takesFiles ? "-f" : "''"} ;;`;
  });
  const names = [...commands.map(({ name }) => name), "--help", "--version"];
  return `# Completion of plastica in bash. Put it to use with: source <(plastica completion bash)
_plastica() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} flags='' files='' texts='' words='' any=''
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W ${quoted(names.join(" "))} -- "$word"))
    return
  fi
  case \${COMP_WORDS[1]} in
${cases.join("\n")}
  esac
  if [[ " $files " == *" $before "* ]]; then COMPREPLY=($(compgen -f -- "$word"))
  elif [[ " $texts " == *" $before "* ]]; then return
  elif [[ $word == -* ]]; then COMPREPLY=($(compgen -W "$flags --help" -- "$word"))
  else COMPREPLY=($(compgen -W "$words" $any -- "$word")); fi
}
complete -o filenames -F _plastica plastica
`;
}

function zsh(commands: readonly CommandText[]): string {
  const described = (text: string) => text.replaceAll(/[[\]:]/g, " ");
  const cases = commands.map(({ name, options, choices, takesArgument, takesFiles }) => {
    const flags = options.map(({ flag, about, takes }) => {
      const value = { nothing: "", file: ":file:_files", text: ":value: " }[takes];
      return quoted(`${flag}[${described(about)}]${value}`);
    });
    const words =
      choices.length > 0 ? `(${choices.join(" ")})` : `_plastica_words ${name}${takesFiles ? " files" : ""}`;
    const argument = takesArgument ? [quoted(`*:argument:${words}`)] : [];
    return `    ${name}) _arguments ${[...flags, ...argument].join(" ")} ;;`;
  });
  const list = commands.map(({ name, about }) => `    ${quoted(`${name}:${described(about)}`)}`);
  return `#compdef plastica
# Completion of plastica in zsh. Put it to use with: source <(plastica completion zsh)
_plastica_words() {
  local -a found
  found=(\${(f)"$(plastica __complete $1 2>/dev/null)"})
  compadd -a found
  [[ -n $2 ]] && _files
}
_plastica() {
  local -a commands
  commands=(
${list.join("\n")}
  )
  if ((CURRENT == 2)); then _describe command commands; return; fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
${cases.join("\n")}
  esac
}
compdef _plastica plastica
`;
}

function fish(commands: readonly CommandText[]): string {
  const lines = commands.flatMap(({ name, about, options, choices, takesArgument, takesFiles }) => {
    const here = `-n '__fish_seen_subcommand_from ${name}'`;
    const words = choices.length > 0 ? choices.join(" ") : `(plastica __complete ${name} 2>/dev/null)`;
    return [
      `complete -c plastica -n __fish_use_subcommand -f -a ${name} -d ${quoted(about)}`,
      ...options.map(({ flag, about, takes }) => {
        const value = { nothing: "", file: " -r -F", text: " -x" }[takes];
        return `complete -c plastica ${here} -l ${flag.replace(/^--/, "")}${value} -d ${quoted(about)}`;
      }),
      ...(takesArgument ? [`complete -c plastica ${here}${takesFiles ? "" : " -f"} -a ${quoted(words)}`] : []),
    ];
  });
  return `# Completion of plastica in fish. Put it to use with: plastica completion fish | source
${lines.join("\n")}
`;
}
