import { everyRule } from "../../../audit/every-rule.ts";
import { defaultPolicy, type Policy } from "../../../audit/policy/policy.ts";
import { chooseRules } from "../../../audit/run/choose-rules.ts";
import { UsageError } from "../../../base/errors.ts";
import type { AuditCommandOptions } from "./options.ts";

/** The policy of this call: the file's or the default one, and what the command line says besides. */
export async function policyOf({
  policy: file,
  failOn,
  rule = [],
  skip = [],
}: Pick<AuditCommandOptions, "policy" | "failOn" | "rule" | "skip">): Promise<Policy> {
  const said = file === undefined ? defaultPolicy : await read(file);
  const { policy, unknown } = chooseRules(said, everyRule, { only: rule, skip });
  if (unknown.length > 0) {
    throw new UsageError({
      what: `there is no rule ${unknown.map((id) => JSON.stringify(id)).join(", ")}`,
      allowed: `ids, groups or patterns of: ${everyRule.map(({ id }) => id).join(", ")}`,
      next: "cryoscope audit --print-policy",
    });
  }
  return failOn === undefined ? policy : { ...policy, failOn };
}

/** Whoever has no policy of his own needs no YAML and no engine for his expressions. */
async function read(file: string): Promise<Policy> {
  const { readPolicy } = await import("../../../audit/policy/read-policy.ts");
  return readPolicy(file);
}
