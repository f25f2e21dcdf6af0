import { execFileSync } from "node:child_process";
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { origins, recipes } from "../../../samples/hostile/archives.js";
import { atLeast } from "../../../src/audit/severity.ts";
import { archiveRules, findingsOf, rulesOf } from "../../support/rules.ts";
import {
  criuDumps,
  privateCopy,
  rich,
  sampleArchives,
  samplePath,
  scratch,
} from "../../support/samples.ts";
import { privateFile } from "../../support/tar-builder.ts";

describe("an archive that was altered", () => {
  it("is there for every rule", () => {
    const rules = archiveRules.map(({ id }) => id);
    expect(recipes.map(({ rule }) => rule).sort()).toEqual([...rules].sort());
  });

  test.each(recipes)("fires $rule and nothing else: $what", async ({ rule, also, file, bytes }) => {
    const findings = await findingsOf(privateFile(bytes(), file));
    expect(rulesOf(findings)).toEqual([rule, ...also].sort());
    for (const { message, remedy, severity, ruleId } of findings) {
      expect(message).not.toMatch(/[^.]\.$|undefined|NaN|\[object/);
      expect(remedy).not.toBe("");
      const { severity: usual } = archiveRules.find(({ id }) => id === ruleId) ?? {};
      expect(atLeast(usual ?? "info", severity), `${ruleId} is ${severity}`).toBe(true);
    }
  });
});

describe("an archive as its runtime wrote it", () => {
  test.each(Object.entries(origins))("fires no rule: %s", async (_, path) => {
    expect(await findingsOf(privateCopy(path))).toEqual([]);
  });

  test.each(sampleArchives().filter(({ path }) => path !== rich))(
    "nor does $name",
    async (sample) => {
      expect(await findingsOf(privateCopy(sample.path))).toEqual([]);
    },
  );

  test.each(criuDumps)("nor does a dump of CRIU alone: $name", async ({ path }) => {
    expect(await findingsOf(privateCopy(path))).toEqual([]);
  });

  test.each(["1", "2", "3"])("nor does a chain of dumps: %s", async (number) => {
    const path = privateCopy(samplePath(`criu/chain-${number}.tar.gz`));
    expect(await findingsOf(path)).toEqual([]);
  });

  it("fires only for what is planted in the rich one", async () => {
    const findings = await findingsOf(privateCopy(rich));
    expect(findings.map(({ ruleId, severity, places }) => ({ ruleId, severity, places }))).toEqual([
      {
        ruleId: "hostile/setuid",
        severity: "medium",
        places: [{ member: "rootfs-diff.tar!tmp/setuid-tiny" }],
      },
    ]);
  });
});

describe("make.js", () => {
  const script = samplePath("hostile/make.js");

  it("writes private files, the same in every run, and no others", () => {
    const wanted = recipes.slice(0, 3);
    const folder = join(scratch(), "hostile");
    const ids = wanted.map(({ rule }) => rule);
    const said = execFileSync("node", [script, folder, ...ids], { encoding: "utf8" });
    expect(said.trimEnd().split("\n")).toEqual(wanted.map(({ file, what }) => `${file}: ${what}`));
    expect(readdirSync(folder).sort()).toEqual(wanted.map(({ file }) => file).sort());
    expect(lstatSync(folder).mode & 0o777).toBe(0o700);
    for (const { file, bytes } of wanted) {
      expect(lstatSync(join(folder, file)).mode & 0o777).toBe(0o600);
      expect(readFileSync(join(folder, file)).equals(bytes())).toBe(true);
    }
  });

  it("refuses a folder that is there already, and rules that it does not know", () => {
    expect(() => execFileSync("node", [script, scratch()], { stdio: "pipe" })).toThrow("EEXIST");
    const folder = join(scratch(), "hostile");
    expect(() => execFileSync("node", [script, folder, "a/b"], { stdio: "pipe" })).toThrow(
      "no such rule: a/b",
    );
  });
});
