import type { CommandWords, FlagWords } from "./tree.ts";

export function zshScript(commands: readonly CommandWords[]): string {
  const verbs = commands
    .map(({ name, description }) => `    '${name}:${quoted(description).replaceAll(":", "\\:")}'`)
    .join("\n");
  const cases = commands.map(commandCase).join("\n");
  return `#compdef cryoscope
_cryoscope() {
  local -a verbs
  verbs=(
${verbs}
  )
  if (( CURRENT == 2 )); then
    _describe command verbs
    return
  fi
  case $words[2] in
${cases}
  esac
}
if [ "$funcstack[1]" = "_cryoscope" ]; then _cryoscope "$@"; else compdef _cryoscope cryoscope; fi
`;
}

function commandCase({ spellings, flags, choices, subcommands }: CommandWords): string {
  const specs = flags.flatMap(flagSpecs).map((spec) => `        ${spec}`);
  const rest = choices.length > 0 ? `'*:shell:(${choices.join(" ")})'` : "'*:file:_files'";
  // The verb is the first argument.
  if (subcommands.length > 0) specs.push(`        '2:command:(${subcommands.join(" ")})'`);
  return `    ${spellings.join("|")})
      _arguments \\
${[...specs, `        ${rest}`].join(" \\\n")} ;;`;
}

function flagSpecs({ long, short, description, takesValue, choices, folder }: FlagWords): string[] {
  const text = quoted(description).replaceAll("[", "\\[").replaceAll("]", "\\]");
  let value = "";
  if (takesValue) {
    const action = choices.length > 0 ? `(${choices.join(" ")})` : folder ? "_files -/" : "_files";
    value = `:value:${action}`;
  }
  return [short, long]
    .filter((word): word is string => word !== undefined)
    .map((word) => `'${word}[${text}]${value}'`);
}

/** Text for the inside of single quotes. */
function quoted(text: string): string {
  return text.replaceAll("'", "'\\''");
}
