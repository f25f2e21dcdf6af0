import type { Random } from "../random.ts";
import { type Part, withBody } from "../subject.ts";
import { changePart, type Mutation, type Mutator, pickPart } from "./mutator.ts";
import { spellOut, strangeNumber, strangeText } from "./values.ts";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** May it be JSON? */
const isJson = ({ name, body }: Part): boolean =>
  body.length > 1 && !/\.img$/.test(name) && (body[0] === 0x7b || body[0] === 0x5b);

/** Deeper documents, which an earlier change made, are left as they are: our own stack would end. */
const deepest = 400;

function isDeep(body: Buffer): boolean {
  let depth = 0;
  for (const byte of body) {
    if (byte === 0x7b || byte === 0x5b) depth += 1;
    else if (byte === 0x7d || byte === 0x5d) depth -= 1;
    if (depth > deepest) return true;
  }
  return false;
}

function parse(body: Buffer): Json | undefined {
  if (isDeep(body)) return undefined;
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** The steps to a value, chosen with those inside of it. */
function pickPath(random: Random, value: Json): (string | number)[] {
  if (value === null || typeof value !== "object" || random.once(12)) return [];
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  if (keys.length === 0) return [];
  const key = random.pick(keys as (string | number)[]);
  return [key, ...pickPath(random, (value as Record<string | number, Json>)[key] as Json)];
}

/**
 * A value of any type. What JSON.stringify cannot write, or would write at length, is an object of
 * one key that `spell` knows.
 */
function strangeValue(random: Random): Json {
  switch (random.below(14)) {
    case 0:
      return null;
    case 1:
      return random.once(2);
    case 2:
      return Number(strangeNumber(random)) * (random.once(2) ? -1 : 1);
    case 3:
      return random.pick([0.1, -0, 1e308, 5e-324, -1]);
    case 4:
      return [];
    case 5:
      return {};
    case 6:
      return { $deep: 2 ** (4 + random.below(12)) };
    case 7:
      return { $many: 2 ** random.below(13), of: random.pick([1, "", "x", "\u202e", null]) };
    case 8:
      return {
        $raw: random.pick([
          "1e400",
          "18446744073709551616",
          "-0",
          '{"__proto__":{"a":1}}',
          '{"a":1,"a":2}',
          '"\\ud800"',
          "NaN",
          "01",
          "'a'",
          "{,}",
          "//",
          "\ufeff1",
        ]),
      };
    case 9:
      return [strangeText(random), null, 1];
    case 10:
      return { [strangeText(random)]: strangeText(random) };
    default:
      return strangeText(random);
  }
}

/** JSON text with the values that `strangeValue` names spelt out. */
function write(value: Json): string {
  if (typeof value === "string") return JSON.stringify(spellOut(value));
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(write).join(",")}]`;
  if ("$raw" in value) return String(value["$raw"]);
  if ("$deep" in value) {
    const depth = Number(value["$deep"]);
    return `${'{"a":['.repeat(depth)}${"]}".repeat(depth)}`;
  }
  if ("$many" in value)
    return `[${Array(Number(value["$many"]))
      .fill(write(value["of"] ?? null))
      .join(",")}]`;
  return `{${Object.entries(value)
    .map(([key, each]) => `${JSON.stringify(spellOut(key))}:${write(each)}`)
    .join(",")}}`;
}

const set: Mutator = {
  op: "json-value",
  weight: 16,
  choose(random, subject) {
    const part = pickPart(random, subject, isJson);
    const document = part && parse(part.body);
    if (part === undefined || document === undefined) return undefined;
    const path = pickPath(random, document);
    const how = random.pick(["set", "set", "set", "drop", "rename", "twice"]);
    return { part: part.name, path, how, value: strangeValue(random), key: strangeText(random) };
  },
  apply: (subject, mutation) =>
    changePart(subject, mutation, (part) => {
      const root = parse(part.body);
      if (root === undefined) return undefined;
      const changed = edit(root, mutation["path"] as (string | number)[], mutation);
      return withBody(part, Buffer.from(write(changed)));
    }),
};

/** A copy of `node` in which the value at `path` is another. */
function edit(node: Json, [key, ...path]: readonly (string | number)[], mutation: Mutation): Json {
  if (key === undefined) return mutation["value"] as Json;
  if (node === null || typeof node !== "object") return node;
  if (Array.isArray(node)) return editList(node, Number(key), path, mutation);
  const entries = Object.entries(node).flatMap(([name, value]): [string, Json][] => {
    if (name !== String(key)) return [[name, value]];
    if (path.length > 0) return [[name, edit(value, path, mutation)]];
    return editEntry(name, value, mutation);
  });
  return Object.fromEntries(entries);
}

function editEntry(name: string, value: Json, mutation: Mutation): [string, Json][] {
  switch (mutation["how"]) {
    case "drop":
      return [];
    case "rename":
      return [[String(mutation["key"]), value]];
    case "twice":
      return [
        [name, value],
        [`${name} `, mutation["value"] as Json],
      ];
    default:
      return [[name, mutation["value"] as Json]];
  }
}

function editList(
  list: readonly Json[],
  key: number,
  path: readonly (string | number)[],
  mutation: Mutation,
): Json[] {
  return list.flatMap((value, at): Json[] => {
    if (at !== key) return [value];
    if (path.length > 0) return [edit(value, path, mutation)];
    if (mutation["how"] === "drop") return [];
    return mutation["how"] === "twice" ? [value, value] : [mutation["value"] as Json];
  });
}

export const jsonMutators: readonly Mutator[] = [set];
