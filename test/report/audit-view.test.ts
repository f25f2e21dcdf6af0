import { describe, expect, it } from "vitest";
import { renderAuditSummary } from "../../src/report/audit-summary-view.ts";
import { quietAudit, renderAudit } from "../../src/report/audit-view.ts";
import { colourStyle } from "../../src/report/style.ts";
import type { TableOptions } from "../../src/report/table.ts";
import { wrapWords } from "../../src/report/wrap.ts";
import { archiveOf, evil, findingOf, fullReport, reportOf } from "../support/full-report.ts";
import { unsafe } from "./unsafe.ts";

const plain: TableOptions = { headers: true, wide: false };
const wide: TableOptions = { headers: true, wide: true };
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
const colours = /\u001b\[\d+m/g;

const privileged = findingOf({
  severity: "critical",
  message: "app (pid 1) has every capability and every device of the node",
  places: [{ member: "spec.dump", pointer: "/process/capabilities" }],
});
const small = reportOf([
  archiveOf({
    findings: [
      privileged,
      findingOf({
        ruleId: "locked-down/mode",
        title: "Archive can be read by others",
        severity: "high",
        message: "mode 0644",
        remedy: "`cryoscope secure FILE`",
        places: [{ path: archiveOf().path }],
      }),
      findingOf({ severity: "info", message: "it has a device more" }),
      findingOf({
        ruleId: "attack/listener",
        title: "Listener",
        message: "listens on tcp 0.0.0.0:18080",
        allowed: { reason: "the service itself", expires: null },
      }),
    ],
  }),
]);

describe("an audit for people", () => {
  it("tells of one archive group by group, what to do below each rule", () => {
    expect(renderAudit(small, { ...plain, width: 64 })).toBe(`\
shop/cart-0/app  cri-o, 286.0 KiB, 2026-11-21T21:20:14Z
  ${archiveOf().path}
  1 critical, 1 high, 1 info, 1 allowed

  Locked down
    ✗ high      Archive can be read by others  locked-down/mode
        mode 0644
        → \`cryoscope secure FILE\`

  Exposure
    ✗ critical  Container is privileged  exposure/privileged
        app (pid 1) has every capability and every device of the
        node
          spec.dump, /process/capabilities
        info: it has a device more
        → Take \`privileged: true\` out of the pod.

  Signs of attack
    ✓ allowed   Listener  attack/listener
        listens on tcp 0.0.0.0:18080
          ✓ the service itself

✗ 1 archive: 1 critical, 1 high, 1 info, 1 allowed  (fails on high: 2 to mend)
`);
  });

  it("tells of many archives what to do once, and of those without findings in a line", () => {
    const [archive] = small.archives;
    const clean = { namespace: null, pod: null, checkpointedAt: null, sizeBytes: null };
    const report = reportOf([
      archiveOf({ ...clean, container: "a" }),
      archiveOf({ ...clean, container: "b", memorySearched: false }),
      archiveOf({ ...archive, findings: [privileged] }),
      archiveOf({ ...archive, container: "web", findings: [privileged] }),
    ]);
    const text = renderAudit(report, plain);
    expect(text).toMatch(
      /^✓ nothing found {2}a {2}cri-o\n✓ nothing found {2}b {2}cri-o, memory not searched\n\nshop/,
    );
    expect(text.match(/→ /g)).toHaveLength(1);
    expect(text.slice(text.indexOf("What to do"))).toBe(`\
What to do
  ✗ critical  exposure/privileged
      → Take \`privileged: true\` out of the pod.

✗ 4 archives: 2 critical  (fails on high: 2 to mend)
`);
  });

  it("shows few findings and places, wide all of them with fingerprints and facts", () => {
    const places = Array.from({ length: 5 }, (_, pid) => ({ pid }));
    const findings = Array.from({ length: 12 }, (_, at) =>
      findingOf({ message: `finding ${at}.`, places, facts: { at, kinds: ["a", "b"] } }),
    );
    const report = reportOf([archiveOf({ findings })]);
    const text = renderAudit(report, plain);
    expect(text.match(/finding \d/g)).toHaveLength(10);
    expect(text).toContain("    and 2 more (-o wide shows them)\n");
    expect(text.match(/^ +pid \d$/gm)).toHaveLength(30);
    expect(text).toContain("    and 2 more places\n");
    expect(text).not.toContain("fingerprint");
    const all = renderAudit(report, wide);
    expect(all.match(/finding \d/g)).toHaveLength(12);
    expect(all.match(/^ +pid \d$/gm)).toHaveLength(60);
    expect(all.match(/^ +fingerprint [0-9a-f]{32}$/gm)).toHaveLength(12);
    expect(all).toContain("at=11 kinds=a,b\n");
  });

  it("says why an archive was not read, once", () => {
    const fault = { kind: "broken", code: null, message: "no tar", next: "look at it" } as const;
    const alone = renderAudit(reportOf([archiveOf({ fault })]), plain);
    expect(alone).toContain("  ✗ not read  no tar\n    next  look at it\n");
    expect(alone).toContain(
      "✗ 1 archive: nothing was looked at; 1 not read  (fails on high: not all was looked at)",
    );
    const found = findingOf({ ruleId: "integrity/unreadable", message: "no tar" });
    const both = renderAudit(reportOf([archiveOf({ fault, findings: [found] })]), plain);
    expect(both.match(/no tar/g)).toHaveLength(1);
    const refused = { ...fault, kind: "refused" as const };
    expect(renderAudit(reportOf([archiveOf({ fault: refused })]), plain)).toContain("✗ refused");
  });

  it("takes no silence for health", () => {
    const last = (report: ReturnType<typeof reportOf>): string =>
      renderAudit(report, plain).trimEnd().split("\n").at(-1) as string;
    const problem = { severity: "error" as const, code: "x", message: "a part" };
    expect(last(reportOf([]))).toBe("· no archives: nothing was audited");
    expect(last(reportOf([archiveOf()]))).toBe(
      "✓ 1 archive: nothing found  (fails on high: passed)",
    );
    expect(last(reportOf([archiveOf({ problems: [problem] })]))).toBe(
      "✗ 1 archive: nothing found; 1 not whole  (fails on high: not all was looked at)",
    );
    expect(last(reportOf([archiveOf({ findings: [privileged] })], { failOn: "none" }))).toBe(
      "✓ 1 archive: 1 critical  (nothing fails: passed)",
    );
    const { unchanged } = fullReport();
    expect(last(reportOf([archiveOf()], { unchanged }))).toBe(
      "✗ 1 archive: nothing found; 1 unchanged  (fails on high: 1 to mend)",
    );
  });

  it("says with colours nothing that it does not say without, and nothing unsafe", () => {
    for (const options of [plain, wide, { ...plain, width: 40 }]) {
      const text = renderAudit(fullReport(), options);
      expect(text).not.toMatch(unsafe);
      const coloured = renderAudit(fullReport(), { ...options, style: colourStyle });
      expect(coloured).not.toBe(text);
      expect(coloured.replace(colours, "")).toBe(text);
    }
  });

  it("names archives on -q that fail or were not read", () => {
    expect(quietAudit(fullReport()).split("\n")).toHaveLength(3);
    expect(quietAudit(reportOf([archiveOf()]))).toBe("");
    const allowed = findingOf({ allowed: { reason: "x", expires: null } });
    expect(quietAudit(reportOf([archiveOf({ findings: [allowed] })]))).toBe("");
    expect(quietAudit(reportOf([archiveOf({ path: evil, findings: [findingOf()] })]))).not.toMatch(
      unsafe,
    );
  });
});

describe("the summary", () => {
  it("has a line an archive, with the gravest that nobody allowed", () => {
    const report = reportOf(
      [
        archiveOf({ path: "a.tar", findings: small.archives[0]?.findings ?? [] }),
        archiveOf({ path: "b.tar", container: null, pod: null, namespace: null }),
        archiveOf({
          path: "c.tar",
          fault: { kind: "refused", code: "mode", message: "m", next: null },
        }),
      ],
      { housekeeping: [findingOf({ ruleId: "housekeeping/old-archive", severity: "low" })] },
    );
    expect(renderAuditSummary(report, plain)).toBe(`\
NAME                CRIT   HIGH   MED   LOW   INFO   ALLOWED   WORST                            ARCHIVE
shop/cart-0/app        1      1     –     –      1         1   ✗ critical exposure/privileged   a.tar
–                      –      –     –     –      –         –   ✓ nothing found                  b.tar
shop/cart-0/app        –      –     –     –      –         –   ✗ refused                        c.tar
archives together      –      –     –     1      –         –   · low housekeeping/old-archive   –

✗ 3 archives: 1 critical, 1 high, 1 low, 1 info, 1 allowed; 1 not read  (fails on high: 2 to mend)
`);
  });

  it("fits a narrow terminal, and says nothing unsafe", () => {
    const [, ...rows] =
      renderAuditSummary(fullReport(), { ...plain, width: 80 })
        .split("\n\n")[0]
        ?.split("\n") ?? [];
    expect(rows).toHaveLength(4);
    for (const row of rows) expect(row.length).toBeLessThanOrEqual(80);
    expect(renderAuditSummary(fullReport(), wide)).not.toMatch(unsafe);
  });
});

describe("wrapWords", () => {
  it.each([
    ["one two", undefined, ["one two"]],
    ["one two three", 7, ["one two", "three"]],
    ["longerthanseven x", 7, ["longerthanseven", "x"]],
    ["", 7, [""]],
    ["日本語 日本", 7, ["日本語", "日本"]],
  ])("%j in %j columns", (text, columns, lines) => {
    expect(wrapWords(text, columns)).toEqual(lines);
  });
});
