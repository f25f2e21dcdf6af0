import type { Command, Option } from "commander";
import type { Position } from "./position.ts";

/** A word that may stand at the cursor. */
export interface Candidate {
  word: string;
  about?: string | undefined;
}

/** What the shell has to do beside offering words: bits of cobra's, which kubectl hands on. */
export const directives = { files: 0, noSpace: 2, noFiles: 4, folders: 16 } as const;

/** Names that only a kubeconfig or a cluster can tell. */
export type NameKind =
  | "namespace"
  | "context"
  | "cluster"
  | "user"
  | "node"
  | "container"
  | "target";

/** What completes a place: words of ours, names to be asked for, or files. */
type Source =
  | { words: Candidate[] }
  | { names: NameKind }
  | { directive: (typeof directives)[keyof typeof directives] };

const nameOptions: Readonly<Record<string, NameKind>> = {
  "--namespace <name>": "namespace",
  "--namespace-for-fetch <name>": "namespace",
  "--context <name>": "context",
  "--cluster <name>": "cluster",
  "--user <name>": "user",
  "--node <name>": "node",
  "--container <name>": "container",
};
/** Placeholders of what lies on a disk. */
const fileNames = new Set(["archive", "path", "before", "after", "json", "log", "file", "where"]);

/** Names that an option takes which only a kubeconfig or a cluster can tell. */
export function namesOfOption({
  long,
  flags,
}: Pick<Option, "long" | "flags">): NameKind | undefined {
  return nameOptions[`${long} ${/<.*>/.exec(flags)?.[0]}`];
}

/** The same of a command's arguments. */
export function namesOfArguments(command: Command): NameKind | undefined {
  return { checkpoint: "target" as const, node: "node" as const }[command.name()];
}

/** Where the words for a place come from. */
export function sourceFor({ command, wanted }: Position): Source {
  switch (wanted.kind) {
    case "command":
      return { words: command.commands.map((below) => about(below.name(), below.description())) };
    case "flag":
      return { words: flagsOf(command) };
    case "value":
      return valueSource(wanted.option);
    case "argument": {
      const { argChoices } = wanted.argument;
      if (argChoices !== undefined) return { words: argChoices.map((word) => ({ word })) };
      const names = namesOfArguments(command);
      if (names !== undefined) return { names };
      const isFile = fileNames.has(wanted.argument.name());
      return { directive: isFile ? directives.files : directives.noFiles };
    }
    default:
      return { directive: directives.noFiles };
  }
}

function valueSource(option: Option): Source {
  if (option.argChoices !== undefined) {
    return { words: option.argChoices.map((word) => ({ word })) };
  }
  const names = namesOfOption(option);
  if (names !== undefined) return { names };
  const [, name = ""] = /<(.*)>/.exec(option.flags) ?? [];
  if (name === "dir") return { directive: directives.folders };
  return { directive: fileNames.has(name) ? directives.files : directives.noFiles };
}

function flagsOf(command: Command): Candidate[] {
  const flags = command.options.map(({ long, short, description }) =>
    about(long ?? short ?? "", description),
  );
  return [...flags, about("--help", "show help")];
}

function about(word: string, text: string): Candidate {
  return { word, about: text };
}
