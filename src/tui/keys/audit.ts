import type { Scope } from "./binding.ts";
import { endMoves, rowMoves, sideMoves } from "./moves.ts";

export const huntKeys: Scope = {
  title: "Findings",
  bindings: [
    { keys: ["enter"], command: "open", help: "why, what to do, and every place", hint: "open" },
    {
      keys: ["m"],
      command: "search-memory",
      help: "look through memory for secrets too; again gives it up",
      hint: "memory",
    },
  ],
};

export const placeKeys: Scope = {
  title: "Places",
  bindings: [
    { keys: ["enter"], command: "open", help: "go to the place", hint: "go there" },
    { keys: ["x"], command: "as-bytes", help: "the bytes of its member", hint: "bytes" },
    { keys: ["o"], command: "process", help: "the process that it is of" },
    ...rowMoves,
    ...endMoves,
  ],
};

export const compareKeys: Scope = {
  title: "Two marked",
  bindings: [
    { keys: ["="], command: "compare", help: "compare the two marked (Space)", hint: "compare" },
  ],
};

export const diffKeys: Scope = {
  title: "Differences",
  bindings: [
    { keys: ["enter"], command: "open", help: "see it in the later checkpoint", hint: "see" },
    { keys: ["d"], command: "describe", help: "the whole of the row", hint: "whole" },
    {
      keys: ["m"],
      command: "search-memory",
      help: "compare the bytes of pages too; again gives it up",
      hint: "pages",
    },
    ...sideMoves,
  ],
};
