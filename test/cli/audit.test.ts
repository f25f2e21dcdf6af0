import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import type { AuditReport } from "../../src/audit/audit.ts";
import { parsePolicy } from "../../src/audit/policy/read-policy.ts";
import { type Ran, run } from "../support/run.ts";
import { containerdCounter, crioCounter, rich, scratch } from "../support/samples.ts";

const now = Date.parse("2026-11-22T00:00:00Z");

function put(folder: string, name: string, sample = crioCounter): string {
  const path = join(folder, name);
  copyFileSync(sample, path);
  chmodSync(path, 0o600);
  utimesSync(path, now / 1000 - 3600, now / 1000 - 3600);
  return path;
}

const audit = (...words: string[]): Promise<Ran> =>
  run(["audit", "--permissions", "owner", "--no-memory", ...words], { now });

async function report(...words: string[]): Promise<{ code: number; report: AuditReport }> {
  const { code, out } = await audit("-o", "json", ...words);
  return { code, report: JSON.parse(out) as AuditReport };
}

/** A document is what its published schema says. */
function expectValid(name: "prune-plan" | "audit-report", document: unknown): void {
  const file = new URL(`../../src/report/schema/${name}.json`, import.meta.url);
  const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(
    JSON.parse(readFileSync(file, "utf8")),
  );
  validate(document);
  expect(validate.errors ?? []).toEqual([]);
}

const rulesOf = ({ archives }: AuditReport): string[][] =>
  archives.map(({ findings }) => findings.map(({ ruleId }) => ruleId));

describe("audit", () => {
  it("is fine with a clean archive, and says what it is of", async () => {
    const path = put(scratch(), "a.tar");
    const { code, report: said } = await report(path);
    expect(code).toBe(0);
    expect(said).toMatchObject({
      apiVersion: "cryoscope/v1",
      kind: "AuditReport",
      failOn: "high",
      auditedAt: "2026-11-22T00:00:00Z",
      unchanged: [],
      archives: [{ path, engine: "cri-o", container: "counter", fault: null, custody: null }],
    });
    expect(said.archives[0]?.memorySearched).toBe(false);
  });

  it("takes folders, files and each of them once", async () => {
    const folder = scratch();
    const paths = [put(folder, "a.tar"), put(folder, "b.tar", containerdCounter)];
    const { report: said } = await report(folder, paths[0] as string);
    expect(said.archives.map(({ path }) => path)).toEqual(paths);
  });

  it("reads standard input", async () => {
    async function* pipe(): AsyncGenerator<Uint8Array> {
      yield readFileSync(crioCounter);
    }
    const words = ["audit", "--no-memory", "-o", "json", "-"];
    const { code, out } = await run(words, { stdin: pipe(), now });
    expect(code).toBe(0);
    expect(JSON.parse(out).archives).toMatchObject([{ path: "-", container: "counter" }]);
  });

  it("draws a table, a summary, names, and pages for machines", async () => {
    const path = put(scratch(), "a.tar");
    const begins: [string[], RegExp][] = [
      [[], /^default\/counter-lab-node\/counter/],
      [["-o", "wide"], /^default\/counter-lab-node\/counter/],
      [["--summary"], /^NAME /],
      [["-q"], /^$/],
      [["-o", "yaml"], /^apiVersion: cryoscope\/v1/],
      [["-o", "sarif"], /^\{\s+"\$schema"/],
      [["-o", "junit"], /^<\?xml/],
      [["-o", "html"], /^<!DOCTYPE html>/],
    ];
    for (const [words, begin] of begins) {
      const { code, out, err } = await audit(...words, path);
      expect({ words, code, err }).toEqual({ words, code: 0, err: "" });
      expect(out).toMatch(begin);
    }
    const { out } = await audit("-o", "html", path);
    // What it draws of the archive was gathered: its processes.
    expect(out).toContain("counter (pid 1");
  });

  it("says that there is nothing in an empty folder", async () => {
    const folder = scratch();
    const { code, err } = await audit(folder);
    expect({ code, err }).toEqual({ code: 0, err: `No checkpoints in ${folder}\n` });
  });
});

describe("the exit code of an audit", () => {
  it("is 1 from the threshold on, which --fail-on moves", async () => {
    const path = put(scratch(), "rich.tar", rich);
    expect((await audit(path)).code).toBe(1);
    expect((await audit("--fail-on", "critical", path)).code).toBe(0);
    expect((await audit("--fail-on", "none", path)).code).toBe(0);
    const clean = put(scratch(), "a.tar");
    expect((await audit("--fail-on", "info", clean)).code).toBe(1);
  });

  it("is 1 for an archive that is refused or cut off, and tells of the others all the same", async () => {
    const folder = scratch();
    chmodSync(put(folder, "a.tar"), 0o644);
    put(folder, "b.tar");
    truncateSync(put(folder, "c.tar"), 100);
    const { code, report: said } = await report(folder);
    expect(code).toBe(1);
    expect(said.archives.map(({ fault }) => fault?.kind)).toEqual(["refused", undefined, "broken"]);
    expect(rulesOf(said)[0]).toEqual(["locked-down/mode"]);
    expect(rulesOf(said)[2]).toEqual(["integrity/unreadable"]);
  });

  it("is 3 and 4 where no finding counts", async () => {
    const folder = scratch();
    const refused = put(folder, "a.tar");
    chmodSync(refused, 0o644);
    const broken = put(folder, "c.tar");
    truncateSync(broken, 100);
    expect((await audit("--fail-on", "none", refused)).code).toBe(4);
    expect((await audit("--fail-on", "none", refused, broken)).code).toBe(3);
    const partly = put(folder, "partly.tar");
    truncateSync(partly, 100_000);
    expect((await audit("--fail-on", "none", partly)).code).toBe(3);
  });

  it("is 3 for a path that leads nowhere, and the rest is audited", async () => {
    const path = put(scratch(), "a.tar");
    const { code, out, err } = await audit("-o", "json", "/nowhere/at/all", path);
    expect(code).toBe(3);
    expect(err).toContain("there is no /nowhere/at/all");
    const { archives } = JSON.parse(out) as AuditReport;
    expect(archives.map(({ path: told, findings }) => [told, findings.length > 0])).toEqual([
      [path, true],
      ["/nowhere/at/all", false],
    ]);
  });

  it("says of a path that was named to --prune why nothing of it goes", async () => {
    const folder = scratch();
    put(folder, "a.tar");
    const link = join(scratch(), "link");
    symlinkSync(folder, link);
    const { code, err } = await audit(link, "--prune", "--yes");
    expect(code).toBe(4);
    expect(err).toContain(`cryoscope: ${link} stays: ${link} is a symbolic link`);
    expect(existsSync(join(folder, "a.tar"))).toBe(true);
  });

  it("is 2 for options that say nothing together", async () => {
    for (const words of [
      ["--changed-only"],
      ["--yes"],
      ["--summary", "-o", "json"],
      ["--since", "yesterday"],
      ["--rule", "attack/nothing"],
      ["--prune", "-o", "sarif"],
      ["--policy", "/nowhere.yaml"],
      ["--jobs", "0"],
    ]) {
      const { code, out } = await audit(...words, put(scratch(), "a.tar"));
      expect({ words, code, out }).toEqual({ words, code: 2, out: "" });
    }
  });
});

describe("rules and policies", () => {
  it("asks chosen rules only", async () => {
    const path = put(scratch(), "a.tar");
    const { report: some } = await report("--rule", "exposure,restore/*", path);
    const groups = new Set(rulesOf(some)[0]?.map((id) => id.split("/")[0]));
    expect([...groups].sort()).toEqual(["exposure", "restore"]);
    const { report: rest } = await report("--skip", "exposure", "--skip", "restore", path);
    const left = rulesOf(rest)[0] ?? [];
    expect(left.length).toBeGreaterThan(0);
    expect(left.filter((id) => /^(exposure|restore)\//.test(id))).toEqual([]);
  });

  it("takes a policy: severities, allowances, threshold", async () => {
    const folder = scratch();
    const path = put(folder, "a.tar");
    const policy = join(folder, "policy.yaml");
    const text = (failOn: string): string => `apiVersion: cryoscope/v1
kind: AuditPolicy
failOn: ${failOn}
rules: { exposure/root-user: critical }
allow:
  - { rule: "locked-down/*", reason: a test, expires: 2027-01-01 }
  - { rule: "hostile/*", reason: never met }
`;
    writeFileSync(policy, text("critical"));
    const { code, report: said } = await report("--policy", policy, path);
    expect(code).toBe(1);
    const findings = said.archives[0]?.findings ?? [];
    expect(findings[0]).toMatchObject({ ruleId: "exposure/root-user", severity: "critical" });
    expect(findings.find(({ ruleId }) => ruleId === "locked-down/elsewhere")?.allowed).toEqual({
      reason: "a test",
      expires: "2027-01-01",
    });
    expect(said.counts).toMatchObject({ allowed: 1, bySeverity: { critical: 1 } });
    // Only an audit of everything can say that an allowance fits nothing.
    expect(said.problems).toEqual([]);
    const words = ["audit", "--permissions", "owner", "-o", "json", "--policy", policy, path];
    const all = JSON.parse((await run(words, { now })).out) as AuditReport;
    expect(all.problems.map(({ code: told }) => told)).toEqual(["allowance-unused"]);
    expect((await audit("--policy", policy, "--fail-on", "none", path)).code).toBe(0);
  });

  it("prints the policy that it would use, which reads back", async () => {
    const { code, out } = await audit("--print-policy", "--skip", "attack", "--fail-on", "low");
    expect(code).toBe(0);
    const policy = await parsePolicy(out);
    expect(policy.failOn).toBe("low");
    expect(policy.rules["attack/deleted-program"]).toEqual({ enabled: false });
  });
});

describe("what changed", () => {
  it("leaves out what was written before --since, and still counts it", async () => {
    const folder = scratch();
    const old = put(folder, "old.tar");
    utimesSync(old, now / 1000 - 9 * 86_400, now / 1000 - 9 * 86_400);
    const fresh = put(folder, "new.tar");
    for (const since of ["2h", "2026-11-21", "2026-11-21T22:30:00Z"]) {
      const { report: said } = await report("--since", since, folder);
      expect(said.archives.map(({ path }) => path)).toEqual([fresh]);
      expect(said.housekeeping.map(({ ruleId }) => ruleId)).toContain("housekeeping/old-archive");
    }
    expect((await report("--since", "10d", folder)).report.archives).toHaveLength(2);
  });

  it("audits again what changed, and counts what did not as it was", async () => {
    const folder = scratch();
    const state = join(scratch(), "state.json");
    const [a, b] = [put(folder, "a.tar", rich), put(folder, "b.tar")] as const;
    const words = ["--changed-only", "--state", state, folder];
    const first = await report(...words);
    expect(first.report.archives.map(({ path }) => path)).toEqual([a, b]);
    expect(statSync(state).mode & 0o777).toBe(0o600);

    const second = await report(...words);
    expect(second.report.archives).toEqual([]);
    expect(second.report.unchanged).toMatchObject([
      { path: a, auditedAt: "2026-11-22T00:00:00Z", counts: { allowed: 0 } },
      { path: b },
    ]);
    // The findings of the first are still there, whoever looked at them.
    expect([first.code, second.code]).toEqual([1, 1]);
    expect((await audit(...words, "--fail-on", "none")).code).toBe(0);

    put(folder, "b.tar", containerdCounter);
    const third = await report(...words);
    expect(third.report.archives.map(({ path }) => path)).toEqual([b]);
    expect(third.report.unchanged.map(({ path }) => path)).toEqual([a]);
    // Another question is asked of all again.
    const fourth = await report(...words, "--skip", "attack");
    expect(fourth.report.archives).toHaveLength(2);
  });

  it("remembers no archive that could not be read", async () => {
    const folder = scratch();
    const state = join(scratch(), "state.json");
    truncateSync(put(folder, "a.tar"), 100);
    const words = ["--changed-only", "--state", state, folder];
    await report(...words);
    expect((await report(...words)).report.archives).toHaveLength(1);
  });
});

describe("custody", () => {
  it("hashes, and says who asked how, with secrets masked", async () => {
    const path = put(scratch(), "a.tar");
    const { report: said } = await report("--custody", "--since", "2020-01-01", path);
    const { custody } = said.archives[0] ?? {};
    expectValid("audit-report", said);
    expect(custody?.archiveSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(custody?.members.length).toBeGreaterThan(10);
    expect(custody?.command).toBe(
      `cryoscope audit --permissions owner --no-memory -o json --custody --since 2020-01-01 ${path}`,
    );
  });
});

describe("custody in a table", () => {
  it("has the hash of the archive, and with -o wide of each member", async () => {
    const path = put(scratch(), "a.tar");
    const words = ["--custody", "--rule", "integrity"];
    const sum = createHash("sha256").update(readFileSync(path)).digest("hex");
    const { out } = await audit(...words, path);
    expect(out).toContain(`SHA-256  ${sum}`);
    expect(out).toMatch(/members {2}\d+ hashed/);
    const { out: wide } = await audit(...words, "-o", "wide", path);
    expect(wide).toMatch(/[0-9a-f]{64} {2}\d+ {2}checkpoint\/pages-1\.img/);
  });
});

describe("a report that cannot be written", () => {
  it("is one clear error, and no part of it stays", async () => {
    const folder = scratch();
    const path = put(folder, "a.tar");
    const taken = join(folder, "report.json");
    writeFileSync(taken, "mine");
    const { code, err } = await audit("-o", "json", "--output-file", taken, path);
    expect(code).toBe(4);
    expect(err).toMatch(/exists already/);
    expect(readFileSync(taken, "utf8")).toBe("mine");
  });

  it("is not there where the audit did not take place", async () => {
    const file = join(scratch(), "report.json");
    // Standard input is a terminal here.
    const { code, err } = await audit("--output-file", file, "-");
    expect({ code, there: existsSync(file) }).toEqual({ code: 2, there: false });
    expect(err).toMatch(/standard input is a terminal/);
  });

  it("stays where only the state cannot be written", async () => {
    const folder = scratch();
    const [file, state] = [join(folder, "report.txt"), join(folder, "nowhere", "state.json")];
    const path = put(folder, "a.tar");
    expect((await audit("--state", state, "--output-file", file, path)).code).toBe(4);
    expect(readFileSync(file, "utf8")).toMatch(/1 archive:/);
  });
});

describe("pruning", () => {
  const year = 365 * 86_400_000;
  const prune = (...words: string[]): Promise<Ran> =>
    run(["audit", "--prune", "--permissions", "owner", ...words], { now: now + year });

  it("says what it would delete, and deletes nothing", async () => {
    const folder = scratch();
    put(folder, "a.tar");
    const kept = put(folder, "kept.tar");
    writeFileSync(`${kept}.keep`, "");
    const { code, out } = await prune(folder);
    expect(code).toBe(0);
    expect(out).toMatch(/would go .*a\.tar/);
    expect(out).toMatch(/stays .*pinned: there is kept\.tar\.keep .*kept\.tar/);
    expectValid("prune-plan", JSON.parse((await prune("-o", "json", folder)).out));
    expect(out).toMatch(/1 of 2 archives would be deleted.*nothing was deleted; --yes does it/);
    expect(readdirSync(folder)).toEqual(["a.tar", "kept.tar", "kept.tar.keep"]);
    expect((await prune("-q", folder)).out).toBe(`${join(folder, "a.tar")}\n`);
  });

  it("deletes with --yes, by the policy", async () => {
    const folder = scratch();
    const paths = ["a.tar", "b.tar", "c.tar"].map((name) => put(folder, name));
    const policy = join(folder, "policy.yaml");
    writeFileSync(
      policy,
      `apiVersion: cryoscope/v1\nkind: AuditPolicy\nkeep: ["**/b.tar"]\nthresholds: { maxAge: 30d }\n`,
    );
    mkdirSync(join(folder, "deeper"));
    const { code, out } = await prune("--yes", "-o", "json", "--policy", policy, folder);
    expect(code).toBe(0);
    const plan = JSON.parse(out);
    expectValid("prune-plan", plan);
    expect(plan).toMatchObject({ kind: "PrunePlan", executed: true });
    expect(plan.delete.map(({ deleted }: { deleted: boolean }) => deleted)).toEqual([true, true]);
    expect(paths.map((path) => existsSync(path))).toEqual([false, true, false]);
  });
});
