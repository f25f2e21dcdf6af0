import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { policySchema } from "../../bin/dev/manuals/policy-schema.ts";
import { secretKinds as kinds, ruleReference } from "../../bin/dev/manuals/rule-reference.ts";
import { everyRule } from "../../src/audit/every-rule.ts";
import { severities } from "../../src/audit/severity.ts";
import { groupTitles, severityOrder } from "../../src/report/audit-words.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const read = (path: string): string => readFileSync(root + path, "utf8");

describe("what is made from the rules (npm run docs)", () => {
  it("docs/rules.md is made from the rules as they are", () => {
    expect(read("docs/rules.md")).toBe(ruleReference());
  });

  it("the schema of policies knows the ids that there are", () => {
    const schema = JSON.parse(read("src/audit/policy/audit-policy.json")) as object;
    expect(schema).toEqual(policySchema(schema));
  });

  it("tells each rule and each detector, and links to headings that are there", () => {
    const text = read("docs/rules.md");
    const headings = [...text.matchAll(/^#{2,3} (.*)$/gm)].map(([, heading]) => heading as string);
    for (const { id } of everyRule) expect(headings).toContain(id);
    for (const { id } of kinds) expect(text).toContain(`| \`${id}\` |`);
    const anchors = headings.map((it) =>
      it
        .toLowerCase()
        .replace(/[^\w\- ]/g, "")
        .replaceAll(" ", "-"),
    );
    const links = [...text.matchAll(/\]\(#([^)]*)\)/g)].map(([, link]) => link as string);
    expect(links.length).toBeGreaterThan(everyRule.length);
    expect(links.filter((link) => !anchors.includes(link))).toEqual([]);
  });
});

describe("the texts of each rule", () => {
  it.each(everyRule.map((rule) => [rule.id, rule] as const))("%s", (id, rule) => {
    const [group, name] = id.split("/") as [string, string];
    expect(Object.keys(groupTitles)).toContain(group);
    expect(name).toMatch(/^[a-z][a-z0-9-]+$/);
    expect(severities).toContain(rule.severity);
    expect(rule.title).toMatch(/^\S.{3,79}[^.]$/);
    expect(rule.looksAt).toMatch(/^.{4,}[^.]$/);
    expect(rule.why).toMatch(/^\S.*[.)]$/);
    expect(rule.remedy).toMatch(/^\S.*[.)]$/);
    for (const text of [rule.title, rule.looksAt, rule.why, rule.remedy]) {
      expect(text).not.toMatch(/ {2}|\n/);
      expect((text.match(/`/g) ?? []).length % 2).toBe(0);
    }
    for (const url of rule.references ?? []) expect(url).toMatch(/^https:\/\/\S+$/);
  });

  it("have ids that are theirs alone", () => {
    const ids = everyRule.map(({ id }) => id);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  });
});

describe("the words of reports", () => {
  it("are those of the rules: severities in the same order, each group with rules", () => {
    expect(Object.keys(groupTitles).sort()).toEqual(
      [...new Set(everyRule.map(({ id }) => id.split("/")[0]))].sort(),
    );
    expect(severityOrder).toEqual([...severities]);
  });
});
