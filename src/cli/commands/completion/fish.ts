import type { CommandWords } from "./tree.ts";

export function fishScript(commands: readonly CommandWords[]): string {
  const lines = ["# fish completion for cryoscope"];
  for (const { name, spellings, description, flags, choices, subcommands } of commands) {
    lines.push(
      `complete -c cryoscope -n __fish_use_subcommand -f -a ${name} -d ${quoted(description)}`,
    );
    const condition = `'__fish_seen_subcommand_from ${spellings.join(" ")}'`;
    if (choices.length > 0) {
      lines.push(`complete -c cryoscope -n ${condition} -f -a ${quoted(choices.join(" "))}`);
    }
    if (subcommands.length > 0) {
      lines.push(`complete -c cryoscope -n ${condition} -a ${quoted(subcommands.join(" "))}`);
    }
    for (const flag of flags) {
      const words = [
        flag.short === undefined ? "" : ` -s ${flag.short.slice(1)}`,
        flag.long === undefined ? "" : ` -l ${flag.long.slice(2)}`,
        flag.takesValue ? " -r" : "",
        flag.choices.length > 0 ? ` -f -a ${quoted(flag.choices.join(" "))}` : "",
        ` -d ${quoted(flag.description)}`,
      ];
      lines.push(`complete -c cryoscope -n ${condition}${words.join("")}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
