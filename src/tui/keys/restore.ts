import type { Scope } from "./binding.ts";

export const restoreKeys: Scope = {
  title: "Restore",
  bindings: [
    {
      keys: ["enter"],
      command: "open",
      help: "what it needs, what was found, why, and what to do",
      hint: "open",
    },
    {
      keys: ["t"],
      command: "choose-place",
      help: "compare with another place: this host, a node, a saved node",
      hint: "place",
    },
    {
      keys: ["i"],
      command: "write-image",
      help: "write the image that runtimes restore from (0600)",
      hint: "image",
      writes: true,
    },
    {
      keys: ["m"],
      command: "write-manifest",
      help: "write the pod that asks for it (0600)",
      hint: "manifest",
      writes: true,
    },
    {
      keys: ["b"],
      command: "write-bundle",
      help: "write a bundle that runc and crun restore on a bench (0700)",
      hint: "bundle",
      writes: true,
    },
    { keys: ["w"], command: "written", help: "all of what was written last, or why it was not" },
  ],
};

/** While a place is chosen. */
export const placeChoiceKeys: Scope = {
  title: "Places",
  bindings: [
    { keys: ["enter"], command: "open", help: "compare with this place", hint: "compare" },
    {
      keys: ["t"],
      command: "choose-place",
      help: "back to the plan, with the place as it was",
      hint: "back",
    },
  ],
};
