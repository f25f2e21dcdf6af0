import type { Problem } from "../../base/problem.ts";
import type { Sighting } from "../finding.ts";
import type { Severity } from "../severity.ts";
import type { Subject } from "../subject.ts";
import { readHeads } from "./image-heads.ts";
import { nestedFacts } from "./nested.ts";
import { problemRules } from "./problem-codes.ts";

/** JSON documents that the runtimes write. */
const documentNames = [
  "config.dump",
  "spec.dump",
  "status.dump",
  "status",
  "network.status",
  "bind.mounts",
  "deleted.files",
] as const;

/** Processes of which every detail is read to see whether it is sound; each is kept in memory. */
export const mostDetailed = 4096;

/**
 * Everything that is wrong with a checkpoint, by the rule that tells of it. Answers of a checkpoint
 * are lazy, so each is asked once here.
 */
function problemsByRule(subject: Subject): Promise<ReadonlyMap<string, Problem[]>> {
  return subject.once("problems by rule", async () => {
    await askEverything(subject);
    const heads = await readHeads(subject);
    const { problems: nested } = await nestedFacts(subject);
    const byRule = new Map<string, Problem[]>();
    for (const problem of [...subject.checkpoint.problems, ...heads.problems, ...nested]) {
      const rule = ruleOf(problem, heads.wrong);
      if (rule === null) continue;
      const known = byRule.get(rule);
      if (known === undefined) byRule.set(rule, [problem]);
      else known.push(problem);
    }
    return byRule;
  });
}

/** An image of the wrong type cannot be read as what it is called: that is told once. */
function ruleOf({ code, where }: Problem, wrong: ReadonlySet<string>): string | null {
  if (code === "broken-image" && wrong.has(where?.member ?? "")) return null;
  return Object.hasOwn(problemRules, code)
    ? (problemRules[code] ?? null)
    : "integrity/broken-image";
}

async function askEverything({ checkpoint }: Subject): Promise<void> {
  await checkpoint.runtime();
  await checkpoint.identity();
  for (const name of documentNames) await checkpoint.documents.json(name);
  await checkpoint.inventory();
  await checkpoint.statistics();
  await checkpoint.pageImages();
  await checkpoint.files();
  await checkpoint.memory();
  const reader = await checkpoint.processReader();
  for (const process of (await checkpoint.processes()).slice(0, mostDetailed)) {
    await reader?.details(process);
  }
}

/** What was met and belongs to a rule. */
export async function problemsOf(subject: Subject, ruleId: string): Promise<readonly Problem[]> {
  return (await problemsByRule(subject)).get(ruleId) ?? [];
}

/** How grave a problem is as a finding: what its rule says, and two steps less for a warning. */
type Gravity = Readonly<Record<string, Severity>>;

/** Every problem of a rule as a sighting; `gravity` gives the severity of single codes. */
export async function* problemSightings(
  subject: Subject,
  ruleId: string,
  gravity: Gravity = {},
): AsyncGenerator<Sighting> {
  for (const problem of await problemsOf(subject, ruleId)) {
    const severity = gravity[problem.code];
    yield { ...sightingOf(problem), ...(severity === undefined ? {} : { severity }) };
  }
}

/** One member with one kind of damage is one finding, whatever the number of places. */
function sightingOf({ code, message, where }: Problem): Sighting {
  const key = where?.member === undefined ? code : `${code} ${where.member}`;
  return { message, key, places: where === undefined ? [] : [where], facts: { code } };
}
