import { formatCount } from "../../base/units.ts";
import type { App, Message, Next } from "./app.ts";
import { flashed, only } from "./next.ts";
import { ask, slotKey } from "./pending.ts";
import type { FlashLevel } from "./screen.ts";

/** The prompt for a path, and the slot of the question that writes. The program's own, not a screen's. */
export const savePrompt = "save";
export const saveSlot = "save";

/** A path was typed: what is written leaves the archive, so it is confirmed. */
export function savePath(app: App, path: string): App {
  if (app.saving === undefined || path.trim() === "") return { ...app, saving: undefined };
  return {
    ...app,
    saving: { ...app.saving, path },
    confirmation: {
      what: "save",
      screen: 0,
      title: "Save",
      lines: [
        `Write ${path}`,
        app.saving.content.from === "text"
          ? "It holds the text as it is shown."
          : "It holds what was in the container's memory or files, unmasked.",
        "The file is new and only its owner can read it (0600).",
      ],
      yes: "save",
    },
  };
}

export function startSaving(app: App): Next {
  if (app.saving === undefined) return only(app);
  return ask(app, slotKey(0, saveSlot), { of: "save", ...app.saving });
}

/** What came of it. */
export function saved(app: App, message: Extract<Message, { question: number }>): App {
  const [level, text] = savedText(message, app.saving?.path ?? "");
  return { ...flashed(app, level, text), saving: undefined };
}

function savedText(
  message: Extract<Message, { question: number }>,
  path: string,
): [level: FlashLevel, text: string] {
  if (message.type === "failed") return ["error", message.failure.message];
  const unknown = message.answer.of === "save" ? message.answer.value.unknown : 0;
  return unknown === 0
    ? ["info", `saved ${path}`]
    : [
        "warning",
        `saved ${path}; ${formatCount(unknown)} bytes of it are not in the dump, and zero`,
      ];
}
