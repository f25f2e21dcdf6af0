import { type NodeDocument, nodeDocument } from "../../../node/document.ts";
import { folderHost } from "../../../node/folder-host.ts";
import { gatherHost } from "../../../node/gather.ts";
import { verdicts } from "../../../node/verdicts.ts";
import { quietNode, renderNode } from "../../../report/node-view.ts";
import type { TableOptions } from "../../../report/table.ts";

/** A node that was read, and how it is shown. */
export interface NodeReport {
  document: NodeDocument;
  table: (options: TableOptions) => string;
  /** Lines of `-q`. */
  names: () => string;
}

/**
 * Reads the node below a root folder. This file and all that it brings are a script of their own
 * in the build, so that no other command pays for them: it throws no Fault, because a Fault of
 * another script is none to the one that catches it.
 * @param now milliseconds since 1970.
 */
export async function readNode(root: string, now: number): Promise<NodeReport> {
  const facts = await gatherHost(folderHost(root));
  const document = nodeDocument(facts, verdicts(facts, now));
  return {
    document,
    table: (options) => renderNode(document, options),
    names: () => quietNode(document),
  };
}
