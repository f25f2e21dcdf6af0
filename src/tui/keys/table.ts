import type { Scope } from "./binding.ts";
import { endMoves, rowMoves, sideMoves } from "./moves.ts";

/**
 * The key table. Keys, help and the hints of the bottom line are all made from it. Within a screen
 * the scopes are asked in order, the general ones last.
 */
export const everywhere: Scope = {
  title: "Everywhere",
  bindings: [
    { keys: ["esc"], command: "escape", help: "close the prompt, clear the filter, go back" },
    { keys: ["backspace"], command: "back", help: "go back" },
    { keys: ["q"], command: "quit-or-back", help: "go back; on the first screen, quit" },
    { keys: ["?", "f1"], command: "help", help: "these keys", hint: "help" },
    { keys: [":"], command: "command-line", help: "command line with completion", hint: "go" },
    { keys: ["-"], command: "last-view", help: "the screen before this one" },
    { keys: ["ctrl-r"], command: "refresh", help: "read again" },
    { keys: ["v"], command: "reveal", help: "show or mask secrets" },
    { keys: ["c"], command: "copy", help: "copy what is under the cursor (OSC 52)" },
    { keys: ["ctrl-s"], command: "save", help: "save what is under the cursor (0600)" },
    { keys: ["ctrl-l"], command: "redraw", help: "draw the screen anew" },
    { keys: ["ctrl-z"], command: "suspend", help: "suspend; fg brings it back" },
    { keys: ["ctrl-c"], command: "quit", help: "quit" },
  ],
};

export const listKeys: Scope = {
  title: "Lists",
  bindings: [
    ...rowMoves,
    ...endMoves,
    ...sideMoves,
    {
      keys: ["/"],
      command: "filter",
      help: "filter: a regular expression, ! before it inverts",
      hint: "filter",
    },
    { keys: ["ctrl-w"], command: "wide", help: "more or fewer columns" },
    { keys: ["space"], command: "mark", help: "mark the row" },
  ],
};

export const openKey: Scope = {
  title: "Row",
  bindings: [{ keys: ["enter"], command: "open", help: "look into the row", hint: "open" }],
};

export const checkpointsKeys: Scope = {
  title: "Checkpoints",
  bindings: [
    { keys: ["enter"], command: "open", help: "open the checkpoint", hint: "open" },
    {
      keys: ["s"],
      command: "secure",
      help: "lock the archive down: owner and mode put right",
      hint: "secure",
      writes: true,
    },
    {
      keys: ["a"],
      command: "new-checkpoint",
      help: "add a checkpoint: of the row's container, or of another",
      hint: "checkpoint",
      writes: true,
    },
    { keys: ["d"], command: "describe", help: "why a row is refused or broken" },
    { keys: ["="], command: "compare", help: "compare the two that are marked with Space" },
  ],
};

export const foldKeys: Scope = {
  title: "Tree",
  bindings: [
    { keys: ["space"], command: "fold", help: "fold or unfold the branch", hint: "fold" },
    { keys: ["t"], command: "tree", help: "as a tree again, after sorting" },
  ],
};

export const problemKeys: Scope = {
  title: "Problems",
  bindings: [{ keys: ["p"], command: "problems", help: "what could not be read, and why" }],
};

/** Tabs of a part of something, which may be a tab itself. */
export const detailTabKeys: Scope = {
  title: "Parts",
  bindings: [
    { keys: ["]"], command: "tab-next", help: "next part" },
    { keys: ["["], command: "tab-previous", help: "part before" },
  ],
};

export const tabKeys: Scope = {
  title: "Tabs",
  bindings: [
    { keys: ["tab"], command: "tab-next", help: "next tab", hint: "next" },
    { keys: ["shift-tab"], command: "tab-previous", help: "tab before" },
    { keys: ["1"], command: "tab-1", help: "first tab; 2 to 9 and 0 the others" },
    ...["2", "3", "4", "5", "6", "7", "8", "9", "0"].map((digit) => ({
      keys: [digit],
      command: `tab-${digit === "0" ? 10 : digit}`,
      help: "",
    })),
  ],
};

export const textKeys: Scope = {
  title: "Text",
  bindings: [
    { keys: ["down", "j"], command: "down", help: "a line down" },
    { keys: ["up", "k"], command: "up", help: "a line up" },
    { keys: ["pgdn", "ctrl-f"], command: "page-down", help: "page down" },
    { keys: ["pgup", "ctrl-b"], command: "page-up", help: "page up" },
    { keys: ["g", "home"], command: "top", help: "beginning" },
    { keys: ["G", "end"], command: "bottom", help: "end" },
  ],
};
