import { ArchiveError } from "../../../base/errors.ts";
import { isSecretName, maskCommand, masked, maskNamed, maskText } from "../../../base/mask.ts";
import { isBranch, type TreeValue } from "./tree-value.ts";

/** How deep a document may nest. Runtimes' go to ten. */
const deepest = 100;

/**
 * A copy of a document without its secrets: environments, arguments, annotations, and values whose
 * names announce one. The same rules as for `inspect`; without `mask` it is only checked.
 * @throws ArchiveError where it nests too deep.
 */
export function maskDocument(value: TreeValue, mask: boolean): TreeValue {
  return maskedValue("", value, mask, 0);
}

function maskedValue(name: string, value: TreeValue, mask: boolean, depth: number): TreeValue {
  if (depth > deepest) {
    throw new ArchiveError({
      what: "a document nests too deep",
      found: `more than ${deepest} levels`,
      allowed: `${deepest}`,
      next: "look at it as text: t",
    });
  }
  if (isBranch(value)) {
    return Array.isArray(value)
      ? maskedList(name, value, mask, depth)
      : maskedObject(value as { [key: string]: TreeValue }, mask, depth);
  }
  if (!mask) return value;
  if (typeof value === "string") return name === "" ? maskText(value) : maskNamed(name, value);
  const isNumber = typeof value === "number" || typeof value === "bigint";
  return isNumber && isSecretName(name) ? masked : value;
}

function maskedList(
  name: string,
  values: readonly TreeValue[],
  mask: boolean,
  depth: number,
): TreeValue {
  const texts = values.filter((value) => typeof value === "string");
  if (mask && texts.length === values.length) {
    // Arguments and environments are lists of texts; so may be the values of a secret.
    return isSecretName(name) ? texts.map(() => masked) : maskCommand(texts);
  }
  return values.map((value) => maskedValue(name, value, mask, depth + 1));
}

function maskedObject(
  value: { readonly [key: string]: TreeValue },
  mask: boolean,
  depth: number,
): TreeValue {
  // { "name": "A_TOKEN", "value": "…" }: the name stands beside its value.
  const named = typeof value["name"] === "string" ? value["name"] : "";
  const result: { [key: string]: TreeValue } = {};
  for (const [key, entry] of Object.entries(value)) {
    const name = key === "value" && named !== "" ? named : key;
    // A document may hold `__proto__`.
    Object.defineProperty(result, key, {
      value: maskedValue(name, entry, mask, depth + 1),
      enumerable: true,
    });
  }
  return result;
}
