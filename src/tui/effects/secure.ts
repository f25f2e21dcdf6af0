import { secure } from "../../archive/secure.ts";
import { callerUid } from "../../base/caller.ts";
import type { Handler } from "./handler.ts";

/** Puts an archive's owner and mode right: for root, or for the caller's own copy. */
export const answerSecure: Handler<"secure"> = async ({ path }, { options, checkpoints }) => {
  const uid = (options.permissions ?? "root") === "root" ? 0 : await callerUid();
  const { changed } = await secure(path, { uid, gid: uid === 0 ? 0 : -1 });
  await checkpoints.forget(path);
  return { path, changed };
};
