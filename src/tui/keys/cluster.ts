import type { Scope } from "./binding.ts";

/** The form of a new checkpoint. Whatever edits text goes to the field that has the cursor. */
export const formKeys: Scope = {
  title: "New checkpoint",
  bindings: [
    { keys: ["tab", "down"], command: "field-next", help: "next field", hint: "next" },
    { keys: ["shift-tab", "up"], command: "field-previous", help: "field before" },
    { keys: ["enter"], command: "enter", help: "next field; on [ Checkpoint ], make it" },
    { keys: ["ctrl-n"], command: "choice-next", help: "next name that fits", hint: "choose" },
    { keys: ["ctrl-p"], command: "choice-previous", help: "name before that fits" },
    { keys: ["pgdn", "ctrl-f"], command: "page-down", help: "checks: page down" },
    { keys: ["pgup", "ctrl-b"], command: "page-up", help: "checks: page up" },
  ],
};

/** Its buttons, where nothing is typed. */
export const buttonKeys: Scope = {
  title: "New checkpoint",
  bindings: [
    { keys: ["right", "l"], command: "field-next", help: "next button" },
    { keys: ["left", "h"], command: "field-previous", help: "button before" },
    { keys: ["p"], command: "role", help: "the role that gives the missing right", hint: "role" },
    { keys: ["c"], command: "copy", help: "copy the checks" },
  ],
};

export const madeKeys: Scope = {
  title: "New checkpoint",
  bindings: [
    { keys: ["enter"], command: "enter", help: "open the archive", hint: "open" },
    { keys: ["c"], command: "copy", help: "copy the archive's path", hint: "copy path" },
  ],
};

export const failedKeys: Scope = {
  title: "New checkpoint",
  bindings: [
    { keys: ["enter"], command: "enter", help: "back to the form", hint: "form" },
    {
      keys: ["c"],
      command: "copy",
      help: "copy the roles that mend it, else all that is said",
      hint: "copy",
    },
  ],
};
