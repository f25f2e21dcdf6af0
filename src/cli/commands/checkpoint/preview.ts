import { apiVersion } from "../../../base/document.ts";
import { Once } from "../../../base/once.ts";
import type { Patience } from "../../../kubelet/call.ts";
import type { ApiMeans } from "../../../kubelet/cluster/ask-api.ts";
import type { Plan } from "../../../kubelet/planned.ts";
import { askCaller } from "../../../kubelet/preview/caller.ts";
import type { PreviewItem } from "../../../kubelet/preview/item.ts";
import { askNode, previewOf } from "../../../node/preview.ts";
import { type CheckpointPreview, renderPreview } from "../../../report/preview-view.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Io } from "../../io.ts";
import { printResult } from "../../output.ts";
import { faultDocument, faultText } from "../../print-fault.ts";
import type { CheckpointOptions } from "./options.ts";

/**
 * Says of each container where the call would go and what is against it. Nothing is checkpointed;
 * the API server is asked what it knows.
 */
export async function previewCheckpoints(
  { planned, faults }: Plan,
  { timeout }: Patience,
  options: CheckpointOptions,
  io: Io,
): Promise<number> {
  const [first] = faults;
  if (first !== undefined && faults.length === 1 && planned.length === 0) throw first.fault;
  const means = planned.find(({ known }) => known !== undefined)?.known?.means;
  const caller = means === undefined ? null : await askCaller(means);
  // Several containers of one node ask it once.
  const asked = new Once();
  const ask = (node: string, api: ApiMeans): ReturnType<typeof askNode> =>
    asked.ask(node, () => askNode(node, api, io.now()));
  const route = options.route === "local" ? "direct" : options.route;
  const items: PreviewItem[] = [];
  for (const plan of planned) items.push(await previewOf(plan, timeout, caller, ask, route));
  const preview: CheckpointPreview = {
    apiVersion,
    kind: "CheckpointPreview",
    caller,
    items,
    notTried: faults.map(({ name, fault }) => ({ target: name, error: faultDocument(fault) })),
  };
  await printResult(
    preview,
    (table) => {
      if (options.quiet !== true) return renderPreview(preview, table);
      return items.map(({ urls }) => `${urls[0]?.url ?? ""}\n`).join("");
    },
    options,
    io,
  );
  for (const { name, fault } of faults) {
    await io.err.write(faultText(fault, io, fault.detail.what.includes(name) ? undefined : name));
  }
  const codes = faults.map(({ fault }) => exitCodes[fault.kind]);
  const against = items.some(({ can }) => can === "no") ? exitCodes.findings : exitCodes.fine;
  return Math.max(against, ...codes);
}
