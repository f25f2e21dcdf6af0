import type { CommandWords, FlagWords } from "./tree.ts";

export function zshScript(commands: readonly CommandWords[]): string {
  const verbs = commands
    .map(({ name, description }) => `    '${name}:${quoted(description).replaceAll(":", "\\:")}'`)
    .join("\n");
  const cases = commands.map(commandCase).join("\n");
  return `#compdef cryoscope
# Names of a kubeconfig or of a cluster, which the program itself has to be asked for.
_cryoscope_ask() {
  local -a answer whole open
  answer=("\${(@f)$(cryoscope __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  answer=("\${(@)answer[1,-2]%%$'\\t'*}")
  open=("\${(@M)answer:#*/}")
  whole=("\${(@)answer:#*/}")
  (( $#whole )) && compadd -a whole
  (( $#open )) && compadd -S '' -a open
}
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

function commandCase({ spellings, flags, choices, asked, subcommands }: CommandWords): string {
  const specs = flags.flatMap(flagSpecs).map((spec) => `        ${spec}`);
  const files = asked ? "'*:name:_cryoscope_ask'" : "'*:file:_files'";
  const rest = choices.length > 0 ? `'*:shell:(${choices.join(" ")})'` : files;
  // The verb is the first argument.
  if (subcommands.length > 0) specs.push(`        '2:command:(${subcommands.join(" ")})'`);
  return `    ${spellings.join("|")})
      _arguments \\
${[...specs, `        ${rest}`].join(" \\\n")} ;;`;
}

function flagSpecs({
  long,
  short,
  description,
  takesValue,
  choices,
  folder,
  asked,
}: FlagWords): string[] {
  const text = quoted(description).replaceAll("[", "\\[").replaceAll("]", "\\]");
  let value = "";
  if (takesValue) {
    value = `:value:${action({ choices, folder, asked })}`;
  }
  return [short, long]
    .filter((word): word is string => word !== undefined)
    .map((word) => `'${word}[${text}]${value}'`);
}

function action({
  choices,
  folder,
  asked,
}: Pick<FlagWords, "choices" | "folder" | "asked">): string {
  if (choices.length > 0) return `(${choices.join(" ")})`;
  if (asked) return "_cryoscope_ask";
  return folder ? "_files -/" : "_files";
}

/** Text for the inside of single quotes. */
function quoted(text: string): string {
  return text.replaceAll("'", "'\\''");
}
