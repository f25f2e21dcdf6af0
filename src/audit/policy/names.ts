import { detectors } from "../../memory/secrets/detectors.ts";
import { namers } from "../../memory/secrets/named.ts";
import { everyRule } from "../every-rule.ts";
import type { PolicyNames } from "./read-allowance.ts";

/** Every rule and detector that a policy may name. */
export function policyNames(): PolicyNames {
  return {
    rules: everyRule.map(({ id }) => id),
    detectors: [...detectors, ...namers].map(({ id }) => id),
  };
}
