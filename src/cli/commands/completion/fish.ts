import type { CommandWords, FlagWords } from "./tree.ts";

export function fishScript(commands: readonly CommandWords[]): string {
  const lines = ["# fish completion for cryoscope"];
  for (const { name, spellings, description, flags, choices, asked, subcommands } of commands) {
    lines.push(
      `complete -c cryoscope -n __fish_use_subcommand -f -a ${name} -d ${quoted(description)}`,
    );
    const condition = `'__fish_seen_subcommand_from ${spellings.join(" ")}'`;
    if (choices.length > 0) {
      lines.push(`complete -c cryoscope -n ${condition} -f -a ${quoted(choices.join(" "))}`);
    }
    if (asked) lines.push(`complete -c cryoscope -n ${condition} -f -a ${names}`);
    if (subcommands.length > 0) {
      lines.push(`complete -c cryoscope -n ${condition} -a ${quoted(subcommands.join(" "))}`);
    }
    lines.push(...flags.map((flag) => flagLine(flag, condition)));
  }
  return `${lines.join("\n")}\n`;
}

function flagLine(flag: FlagWords, condition: string): string {
  const words = [
    flag.short === undefined ? "" : ` -s ${flag.short.slice(1)}`,
    flag.long === undefined ? "" : ` -l ${flag.long.slice(2)}`,
    flag.takesValue ? " -r" : "",
    flag.asked ? ` -f -a ${names}` : "",
    flag.choices.length > 0 ? ` -f -a ${quoted(flag.choices.join(" "))}` : "",
    ` -d ${quoted(flag.description)}`,
  ];
  return `complete -c cryoscope -n ${condition}${words.join("")}`;
}

/** Names of a kubeconfig or of a cluster, which the program itself has to be asked for. */
const names =
  "'(cryoscope __complete (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null | string match -v -r \"^:\\d+\\$\")'";

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
