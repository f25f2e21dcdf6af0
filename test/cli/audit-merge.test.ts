import { copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { AuditReport } from "../../src/audit/audit.ts";
import { renderJson } from "../../src/report/json.ts";
import { unsafe } from "../report/unsafe.ts";
import { archiveOf, evil, findingOf, fullReport, reportOf } from "../support/full-report.ts";
import { type Ran, run } from "../support/run.ts";
import { crioCounter, privateCopy, rich, scratch } from "../support/samples.ts";

type Parts = Partial<AuditReport>;

const merge = (...words: string[]): Promise<Ran> => run(["audit", "--merge", ...words]);

/** Text of a report that a node could have sent. */
function reportText(node: string | null, parts: Parts = {}): string {
  const scope = { paths: ["/c"], memory: true, since: null, rules: [], skip: [] };
  return [...renderJson({ node, scope, ...reportOf([]), ...parts })].join("");
}

function put(folder: string, name: string, text: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function merged(...words: string[]): Promise<{ ran: Ran; report: AuditReport }> {
  const ran = await merge("-o", "json", ...words);
  return { ran, report: JSON.parse(ran.out) as AuditReport };
}

function faultsOf(document: unknown): unknown[] {
  const file = new URL("../../src/report/schema/audit-report.json", import.meta.url);
  const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(
    JSON.parse(readFileSync(file, "utf8")),
  );
  validate(document);
  return validate.errors ?? [];
}

const placesOf = ({ archives }: AuditReport): string[] =>
  archives.map(({ node, path }) => `${node}:${path}`);

const critical = findingOf({ severity: "critical", message: "bad" });
const low = findingOf({ severity: "low", message: "meh" });

describe("audit --merge", () => {
  it("makes one report of what audits of nodes print", async () => {
    const folder = scratch();
    const archives = [privateCopy(crioCounter), privateCopy(rich)];
    const words = ["audit", "--permissions", "owner", "--no-memory", "-o", "json"];
    const made: AuditReport[] = [];
    for (const [at, archive] of archives.entries()) {
      const { out } = await run([...words, archive], { env: { NODE_NAME: `worker-${2 - at}` } });
      made.push(JSON.parse(out) as AuditReport);
      put(folder, `${at}.json`, out);
    }
    expect(made.map(({ node }) => node)).toEqual(["worker-2", "worker-1"]);
    expect(made[0]?.scope).toMatchObject({ paths: [archives[0]], memory: false, since: null });

    const { ran, report } = await merged(folder);
    expect(ran.err).toBe("");
    expect(faultsOf(report)).toEqual([]);
    // By node, and not by file.
    expect(placesOf(report)).toEqual([`worker-1:${archives[1]}`, `worker-2:${archives[0]}`]);
    const { node: _, ...first } = report.archives[0] as { node: string };
    expect(first).toEqual(made[1]?.archives[0]);
    const sum = made.reduce((count, { counts }) => count + counts.bySeverity.high, 0);
    expect(report.counts.bySeverity.high).toBe(sum);
    expect(ran.code).toBe(1);
    expect((await merge("--fail-on", "none", folder)).code).toBe(0);
  });

  it("keeps all that an audit says, in every form", async () => {
    const path = put(scratch(), "a.json", reportText("node-1", fullReport()));
    const { report } = await merged(path);
    expect(faultsOf(report)).toEqual([]);
    const full = JSON.parse([...renderJson(fullReport())].join("")) as AuditReport;
    const strip = <T extends object>(list: T[]): T[] =>
      list.map(({ node, ...rest }: T & { node?: unknown }) => {
        expect(node).toBe("node-1");
        return rest as T;
      });
    for (const name of ["archives", "unchanged", "housekeeping"] as const) {
      expect(strip<object>(report[name])).toEqual(full[name]);
    }
    expect(report.counts).toEqual(full.counts);
    expect(report.problems).toEqual([{ ...full.problems[0], where: { node: "node-1" } }]);

    const yaml = await merge("-o", "yaml", path);
    expect(parse(yaml.out)).toEqual(report);
    for (const form of ["table", "wide", "json", "yaml", "sarif", "junit", "html"]) {
      const { out, code } = await merge("-o", form, path);
      expect(out, form).toContain("node-1");
      expect(out.replaceAll("\n", ""), form).not.toMatch(unsafe);
      expect(code).toBe(1);
    }
  });

  it("has nodes as machines in SARIF, and their names in URIs", async () => {
    const folder = scratch();
    const archives = [archiveOf({ findings: [critical] })];
    put(folder, "a.json", reportText("node-1", { archives }));
    put(folder, "b.json", reportText("node-2", { archives }));
    const { out } = await merge("-o", "sarif", folder);
    const [{ results, artifacts, invocations, tool }] = JSON.parse(out).runs;
    expect(tool.driver.rules.length).toBeGreaterThan(100);
    expect(invocations.map((one: { machine?: string }) => one.machine)).toEqual([
      "node-1",
      "node-2",
      undefined,
    ]);
    const uri = (at: number): string =>
      results[at].locations[0].physicalLocation.artifactLocation.uri;
    expect(uri(1)).toMatch(/^file:\/\/node-2\/var\/lib\/kubelet\/checkpoints\//);
    const { index } = results[1].locations[0].physicalLocation.artifactLocation;
    expect(artifacts[index].location.uri).toBe(uri(1));
  });

  it("counts suites and cases in the head of JUnit", async () => {
    const archives = [archiveOf({ findings: [critical] }), archiveOf({ path: "/b.tar" })];
    const { out } = await merge(
      "-o",
      "junit",
      put(scratch(), "a.json", reportText("n", { archives })),
    );
    const [, tests, failures] = /tests="(\d+)" failures="(\d+)"/.exec(out) as RegExpExecArray;
    expect(Number(tests)).toBe(out.match(/<testcase /g)?.length);
    expect(failures).toBe("1");
    expect(out.match(/<testsuite /g)).toHaveLength(3);
  });

  it("sums up node by node, and names archives for scripts", async () => {
    const folder = scratch();
    put(folder, "a.json", reportText("quiet", { archives: [archiveOf()] }));
    put(folder, "b.json", reportText("loud", { archives: [archiveOf({ findings: [critical] })] }));
    const { out } = await merge("--summary", folder);
    expect(
      out
        .split("\n")
        .slice(1, 3)
        .map((line) => line.split(" ")[0]),
    ).toEqual(["loud", "quiet"]);
    expect(out).toContain("2 nodes");
    expect((await merge("-q", folder)).out).toBe(`loud:${archiveOf().path}\n`);
  });

  describe("of several reports of a node", () => {
    const scope = { paths: ["/c"], memory: true, since: null, rules: [], skip: [] };
    const at = (hour: number): string => `2026-11-22T0${hour}:00:00Z`;

    it("takes the newest of each question", async () => {
      const folder = scratch();
      const gone = archiveOf({ path: "/c/gone.tar", findings: [critical] });
      const here = archiveOf({ path: "/c/here.tar", findings: [low] });
      put(folder, "old.json", reportText("n", { auditedAt: at(1), archives: [gone, here] }));
      put(folder, "new.json", reportText("n", { auditedAt: at(2), archives: [here] }));
      const other = { ...scope, paths: ["/backup"] };
      const backup = archiveOf({ path: "/backup/b.tar" });
      put(
        folder,
        "other.json",
        reportText("n", { auditedAt: at(0), scope: other, archives: [backup] }),
      );
      const { report, ran } = await merged(folder);
      expect(placesOf(report)).toEqual(["n:/c/here.tar", "n:/backup/b.tar"]);
      expect(report).toMatchObject({ replaced: 1, auditedAt: at(2) });
      expect(ran.code).toBe(0);
    });

    it("tells an archive once, from the audit that searched memory", async () => {
      const folder = scratch();
      const quick = { ...scope, memory: false };
      const light = archiveOf({ findings: [low] });
      const deep = archiveOf({ findings: [low, critical] });
      put(
        folder,
        "quick.json",
        reportText("n", { auditedAt: at(5), scope: quick, archives: [light] }),
      );
      put(folder, "deep.json", reportText("n", { auditedAt: at(1), archives: [deep] }));
      const { report } = await merged(folder);
      expect(report.archives).toHaveLength(1);
      expect(report.counts.bySeverity).toMatchObject({ critical: 1, low: 1 });
    });

    it("brings findings of what was passed over as unchanged", async () => {
      const folder = scratch();
      const before = [
        archiveOf({ path: "/c/a.tar", findings: [critical] }),
        archiveOf({ path: "/c/gone.tar", findings: [critical] }),
      ];
      const counts = {
        bySeverity: { critical: 1, high: 0, medium: 0, low: 0, info: 0 },
        allowed: 0,
      };
      const unchanged = [
        { path: "/c/a.tar", auditedAt: at(1), counts },
        { path: "/c/lost.tar", auditedAt: at(0), counts },
      ];
      const now = [archiveOf({ path: "/c/b.tar" })];
      put(folder, "1.json", reportText("n", { auditedAt: at(1), archives: before }));
      put(folder, "2.json", reportText("n", { auditedAt: at(2), archives: now, unchanged }));
      const { report } = await merged(folder);
      expect(placesOf(report)).toEqual(["n:/c/b.tar", "n:/c/a.tar"]);
      expect(report.unchanged.map(({ path }) => path)).toEqual(["/c/lost.tar"]);
      expect(report.counts.bySeverity.critical).toBe(1);
    });

    it("replaces no whole report by one that breaks off", async () => {
      const folder = scratch();
      const whole = reportText("n", {
        auditedAt: at(1),
        archives: [archiveOf({ path: "/c/a.tar" })],
      });
      const archives = [archiveOf({ path: "/c/b.tar" }), archiveOf({ path: "/c/c.tar" })];
      const next = reportText("n", { auditedAt: at(2), archives });
      put(folder, "1.json", whole);
      const cut = next.indexOf("/c/c.tar");
      put(folder, "2.json", next.slice(0, cut));
      const { report, ran } = await merged(folder);
      expect(placesOf(report)).toEqual(["n:/c/b.tar", "n:/c/a.tar"]);
      expect(ran.code).toBe(3);
      expect(ran.err).toContain(`2.json, byte ${cut.toLocaleString("en-US")}`);
      expect(report.problems).toMatchObject([{ severity: "error", code: "report-truncated" }]);
    });
  });

  it("reads pipes, packed files, and reports one behind another", async () => {
    const folder = scratch();
    const text = (node: string): string => reportText(node, { archives: [archiveOf()] });
    const line = (node: string): string => `${JSON.stringify(JSON.parse(text(node)))}\n`;
    const packed = put(folder, "a.json.gz", gzipSync(text("c") + line("a")));
    const lines = put(folder, "b.jsonl", line("d") + line("b"));
    async function* stdin(): AsyncGenerator<Uint8Array> {
      const bytes = Buffer.from(line("f") + text("e"));
      for (let at = 0; at < bytes.length; at += 100) yield bytes.subarray(at, at + 100);
    }
    const { out, code } = await run(["audit", "--merge", "-o", "json", packed, lines, "-"], {
      stdin: stdin(),
    });
    expect(code).toBe(0);
    const { archives } = JSON.parse(out) as AuditReport;
    expect(archives.map(({ node }) => node)).toEqual(["a", "b", "c", "d", "e", "f"]);
  });

  it("walks folders, and follows no link in them", async () => {
    const folder = scratch();
    const outside = scratch();
    mkdirSync(join(folder, "zone/a"), { recursive: true });
    put(join(folder, "zone/a"), "n.json", reportText("n"));
    put(folder, ".hidden.json", "no report");
    put(folder, "notes.txt", "no report");
    symlinkSync(put(outside, "m.json", reportText("m")), join(folder, "m.json"));
    const { report, ran } = await merged(folder);
    expect(ran.code).toBe(0);
    expect((report as unknown as { reports: unknown[] }).reports).toMatchObject([{ node: "n" }]);
  });

  it.each<[string, string | Uint8Array, string]>([
    ["something else", '{"apiVersion":"v1","kind":"Pod"}', "no report of an audit"],
    ["nothing", "", "no report in it"],
    ["text", "hello", "not JSON"],
    ["packed nonsense", Buffer.from([0x1f, 0x8b, 1, 2, 3, 4, 5, 6, 7, 8, 9]), "damaged"],
    ["a time that is none", reportText("n", { auditedAt: "today" }), "/auditedAt"],
  ])("merges the rest where a report is %s", async (_name, text, message) => {
    const folder = scratch();
    put(folder, "bad.json", text);
    put(folder, "good.json", reportText("n", { archives: [archiveOf()] }));
    const { report, ran } = await merged(folder);
    expect(ran.err).toContain(message);
    expect(ran.err).toContain("bad.json");
    expect(report.archives).toHaveLength(1);
    expect(ran.code).toBe(3);
  });

  it("keeps what is sound of a report with entries that are not", async () => {
    const archives = [
      archiveOf(),
      { ...archiveOf(), path: 5 },
      archiveOf({ findings: [critical] }),
    ];
    const odd = { ...archiveOf(), findings: [{ ...critical, severity: "grave" }] };
    const text = reportText("n", { archives: [...archives, odd] as never });
    const { report, ran } = await merged("--fail-on", "none", put(scratch(), "a.json", text));
    expect(report.archives).toHaveLength(2);
    expect(ran.err).toMatch(/\/archives\/1\/path[\s\S]*allowed {2}a text/);
    expect(ran.err).toMatch(/\/archives\/3\/findings\/0\/severity[\s\S]*"grave"/);
    expect(ran.code).toBe(3);
  });

  it("refuses what was merged already, and what is not there", async () => {
    const folder = scratch();
    const one = await merge("-o", "json", put(folder, "a.json", reportText("n")));
    const again = await merge(put(folder, "b.json", one.out), join(folder, "none.json"));
    expect(again.err).toContain("merged of others");
    expect(again.err).toContain("there is no");
    expect(again.code).toBe(3);
  });

  it("says when a report changes while it is merged", async () => {
    const folder = scratch();
    const path = put(folder, "a.json", reportText("n", { archives: [archiveOf()] }));
    const copy = put(folder, "b.json", reportText("m"));
    async function* stdin(): AsyncGenerator<Uint8Array> {
      rmSync(path);
      copyFileSync(copy, path);
      yield Buffer.from(reportText("o"));
    }
    const { err, code } = await run(["audit", "--merge", path, "-"], { stdin: stdin() });
    expect(err).toContain("written while it was merged");
    expect(code).toBe(3);
  });

  it("shows nothing of a report that could move a cursor", async () => {
    const archives = [archiveOf({ path: evil, findings: [findingOf({ message: evil })] })];
    const path = put(scratch(), "a.json", reportText(evil, { archives }));
    for (const words of [[], ["--summary"], ["-q"], ["-o", "wide"], ["-o", "html"]]) {
      const { out } = await merge(...words, path);
      expect(out.replaceAll("\n", "")).not.toMatch(unsafe);
    }
  });

  it("takes no options that say nothing of reports", async () => {
    for (const words of [["--no-memory"], ["--custody"], ["--since", "1h"], ["--rule", "attack"]]) {
      const { code, err } = await merge(...words, ".");
      expect(err).toContain("says nothing of reports");
      expect(code).toBe(2);
    }
    expect((await merge()).code).toBe(2);
    expect((await merge(scratch())).err).toContain("No reports in");
    expect((await run(["audit", "--node", "a b"])).code).toBe(2);
  });
});
