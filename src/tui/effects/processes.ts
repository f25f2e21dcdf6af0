import { masked } from "../../base/mask.ts";
import { listEnvironments } from "../../checkpoint/environment-list.ts";
import { describeProcess } from "../../checkpoint/process-document.ts";
import { listProcesses } from "../../checkpoint/process-list.ts";
import type { VariableRow } from "../state/rows.ts";
import type { Handler } from "./handler.ts";
import { inParts } from "./in-parts.ts";

export const answerProcesses: Handler<"processes"> = async ({ path, reveal }, services, call) => {
  const list = await listProcesses(await services.checkpoints.get(path), { reveal });
  return inParts(list.items, list.problems, call);
};

export const answerProcess: Handler<"process"> = async ({ path, pid, reveal }, { checkpoints }) =>
  describeProcess(await checkpoints.get(path), pid, { reveal });

/** What stands for a secret says nothing of its length, so that is told beside it. */
export const answerEnvironment: Handler<"environment"> = async (
  { path, pid, reveal },
  services,
  call,
) => {
  const checkpoint = await services.checkpoints.get(path);
  const shown = await listEnvironments(checkpoint, { pid, reveal });
  const real = await listEnvironments(checkpoint, { pid, reveal: true });
  const values = real.items[0]?.variables ?? [];
  const rows = (shown.items[0]?.variables ?? []).map(({ name, value }, at): VariableRow => {
    const whole = values[at]?.value ?? "";
    return { name, value, hidden: value === masked && whole !== masked ? whole.length : null };
  });
  return inParts(rows, shown.problems, call);
};
