import type { CommandWords, FlagWords } from "./tree.ts";

export function bashScript(commands: readonly CommandWords[]): string {
  const names = commands.map(({ name }) => name).join(" ");
  const cases = commands.map(commandCase).join("\n");
  return `# bash completion for cryoscope
_cryoscope() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} verb="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in -*) ;; *) verb=$word; break ;; esac
  done
  COMPREPLY=()
  case $verb in
    "") COMPREPLY=($(compgen -W "${names} --help --version" -- "$cur")) ;;
${cases}
  esac
}
complete -o filenames -o bashdefault -F _cryoscope cryoscope
`;
}

function commandCase({ name, flags, choices }: CommandWords): string {
  const values = flags
    .filter(({ takesValue }) => takesValue)
    .map((flag) => `        ${spellings(flag).join("|")}) ${valueReply(flag)}; return ;;`);
  const words = flags.flatMap(spellings).join(" ");
  const rest =
    choices.length > 0
      ? `$(compgen -W "${choices.join(" ")}" -- "$cur")`
      : '$(compgen -f -- "$cur")';
  return `    ${name})
      case $prev in
${values.length === 0 ? "        '') ;;" : values.join("\n")}
      esac
      case $cur in
        -*) COMPREPLY=($(compgen -W "${words}" -- "$cur")) ;;
        *) COMPREPLY=(${rest}) ;;
      esac ;;`;
}

function valueReply({ choices, folder }: FlagWords): string {
  if (choices.length > 0) return `COMPREPLY=($(compgen -W "${choices.join(" ")}" -- "$cur"))`;
  return `COMPREPLY=($(compgen ${folder ? "-d" : "-f"} -- "$cur"))`;
}

function spellings({ long, short }: FlagWords): string[] {
  return [short, long].filter((word): word is string => word !== undefined);
}
