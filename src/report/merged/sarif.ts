import type { Invocation, Notification } from "sarif";
import type { MergedEntry, MergedReport, MergedSource } from "../../audit/merge/merge.ts";
import type { RuleText } from "../../audit/rule.ts";
import { HeldBytes } from "../../base/held-bytes.ts";
import { sanitize } from "../../base/text.ts";
import { renderJson, renderJsonLine } from "../json.ts";
import {
  archiveNotifications,
  runHead,
  sarifHead,
  toArtifact,
  toNotification,
  toResult,
} from "../sarif.ts";

/** What is told of the reading of one node's archives. */
const mostNotifications = 1000;

/**
 * A merged report as SARIF 2.1.0, in pieces: one run, an invocation for each report with the node as
 * its machine, and URIs with the node as their host. What stands behind the results is held, packed,
 * until they are written.
 */
export async function* renderMergedSarif(
  merged: MergedReport,
  rules: readonly RuleText[],
): AsyncGenerator<string> {
  const { sources, problems } = merged;
  const rest = new RestOfRun(sources, rules);
  yield `{${members(sarifHead)},"runs":[{${members(runHead(rules))},\n"results":[`;
  let before = "\n";
  for await (const entry of merged.entries()) {
    for (const result of rest.take(entry)) {
      yield before + line(result);
      before = ",\n";
    }
  }
  yield '\n],\n"artifacts":[';
  yield* rest.artifacts();
  yield '\n],\n"invocations":[';
  yield* rest.invocations();
  const whole = problems.every(({ severity }) => severity !== "error");
  const merge: Invocation = {
    executionSuccessful: whole,
    toolConfigurationNotifications: problems.map((problem) => toNotification(problem, undefined)),
  };
  yield `${sources.length === 0 ? "" : ","}\n${line(merge)}\n]}]}\n`;
}

/** Entries of an object, without its brackets. */
function members(value: object): string {
  return [...renderJson(value)].join("").slice(1, -2);
}

function line(value: object): string {
  return renderJsonLine(value).trimEnd();
}

/** Makes results, and keeps what stands behind them. */
class RestOfRun {
  readonly #sources: readonly MergedSource[];
  readonly #rules: ReadonlyMap<string, number>;
  readonly #artifacts = new HeldBytes();
  readonly #invocations = new HeldBytes();
  #count = 0;
  #next = 0;
  #notifications: Notification[] = [];
  #more = 0;

  constructor(sources: readonly MergedSource[], rules: readonly RuleText[]) {
    this.#sources = sources;
    this.#rules = new Map(rules.map(({ id }, at) => [id, at]));
  }

  *take({ kind, value, source }: MergedEntry): Generator<object> {
    while (this.#next < source) this.#endInvocation();
    const node = this.#sources[source]?.node ?? null;
    if (kind === "housekeeping") yield toResult(value, null, this.#rules, new Map(), node);
    if (kind !== "archive") return;
    const artifacts = new Map([[value.path, this.#count]]);
    this.#artifacts.add(`${this.#count === 0 ? "" : ","}\n${line(toArtifact(value, node))}`);
    this.#count += 1;
    for (const told of archiveNotifications(value, node)) {
      if (this.#notifications.length < mostNotifications) this.#notifications.push(told);
      else this.#more += 1;
    }
    for (const finding of value.findings) {
      yield toResult(finding, value, this.#rules, artifacts, node);
    }
  }

  *artifacts(): Generator<string> {
    for (const bytes of this.#artifacts.read()) yield bytes.toString();
  }

  *invocations(): Generator<string> {
    while (this.#next < this.#sources.length) this.#endInvocation();
    for (const bytes of this.#invocations.read()) yield bytes.toString();
  }

  #endInvocation(): void {
    const { node, auditedAt, totals } = this.#sources[this.#next] as MergedSource;
    if (this.#more > 0) {
      const message = { text: `${this.#more} further notifications are not listed` };
      this.#notifications.push({ level: "warning", message });
    }
    const invocation: Invocation = {
      executionSuccessful: totals.refused + totals.broken + totals.partly === 0,
      ...(node === null ? {} : { machine: sanitize(node) }),
      startTimeUtc: auditedAt,
      toolExecutionNotifications: this.#notifications,
    };
    this.#invocations.add(`${this.#next === 0 ? "" : ","}\n${line(invocation)}`);
    this.#next += 1;
    this.#notifications = [];
    this.#more = 0;
  }
}
