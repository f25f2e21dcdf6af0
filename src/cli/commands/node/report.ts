import { type ApiAnswers, apiNodeFacts } from "../../../node/api.ts";
import {
  type NodeDocument,
  type NodeList,
  nodeDocument,
  nodeList,
} from "../../../node/document.ts";
import type { NodeFacts } from "../../../node/facts.ts";
import { folderHost } from "../../../node/folder-host.ts";
import { gatherHost } from "../../../node/gather.ts";
import { verdicts } from "../../../node/verdicts.ts";
import { quietNodes, renderNodes } from "../../../report/node-list-view.ts";
import { quietNode, renderNode } from "../../../report/node-view.ts";
import type { TableOptions } from "../../../report/table.ts";

/** Nodes that were read, and how they are shown. */
export interface NodeReport {
  document: NodeDocument | NodeList;
  table: (options: TableOptions) => string;
  /** Lines of `-q`. */
  names: () => string;
  /** Is there a node that cannot checkpoint? */
  cannot: boolean;
}

/**
 * Reads the node below a root folder.
 * @param now milliseconds since 1970, here and below.
 */
export async function reportHost(root: string, now: number): Promise<NodeReport> {
  return reportOne(documentOf(await gatherHost(folderHost(root)), now));
}

/** A node as the cluster knows it. */
export function reportApi(answers: ApiAnswers, now: number): NodeReport {
  return reportOne(documentOf(apiNodeFacts(answers), now));
}

/** All nodes of a cluster. */
export function reportAll(answers: readonly ApiAnswers[], now: number): NodeReport {
  const list = nodeList(answers.map((entry) => documentOf(apiNodeFacts(entry), now)));
  return {
    document: list,
    table: (options) => renderNodes(list, now, options),
    names: () => quietNodes(list),
    cannot: list.items.some(isUnable),
  };
}

function documentOf(facts: NodeFacts, now: number): NodeDocument {
  return nodeDocument(facts, verdicts(facts, now));
}

function reportOne(document: NodeDocument): NodeReport {
  return {
    document,
    table: (options) => renderNode(document, options),
    names: () => quietNode(document),
    cannot: isUnable(document),
  };
}

function isUnable({ verdicts: found }: NodeDocument): boolean {
  return found.checkpoint.answer === "no";
}
