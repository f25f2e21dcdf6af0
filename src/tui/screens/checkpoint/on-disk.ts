import type { OnDisk } from "../../state/questions.ts";
import type { Act } from "../../state/screen.ts";

/** Seconds between two looks at the file of an open archive. */
export const lookInterval = 3;

export const look = (path: string): Act => ({
  act: "ask",
  slot: "onDisk",
  question: { of: "onDisk", path },
});

/** Opens the file anew, where there is one: what Ctrl-R means here. */
export const reopen = (path: string): Act => ({
  act: "ask",
  slot: "reopen",
  question: { of: "reopen", path },
});

const warning = (text: string): readonly Act[] => [{ act: "flash", level: "warning", text }];

/** What the user is told when the file is not what it was. */
export const told: Readonly<Record<OnDisk, readonly Act[]>> = {
  same: [],
  changed: warning("the archive changed on disk; Ctrl-R reads it again"),
  gone: warning("the file is gone; what was opened stays readable until you leave"),
};
