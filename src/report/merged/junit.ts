import type { Finding } from "../../audit/finding.ts";
import type { MergedReport } from "../../audit/merge/merge.ts";
import type { RuleText } from "../../audit/rule.ts";
import {
  archiveSuite,
  countCases,
  junitEnd,
  junitHead,
  type Suite,
  suiteXml,
  togetherSuite,
} from "../junit.ts";
import type { MergedOptions } from "./json.ts";
import { placed } from "./view.ts";

/** Findings of one node about its archives together. */
const mostTogether = 1000;

/**
 * A merged report as JUnit's XML, in pieces: a suite an archive, named `NODE:PATH`, and one a node
 * for its archives together. Its head has sums, so the reports are read once more for it.
 */
export async function* renderMergedJUnit(
  merged: MergedReport,
  { failOn }: MergedOptions,
  rules: readonly RuleText[],
): AsyncGenerator<string> {
  const sums: Record<string, number> = {};
  for await (const { cases } of suitesOf(merged, failOn, rules)) {
    for (const [name, count] of Object.entries(countCases(cases))) {
      sums[name] = (sums[name] ?? 0) + Number(count);
    }
  }
  const empty = countCases([]);
  const totals = Object.keys(empty).map((name): [string, string] => [name, `${sums[name] ?? 0}`]);
  yield junitHead(Object.fromEntries(totals));
  for await (const { auditedAt, ...suite } of suitesOf(merged, failOn, rules)) {
    yield suiteXml(suite, auditedAt);
  }
  yield junitEnd;
}

async function* suitesOf(
  { entries, sources }: MergedReport,
  failOn: MergedOptions["failOn"],
  rules: readonly RuleText[],
): AsyncGenerator<Suite & { auditedAt: string }> {
  const none = new Set<string>();
  const together = new Map<number, Finding[]>();
  for await (const { kind, value, source } of entries()) {
    const { node = null, auditedAt = "" } = sources[source] ?? {};
    if (kind === "archive") {
      const suite = archiveSuite(value, rules, none, { failOn });
      const properties: Suite["properties"] = node === null ? [] : [["node", node]];
      properties.push(...suite.properties);
      yield { ...suite, name: placed(node, value.path), properties, auditedAt };
    }
    if (kind !== "housekeeping") continue;
    const known = together.get(source) ?? [];
    if (known.length < mostTogether) known.push(value);
    together.set(source, known);
  }
  for (const [at, { node, path, auditedAt }] of sources.entries()) {
    const name = `${node ?? path}: archives together`;
    yield { ...togetherSuite(name, together.get(at) ?? [], rules, none, { failOn }), auditedAt };
  }
}
