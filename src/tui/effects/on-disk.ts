import type { Handler } from "./handler.ts";

/** Is the file still the one that was opened? What is open stays readable whatever its name means now. */
export const answerOnDisk: Handler<"onDisk"> = async ({ path }, { checkpoints }) =>
  checkpoints.compare(path);

/** Closes the archive, so that the next question opens it anew; one that is gone stays open. */
export const answerReopen: Handler<"reopen"> = async ({ path }, { checkpoints }) => {
  const state = await checkpoints.compare(path);
  if (state !== "gone") await checkpoints.forget(path);
  return state;
};
