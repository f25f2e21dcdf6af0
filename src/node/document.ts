import { apiVersion, type Document } from "../base/document.ts";
import type { NodeFacts } from "./facts.ts";
import type { NodeVerdicts } from "./verdicts.ts";

/** What `node -o json` prints. */
export interface NodeDocument extends Document<"Node">, NodeFacts {
  verdicts: NodeVerdicts;
}

export function nodeDocument(facts: NodeFacts, verdicts: NodeVerdicts): NodeDocument {
  return { apiVersion, kind: "Node", ...facts, verdicts };
}

/** What `node --all -o json` prints. */
export interface NodeList extends Document<"NodeList"> {
  items: NodeDocument[];
}

export function nodeList(items: NodeDocument[]): NodeList {
  return { apiVersion, kind: "NodeList", items };
}
