import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { AuditReport } from "../../src/audit/audit.ts";
import { renderExposition } from "../../src/report/prometheus/exposition.ts";
import { parseExposition, valuesOf } from "../support/prometheus.ts";
import { type Ran, run } from "../support/run.ts";
import { crioCounter, privateCopy, rich, scratch } from "../support/samples.ts";

const now = Date.parse("2026-11-22T00:00:00Z");
const env = { NODE_NAME: "worker-7" };

/** A folder with archives, the last one open to all and written a day before. */
function folderOfArchives(): string {
  const folder = scratch();
  for (const [name, sample] of [
    ["a.tar", crioCounter],
    ["b.tar", rich],
  ] as const) {
    copyFileSync(privateCopy(sample), join(folder, name));
  }
  const open = join(folder, "c.tar");
  writeFileSync(open, "no archive", { mode: 0o644 });
  utimesSync(open, now / 1000 - 86_400, now / 1000 - 86_400);
  return folder;
}

const audit = (...words: string[]): Promise<Ran> =>
  run(["audit", "--permissions", "owner", "--no-memory", ...words], { now, env });

const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe("audit -o prometheus", () => {
  it("tells what lies there, what was found, and how the run went", async () => {
    const folder = folderOfArchives();
    const { out } = await audit("-o", "prometheus", folder);
    const told = parseExposition(out);
    const report = JSON.parse((await audit("-o", "json", folder)).out) as AuditReport;
    expect(valuesOf(told, "cryoscope_findings", "severity")).toEqual(report.counts.bySeverity);
    expect(valuesOf(told, "cryoscope_audit_archives", "result")).toEqual({
      whole: 2,
      incomplete: 0,
      unreadable: 0,
      refused: 1,
      unchanged: 0,
    });
    expect(valuesOf(told, "cryoscope_archives", "folder")).toEqual({ [folder]: 3 });
    const bytes = readdirSync(folder).reduce((sum, it) => sum + statSync(join(folder, it)).size, 0);
    expect(valuesOf(told, "cryoscope_archive_bytes", "folder")).toEqual({ [folder]: bytes });
    const oldest = valuesOf(told, "cryoscope_archive_oldest_timestamp_seconds", "folder");
    expect(oldest).toEqual({ [folder]: now / 1000 - 86_400 });
    expect(valuesOf(told, "cryoscope_audit_last_run_timestamp_seconds")).toEqual({
      "": now / 1000,
    });
    const free = valuesOf(told, "cryoscope_folder_free_bytes", "folder")[folder] as number;
    expect(valuesOf(told, "cryoscope_folder_size_bytes", "folder")[folder]).toBeGreaterThan(free);
    const ruled = valuesOf(told, "cryoscope_rule_findings", "rule", "severity");
    const sum = Object.values(ruled).reduce((total, value) => total + value, 0);
    expect(sum).toBe(Object.values(report.counts.bySeverity).reduce((a, b) => a + b));
    expect(told.samples.every(({ name }) => name.startsWith("cryoscope_"))).toBe(true);
  });

  it("counts what was not looked at again", async () => {
    const folder = folderOfArchives();
    const state = join(scratch(), "state.json");
    const words = ["-o", "prometheus", "--changed-only", "--state", state, folder];
    const first = parseExposition((await audit(...words)).out);
    const again = parseExposition((await audit(...words)).out);
    expect(valuesOf(again, "cryoscope_audit_archives", "result")).toMatchObject({ unchanged: 2 });
    for (const name of ["cryoscope_findings", "cryoscope_archives", "cryoscope_archive_bytes"]) {
      expect(valuesOf(again, name, "severity")).toEqual(valuesOf(first, name, "severity"));
    }
  });

  it("has the node as a label where it is of many", async () => {
    const folder = scratch();
    for (const node of ["one", "two"]) {
      const { out } = await run(
        ["audit", "--permissions", "owner", "--no-memory", "-o", "json", privateCopy(rich)],
        { env: { NODE_NAME: node } },
      );
      writeFileSync(join(folder, `${node}.json`), out);
    }
    writeFileSync(join(folder, "bad.json"), "{");
    const { out } = await run(["audit", "--merge", "-o", "prometheus", folder]);
    const told = parseExposition(out);
    expect(Object.keys(valuesOf(told, "cryoscope_archive_bytes", "node"))).toEqual(["one", "two"]);
    expect(valuesOf(told, "cryoscope_reports", "state")).toEqual({
      merged: 2,
      replaced: 0,
      faulty: 1,
    });
    const found = valuesOf(told, "cryoscope_findings", "node", "severity");
    const all = Object.values(found).reduce((sum, value) => sum + value, 0);
    const ruled = Object.values(valuesOf(told, "cryoscope_rule_findings", "rule", "severity"));
    expect(ruled.reduce((sum, value) => sum + value, 0)).toBe(all);
  });

  it("escapes what a label may not hold", () => {
    const labels = { folder: 'a"b\\c\nd\u001b[2J' };
    const metrics = [{ name: "x", help: "one\\ntwo", samples: [{ labels, value: 1.5e21 }] }];
    const [{ labels: read, value }] = parseExposition([...renderExposition(metrics)].join(""))
      .samples as unknown as [{ labels: Record<string, string>; value: number }];
    // Line breaks and escapes of terminals are shown as such.
    expect(read).toEqual({ folder: 'a"b\\c\\nd\\x1b[2J' });
    expect(value).toBe(1.5e21);
  });
});

describe("where audits leave their reports", () => {
  it("writes many forms of one audit", async () => {
    const folder = scratch();
    const at = (name: string): string => join(folder, name);
    const words = ["json", "sarif", "prometheus", "html"].flatMap((form) => [
      "--report",
      `${form}=${at("{node}-{time}")}.${form}`,
    ]);
    const { out } = await audit(...words, privateCopy(rich));
    expect(out).toContain("1 archive: ");
    const stem = "worker-7-20261122T000000Z";
    expect(readdirSync(folder).sort()).toEqual(
      ["html", "json", "prometheus", "sarif"].map((form) => `${stem}.${form}`),
    );
    for (const name of readdirSync(folder)) expect(mode(at(name))).toBe("600");
    const report = JSON.parse(readFileSync(at(`${stem}.json`), "utf8")) as AuditReport;
    // What only the page draws is not in it.
    expect(Object.keys(report.archives[0] ?? {})).not.toContain("details");
    expect(readFileSync(at(`${stem}.html`), "utf8")).toContain("Memory");
    const { runs } = JSON.parse(readFileSync(at(`${stem}.sarif`), "utf8"));
    expect(runs[0].results).toHaveLength(report.archives[0]?.findings.length as number);
  });

  it("replaces a file in one step, and only when it is told to", async () => {
    const folder = scratch();
    const file = join(folder, "cryoscope.prom");
    const other = join(folder, "other");
    writeFileSync(other, "mine");
    symlinkSync(other, file);
    const words = ["-o", "prometheus", "--output-file", file, privateCopy(crioCounter)];
    const refused = await audit(...words);
    expect(refused.err).toContain("exists already");
    expect(refused.code).toBe(4);
    const { code } = await audit("--replace", "--output-mode", "0644", ...words);
    expect(code).toBe(0);
    expect(lstatSync(file).isFile()).toBe(true);
    expect(mode(file)).toBe("644");
    expect(readFileSync(other, "utf8")).toBe("mine");
    parseExposition(readFileSync(file, "utf8"));
    expect((await audit("--replace", ...words)).code).toBe(0);
    expect(mode(file)).toBe("600");
    expect(readdirSync(folder).sort()).toEqual(["cryoscope.prom", "other"]);
  });

  it("leaves nothing where it cannot replace, and writes the other forms all the same", async () => {
    const folder = scratch();
    const taken = join(folder, "taken");
    mkdirSync(taken);
    writeFileSync(join(taken, "x"), "");
    const good = join(folder, "good.json");
    const ran = await audit(
      "--replace",
      ...["--output-file", taken, "--report", `json=${good}`, privateCopy(crioCounter)],
    );
    expect(ran.err).toContain("cannot be written");
    expect(ran.code).toBe(4);
    expect(JSON.parse(readFileSync(good, "utf8"))).toMatchObject({ kind: "AuditReport" });
    expect(readdirSync(folder).sort()).toEqual(["good.json", "taken"]);
  });

  it("says before the work what cannot be", async () => {
    const archive = privateCopy(crioCounter);
    const file = join(scratch(), "a");
    const wrong: [string[], string][] = [
      [["--replace"], "--replace needs a file"],
      [["--output-mode", "0644", "--output-file", file], "files that are replaced"],
      [["--output-file", file, "--report", `json=${file}`], "one place"],
      [["--report", "json"], "FORM=FILE"],
      [["--report", "text=x"], "FORM=FILE"],
    ];
    for (const [words, message] of wrong) {
      const { err, code } = await audit(...words, archive);
      expect(err.toLowerCase()).toContain(message.toLowerCase());
      expect(code).toBe(2);
    }
    expect(existsSync(file)).toBe(false);
  });
});
