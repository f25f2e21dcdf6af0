import type { App } from "./app.ts";
import { type CommandLine, readCommand } from "./commands.ts";
import type { NewScreen } from "./screen.ts";

/** What a line typed behind `:` is to do. */
type Meant =
  | { does: "command"; command: string }
  | { does: "push"; screen: NewScreen }
  /** Back to the nearest screen of a kind, with a command for it. */
  | { does: "unwind"; kind: string; command?: string }
  | { does: "refuse"; why: string };

/** Reads such a line; undefined where it is blank. */
export function meantBy(text: string, app: Pick<App, "readonly" | "stack">): Meant | undefined {
  if (text.trim() === "") return undefined;
  const line = readCommand(text);
  if ("unknown" in line) {
    return { does: "refuse", why: `there is no :${line.unknown}; ? shows what there is` };
  }
  return wordMeans(line, app);
}

function wordMeans(
  { word, argument }: CommandLine,
  { readonly, stack }: Pick<App, "readonly" | "stack">,
): Meant {
  switch (word) {
    case "quit":
    case "help":
    case "reveal":
    case "wide":
      return { does: "command", command: word };
    case "sort":
      return { does: "command", command: `sort-${argument.toUpperCase()}` };
    case "goto":
      return { does: "command", command: `goto ${argument}` };
    case "open":
      if (argument === "") return { does: "refuse", why: ":open takes a path" };
      return pushed("checkpoints", { path: argument });
    case "checkpoints":
      return { does: "unwind", kind: "checkpoints" };
    case "checkpoint":
      if (readonly) return { does: "refuse", why: "--readonly makes no checkpoints" };
      return pushed("new-checkpoint", { target: argument });
    case "nodes": {
      const known = argument === "" && stack.some(({ kind }) => kind === "nodes");
      if (known) return { does: "unwind", kind: "nodes" };
      return pushed("nodes", { context: argument || null });
    }
    default:
      return { does: "unwind", kind: "checkpoint", command: `tab-${word}` };
  }
}

const pushed = (kind: string, argument: unknown): Meant => ({
  does: "push",
  screen: { kind, argument },
});
