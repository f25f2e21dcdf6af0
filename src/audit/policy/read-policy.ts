import { open } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { UsageError } from "../../base/errors.ts";
import { formatBytes } from "../../base/units.ts";
import { Field } from "./field.ts";
import { mergePolicy } from "./merge.ts";
import { policyNames } from "./names.ts";
import { readOwnDetectors } from "./own-detectors.ts";
import { policyFields, readPatch, secretsField } from "./patch.ts";
import { defaultPolicy, type Policy } from "./policy.ts";
import type { PolicyNames } from "./read-allowance.ts";
import { policyBytes, readYamlTree } from "./yaml-tree.ts";

/** Files that extend each other. */
const longestChain = 8;

interface PolicyOptions {
  /** Ids that may be named; else all that there are. */
  names?: PolicyNames;
  /** Where the text comes from; `extends` counts from its folder. */
  path?: string;
  /** Reads a file that is extended; it throws what the file system throws. */
  read?: (path: string) => Promise<string>;
}

/**
 * Reads a policy file, with all that it extends, over the default policy.
 * @throws UsageError for whatever is wrong: file, line, column, key, found, allowed.
 */
export async function readPolicy(path: string, names = policyNames()): Promise<Policy> {
  let text: string;
  try {
    text = await readText(path);
  } catch (error) {
    throw unreadable(`the policy ${path} cannot be read`, path, error);
  }
  return parsePolicy(text, { names, path });
}

/** The same of a text. */
export async function parsePolicy(text: string, options: PolicyOptions = {}): Promise<Policy> {
  const { names = policyNames(), path = "policy", read = readText } = options;
  return readLayer(text, path, [resolve(path)], names, read);
}

/** @param chain absolute paths of the files that led here, this one the last. */
async function readLayer(
  text: string,
  file: string,
  chain: readonly string[],
  names: PolicyNames,
  read: (path: string) => Promise<string>,
): Promise<Policy> {
  const fields = policyFields(new Field(await readYamlTree(text, file), file));
  const extended = fields.get("extends");
  let base = defaultPolicy;
  if (extended !== undefined) {
    const below = resolve(dirname(chain.at(-1) as string), extended.text("the path of a policy"));
    checkChain(extended, [...chain, below]);
    let belowText: string;
    try {
      belowText = await read(below);
    } catch (error) {
      throw extended.fault(
        `cannot be read: ${reason(error)}`,
        `the path of a policy, from the folder of ${file}`,
        `look for ${below}`,
      );
    }
    base = await readLayer(belowText, below, [...chain, below], names, read);
  }
  const ownField = secretsField(fields, "own");
  const own = ownField === undefined ? [] : await readOwnDetectors(ownField, names.detectors);
  const inherited = base.secrets.own.map(({ id }) => id);
  const known = { ...names, detectors: [...names.detectors, ...inherited] };
  return mergePolicy(base, readPatch(fields, known, own));
}

function checkChain(field: Field, chain: readonly string[]): void {
  const last = chain.at(-1) as string;
  if (chain.indexOf(last) < chain.length - 1) {
    throw field.fault(
      `goes round in a circle: ${chain.slice(chain.indexOf(last)).join(" -> ")}`,
      "a policy that does not extend this one",
    );
  }
  if (chain.length > longestChain) {
    throw field.fault("is one policy too many", `${longestChain} that extend each other`);
  }
}

async function readText(path: string): Promise<string> {
  const file = await open(path, "r");
  try {
    const stat = await file.stat();
    if (stat.isDirectory()) throw new Error("it is a folder");
    const buffer = Buffer.alloc(policyBytes + 1);
    let length = 0;
    // A pipe gives what it has, bit by bit.
    while (length < buffer.length) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    if (length > policyBytes) throw new Error(`it is larger than ${formatBytes(policyBytes)}`);
    return decode(buffer.subarray(0, length));
  } finally {
    await file.close();
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Error("it is no UTF-8 text");
  }
}

function unreadable(what: string, path: string, cause: unknown): UsageError {
  return new UsageError({
    code: "policy",
    what,
    where: { path },
    found: reason(cause),
    allowed: `a file of YAML up to ${formatBytes(policyBytes)}`,
    next: "cryoscope audit --print-policy prints one to begin with",
    cause,
  });
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EACCES") return "it may not be read";
  if (code === "ELOOP") return "it is a circle of links";
  return message;
}
