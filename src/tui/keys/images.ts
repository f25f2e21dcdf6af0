import type { Scope } from "./binding.ts";
import { endMoves, rowMoves, sideMoves } from "./moves.ts";

/** Ways to look at a member of an archive. */
export const memberKeys: Scope = {
  title: "Members",
  bindings: [
    { keys: ["enter"], command: "open", help: "look into the member", hint: "open" },
    { keys: ["x"], command: "as-bytes", help: "its bytes, whatever it is", hint: "bytes" },
    { keys: ["t"], command: "as-text", help: "its text, whatever it is" },
    { keys: ["ctrl-s"], command: "save", help: "save the member as it is (0600)" },
  ],
};

export const previewKeys: Scope = {
  title: "Text",
  bindings: [
    ...sideMoves,
    { keys: ["x"], command: "as-bytes", help: "the bytes", hint: "bytes" },
    { keys: ["/"], command: "find", help: "find a line by a regular expression", hint: "find" },
    { keys: ["n"], command: "find-next", help: "next line that matches" },
    { keys: ["N"], command: "find-previous", help: "line before that matches" },
    { keys: ["c"], command: "copy", help: "copy the lines that are shown" },
    { keys: ["ctrl-s"], command: "save", help: "save the whole file (0600)", hint: "save" },
  ],
};

export const logKeys: Scope = {
  title: "Logs",
  bindings: [
    { keys: ["enter"], command: "open", help: "the whole line", hint: "line" },
    {
      keys: ["e"],
      command: "log-cause",
      help: "the error that CRIU's log is about",
      hint: "cause",
    },
    { keys: ["n"], command: "mark-next", help: "next error or warning", hint: "next error" },
    { keys: ["N"], command: "mark-previous", help: "error or warning before" },
    { keys: ["]"], command: "log-next", help: "next log", hint: "log" },
    { keys: ["["], command: "log-previous", help: "log before" },
    { keys: ["ctrl-s"], command: "save", help: "save the whole log as it is (0600)" },
  ],
};

export const rootfsKeys: Scope = {
  title: "Files",
  bindings: [
    { keys: ["enter"], command: "open", help: "see a file; fold a folder", hint: "see" },
    { keys: ["x"], command: "as-bytes", help: "the file's bytes", hint: "bytes" },
    { keys: ["ctrl-s"], command: "save", help: "save the file (0600)", hint: "save" },
  ],
};

export const treeKeys: Scope = {
  title: "Tree",
  bindings: [
    { keys: ["space"], command: "fold", help: "unfold or fold", hint: "fold" },
    {
      keys: ["enter"],
      command: "open",
      help: "unfold or fold; a long value in full; a payload's bytes",
    },
    { keys: ["right", "l"], command: "unfold", help: "unfold; then the first below" },
    { keys: ["left", "h"], command: "fold-up", help: "fold; then what it is in" },
    { keys: ["*"], command: "unfold-all", help: "unfold all below, up to 5,000 rows" },
    { keys: ["z"], command: "fold-all", help: "fold everything" },
    ...rowMoves,
    ...endMoves,
    {
      keys: ["/"],
      command: "find",
      help: "find in names and values: a regular expression, ! inverts",
      hint: "find",
    },
    { keys: ["n"], command: "find-next", help: "next match" },
    { keys: ["N"], command: "find-previous", help: "match before" },
    { keys: ["c"], command: "copy", help: "copy the row" },
    {
      keys: ["y"],
      command: "copy-json",
      help: "copy what is under the cursor as JSON",
      hint: "copy",
    },
    {
      keys: ["ctrl-s"],
      command: "save",
      help: "save what is under the cursor as JSON, unmasked (0600)",
      hint: "save",
    },
    { keys: ["s"], command: "save-all", help: "save all of it as JSON, unmasked (0600)" },
    { keys: ["x"], command: "as-bytes", help: "the member's bytes", hint: "bytes" },
    { keys: ["t"], command: "as-text", help: "the member as text" },
  ],
};
