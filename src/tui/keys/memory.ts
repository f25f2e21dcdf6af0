import type { Scope } from "./binding.ts";
import { rowMoves } from "./moves.ts";

export const memoryKeys: Scope = {
  title: "Memory",
  bindings: [
    { keys: ["enter"], command: "open", help: "see the mapping's bytes", hint: "bytes" },
    { keys: ["]"], command: "process-next", help: "mappings of the next process", hint: "process" },
    { keys: ["["], command: "process-previous", help: "mappings of the process before" },
    { keys: ["ctrl-s"], command: "save", help: "save the mapping's bytes (0600)" },
  ],
};

export const hexKeys: Scope = {
  title: "Bytes",
  bindings: [
    {
      keys: ["g"],
      command: "goto",
      help: "go to an address (hexadecimal), +n or -n bytes, or a mapping by its name",
      hint: "goto",
    },
    {
      keys: ["/"],
      command: "find",
      help: "find text; or hex:de ad be ef, re:a regular expression, utf16:text",
      hint: "find",
    },
    { keys: ["n"], command: "find-next", help: "next match", hint: "next" },
    { keys: ["N"], command: "find-previous", help: "match before", hint: "previous" },
    { keys: ["]"], command: "mapping-next", help: "next mapping", hint: "mapping" },
    { keys: ["["], command: "mapping-previous", help: "start of the mapping; the one before" },
    { keys: ["right", "l"], command: "right", help: "next byte" },
    { keys: ["left", "h"], command: "left", help: "byte before" },
    ...rowMoves,
    { keys: ["home"], command: "mapping-start", help: "first byte of the mapping" },
    { keys: ["end"], command: "mapping-end", help: "last byte of the mapping" },
    { keys: ["G"], command: "bottom", help: "last byte of all" },
    { keys: ["enter"], command: "follow", help: "follow the pointer under the cursor" },
    { keys: ["backspace"], command: "return", help: "back to where a jump began; then go back" },
    { keys: ["e"], command: "endian", help: "read numbers the other way round" },
    { keys: ["space"], command: "mark", help: "mark from here to the cursor; again: no mark" },
    { keys: ["c"], command: "copy", help: "copy the marked bytes, or the row, as hexadecimal" },
    { keys: ["y"], command: "copy-text", help: "copy the marked bytes, or the row, as text" },
    {
      keys: ["w", "ctrl-s"],
      command: "save",
      help: "save the marked bytes, or the mapping (0600)",
      hint: "save",
    },
    {
      keys: ["v"],
      command: "reveal",
      help: "show or mask secrets in the panel's strings; bytes are always shown as they are",
    },
  ],
};
