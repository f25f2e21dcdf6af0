import { openSpace } from "./byte-space.ts";
import type { Handler } from "./handler.ts";
import { piecesOf } from "./pieces.ts";

/** Bytes of a part of one region, as rows of a hex view. */
export const answerBytes: Handler<"bytes"> = async (
  { path, space, from, to, width },
  { checkpoints },
) => piecesOf(await openSpace(await checkpoints.get(path), space), from, to, width);
