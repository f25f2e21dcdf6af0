import { inspect } from "../../checkpoint/inspection.ts";
import type { Handler } from "./handler.ts";

export const answerInspection: Handler<"inspection"> = async ({ path, reveal }, { checkpoints }) =>
  inspect(await checkpoints.get(path), { reveal });
