import type { Binding } from "./binding.ts";

// Keys that move in whatever has rows; each scope that has some takes them from here.

export const rowMoves: readonly Binding[] = [
  { keys: ["down", "j"], command: "down", help: "next row" },
  { keys: ["up", "k"], command: "up", help: "row before" },
  { keys: ["pgdn", "ctrl-f"], command: "page-down", help: "page down" },
  { keys: ["pgup", "ctrl-b"], command: "page-up", help: "page up" },
];

export const endMoves: readonly Binding[] = [
  { keys: ["g", "home"], command: "top", help: "first row" },
  { keys: ["G", "end"], command: "bottom", help: "last row" },
];

export const sideMoves: readonly Binding[] = [
  { keys: ["right", "l"], command: "scroll-right", help: "see what is cut off at the right" },
  { keys: ["left", "h"], command: "scroll-left", help: "back to the left" },
];
