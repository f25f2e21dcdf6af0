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
