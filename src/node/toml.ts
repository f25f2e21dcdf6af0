import { isObject, type JsonObject } from "../base/json-object.ts";
import type { Problem } from "../base/problem.ts";
import { type Fact, known, unknown } from "./facts.ts";
import type { Host } from "./host.ts";

/** A TOML text as a mapping, or why it is none. Never throws. */
export async function parseToml(text: string): Promise<{ value: JsonObject } | { why: string }> {
  const { parse } = await import("smol-toml");
  try {
    const value: unknown = parse(text, { integersAsBigInt: "asNeeded" });
    return isObject(value) ? { value } : { why: "it is no table" };
  } catch (error) {
    const first = (error as Error).message.split("\n")[0] as string;
    return { why: `it is no TOML: ${first.slice(0, 200)}` };
  }
}

/** A file of a runtime's configuration; one that is there and cannot be read becomes a problem. */
export async function readToml(
  host: Host,
  path: string,
  engine: string,
  problems: Problem[],
): Promise<JsonObject | undefined> {
  const read = host.text(path);
  if (read.state === "absent") return undefined;
  const parsed = read.state === "found" ? await parseToml(read.value) : { why: read.why };
  if ("value" in parsed) return parsed.value;
  problems.push({
    severity: "warning",
    code: "runtime-config",
    message: `the configuration of ${engine} cannot be read: ${parsed.why}`,
    where: { path },
  });
  return undefined;
}

/** A setting that is yes or no, or the reason why it is not known. */
export function flagFact(fact: Fact<unknown>): Fact<boolean> {
  return typeof fact.value === "boolean" ? known(fact.value, fact.evidence) : reason(fact);
}

/** A setting that is a text and not empty. */
export function textFact(fact: Fact<unknown>): Fact<string> {
  const isText = typeof fact.value === "string" && fact.value !== "";
  return isText ? known(fact.value as string, fact.evidence) : reason(fact);
}

function reason(fact: Fact<unknown>): Fact<never> {
  return unknown(
    fact.value === null ? fact.evidence : `${fact.evidence}: empty or of another type`,
  );
}
