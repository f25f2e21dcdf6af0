import type { CommandWords, FlagWords } from "./tree.ts";

/**
 * Files are left to bash itself (`-o default`): it knows how to quote their spaces, and the colons
 * of the kubelet's names, at which it splits words.
 */
export function bashScript(commands: readonly CommandWords[]): string {
  const names = commands.map(({ name }) => name).join(" ");
  const cases = commands.map(commandCase).join("\n");
  return `# bash completion for cryoscope
# Names of a kubeconfig or of a cluster, which the program itself has to be asked for.
_cryoscope_ask() {
  local answer
  answer=$(cryoscope __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null) || return
  case \${answer##*:} in 2|6) compopt -o nospace 2>/dev/null ;; esac
  # Not by compgen -W, which would run what is written in a name.
  mapfile -t COMPREPLY < <(sed '$d' <<<"$answer" | cut -f1)
}
_cryoscope() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} verb="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in -*) ;; *) verb=$word; break ;; esac
  done
  COMPREPLY=()
  case $verb in
    "") ${wordReply(`${names} --help --version`)} ;;
${cases}
  esac
}
complete -o bashdefault -o default -F _cryoscope cryoscope
`;
}

function commandCase({
  spellings: verbs,
  flags,
  choices,
  asked,
  subcommands,
}: CommandWords): string {
  const values = flags
    .filter(({ takesValue }) => takesValue)
    .map((flag) => `        ${flagSpellings(flag).join("|")}) ${valueReply(flag)}; return ;;`);
  const words = flags.flatMap(flagSpellings).join(" ");
  const named = [...choices, ...subcommands];
  const reply = asked ? "_cryoscope_ask" : wordReply(named.join(" "));
  const rest = asked || named.length > 0 ? `        *) ${reply} ;;\n` : "";
  return `    ${verbs.join("|")})
      case $prev in
${values.length === 0 ? "        '') ;;" : values.join("\n")}
      esac
      case $cur in
        -*) ${wordReply(words)} ;;
${rest}      esac ;;`;
}

function valueReply({ choices, folder, asked }: FlagWords): string {
  if (asked) return "_cryoscope_ask";
  if (choices.length > 0) return wordReply(choices.join(" "));
  return folder ? `compopt -o dirnames 2>/dev/null` : ":";
}

function wordReply(words: string): string {
  return `COMPREPLY=($(compgen -W "${words}" -- "$cur"))`;
}

function flagSpellings({ long, short }: FlagWords): string[] {
  return [short, long].filter((word): word is string => word !== undefined);
}
