/** One word of the `:` command line. */
interface CommandWord {
  name: string;
  aliases: readonly string[];
  help: string;
  /** What it takes, as help shows it. */
  takes?: string;
  /** It cannot be shortened: a longer word begins with it. */
  whole?: true;
}

/** The words of the command line. Tabs are found by the names of their screens. */
export const commandWords: readonly CommandWord[] = [
  { name: "checkpoints", aliases: ["cp", "list"], help: "the list of checkpoints" },
  {
    name: "checkpoint",
    aliases: ["new"],
    takes: "POD",
    help: "checkpoint NAMESPACE/POD/CONTAINER through its kubelet",
    whole: true,
  },
  { name: "nodes", aliases: ["no"], takes: "CONTEXT", help: "nodes, and which can checkpoint" },
  { name: "summary", aliases: ["su"], help: "summary of the checkpoint" },
  { name: "processes", aliases: ["ps", "proc"], help: "its processes" },
  { name: "memory", aliases: ["maps", "mem"], help: "mappings of a process" },
  { name: "images", aliases: ["img"], help: "every member of the archive" },
  { name: "files", aliases: ["fds"], help: "open files" },
  { name: "sockets", aliases: ["sock"], help: "sockets" },
  { name: "mounts", aliases: ["mnt"], help: "mounts" },
  { name: "rootfs", aliases: ["fs", "diff"], help: "changed and deleted files" },
  { name: "logs", aliases: ["log"], help: "container log and dump log" },
  { name: "audit", aliases: ["findings"], help: "what an audit finds" },
  { name: "secrets", aliases: [], help: "secrets, each with its places" },
  { name: "restore", aliases: ["plan"], help: "will it come back, and where" },
  { name: "open", aliases: ["o", "cd"], takes: "PATH", help: "open an archive or a folder" },
  { name: "goto", aliases: ["g"], takes: "ADDRESS", help: "go to an address in memory" },
  { name: "sort", aliases: [], takes: "COLUMN", help: "sort the list" },
  { name: "reveal", aliases: [], help: "show or mask secrets" },
  { name: "wide", aliases: [], help: "more or fewer columns" },
  { name: "help", aliases: ["h", "?"], help: "the keys" },
  { name: "quit", aliases: ["q", "q!", "exit"], help: "quit" },
];

/** A command line, read. */
export interface CommandLine {
  word: string;
  argument: string;
}

/** Reads a command line; a name may be shortened as long as one word is meant. */
export function readCommand(text: string): CommandLine | { unknown: string } {
  const [typed = "", ...rest] = text.trim().split(/\s+/);
  const argument = rest.join(" ");
  const exact = commandWords.find(({ name, aliases }) => name === typed || aliases.includes(typed));
  if (exact !== undefined) return { word: exact.name, argument };
  const meant = commandWords.filter(
    ({ name, whole }) => typed !== "" && whole !== true && name.startsWith(typed),
  );
  return meant.length === 1 ? { word: meant[0]?.name ?? "", argument } : { unknown: typed };
}

/** Words that a half-typed command line may become, in the order of the table. */
export function completions(text: string): string[] {
  if (/\s/.test(text)) return [];
  const names = commandWords.flatMap(({ name, aliases }) => [name, ...aliases]);
  return names.filter((name) => name.startsWith(text) && name !== text);
}
