import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { nestedElsewhere, problemRules } from "../../../src/audit/facts/problem-codes.ts";
import { refusalRules } from "../../../src/audit/refused.ts";
import { hostileRules } from "../../../src/audit/rules/hostile.ts";
import { integrityRules } from "../../../src/audit/rules/integrity.ts";
import { lockedDownRules } from "../../../src/audit/rules/locked-down.ts";

const src = fileURLToPath(new URL("../../../src/", import.meta.url));
/** What a checkpoint is read with: all that is wrong with one is said there. */
const rooms = ["base", "archive", "criu", "runtime", "checkpoint", "audit/facts"];

/** Every way in which these rooms write the code of a problem down. */
const forms = [
  /\bcode: "([a-z0-9-]+)"/g,
  /\bcode(?::| =) \w+ \? "([a-z0-9-]+)" : "([a-z0-9-]+)"/g,
  /\b(?:addFault|damage|#?problem|#complain)\(\s*"([a-z0-9-]+)"/g,
];

function codesIn(text: string): string[] {
  return forms.flatMap((form) => [...text.matchAll(form)].flatMap(([, ...codes]) => codes));
}

function files(room: string): string[] {
  return readdirSync(join(src, room), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.includes("assembly"))
    .map((name) => join(src, room, name));
}

/** Codes of the gate are joined to `permissions-` where they become problems. */
const gate = new Set(
  ["archive/laxity.ts", "archive/directory-laxity.ts"].map((file) => join(src, file)),
);

describe("every code of a problem", () => {
  const found = new Set<string>();
  for (const path of [...rooms.flatMap(files), join(src, "remote/open-remote.ts")]) {
    for (const code of codesIn(readFileSync(path, "utf8"))) {
      if (code !== undefined) found.add(gate.has(path) ? `permissions-${code}` : code);
    }
  }

  it("is found by looking through the source", () => {
    expect(found.size).toBeGreaterThan(45);
    for (const code of ["truncated", "pages-missing", "file-use", "permissions-moved"]) {
      expect(found).toContain(code);
    }
  });

  it("has a rule, or is known to be nothing about an archive", () => {
    const missing = [...found].filter((code) => !Object.hasOwn(problemRules, code));
    // Refused before anything is open: `refusalSightings` knows it.
    expect(missing).toEqual(["symlink"]);
  });

  it("stands in the table only if somebody says it", () => {
    const said = new Set([...found, "permissions-symlink"]);
    expect(Object.keys(problemRules).filter((code) => !said.has(code))).toEqual([]);
    expect([...nestedElsewhere].filter((code) => !said.has(code))).toEqual([]);
  });

  it("has a rule that there is", () => {
    const rules = [...lockedDownRules, ...integrityRules, ...hostileRules, ...refusalRules];
    const ids = new Set(rules.map(({ id }) => id));
    const wanted = new Set(Object.values(problemRules).filter((id) => id !== null));
    expect([...wanted].filter((id) => !ids.has(id))).toEqual([]);
  });
});
