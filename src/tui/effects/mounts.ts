import { listMounts } from "../../checkpoint/mount-list.ts";
import type { Handler } from "./handler.ts";
import { inParts } from "./in-parts.ts";

export const answerMounts: Handler<"mounts"> = async ({ path, reveal }, services, call) => {
  const list = await listMounts(await services.checkpoints.get(path), { reveal });
  return inParts(list.items, list.problems, call);
};
