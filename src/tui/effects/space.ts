import { openSpace } from "./byte-space.ts";
import type { Handler } from "./handler.ts";

/** What a byte space is made of. */
export const answerSpace: Handler<"space"> = async ({ path, space }, { checkpoints }) =>
  (await openSpace(await checkpoints.get(path), space)).layout();
