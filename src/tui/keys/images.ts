import type { Scope } from "./binding.ts";

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
    { keys: ["right", "l"], command: "scroll-right", help: "see what is cut off at the right" },
    { keys: ["left", "h"], command: "scroll-left", help: "back to the left" },
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
