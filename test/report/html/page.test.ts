import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ArchiveAudit } from "../../../src/audit/audit.ts";
import { type ArchiveDetails, gatherDetails } from "../../../src/audit/details.ts";
import { openCheckpoint } from "../../../src/checkpoint/open-checkpoint.ts";
import { type HtmlOptions, renderHtml } from "../../../src/report/html/render-html.ts";
import { styleSheet } from "../../../src/report/html/style-sheet.ts";
import { auditOf, findingOf, reportOf, somePlaces } from "../../support/audit-report.ts";
import { samplePath } from "../../support/samples.ts";

const options: HtmlOptions = {
  version: "0.1.0",
  revealed: false,
  rules: [
    {
      id: "locked-down/mode",
      title: "Archive can be read by others",
      severity: "high",
      looksAt: "its mode",
      why: "Because `it` says so.",
      remedy: "Mend it.",
    },
  ],
};

function page(archives: ArchiveAudit[], more: Partial<HtmlOptions> = {}): string {
  return [...renderHtml(reportOf(archives), { ...options, ...more })].join("");
}

/** Every tag with the names of its attributes, in order; fails where there is anything else in `<>`. */
function skeleton(text: string): string[] {
  const body = text.replace(`<style>${styleSheet}</style>`, "");
  expect(body).not.toContain("<style");
  const tag = /<(?:!DOCTYPE html|\/[a-z0-9]+|([a-z0-9]+)((?: [a-zA-Z-]+(?:="[^"<>`]*")?)*)\/?)>/g;
  const between = body.split(tag).filter((_, at) => at % 3 === 0);
  for (const part of between) expect(part).not.toMatch(/[<>]/);
  return [...body.matchAll(tag)].map(([all, name, attributes]) =>
    name === undefined
      ? all
      : `${name} ${[...(attributes ?? "").matchAll(/ ([a-zA-Z-]+)=?/g)].map((it) => it[1]).join(" ")}`,
  );
}

/** A report in which every text of an archive is `text`. */
function filled(text: string): ArchiveAudit {
  const finding = findingOf("locked-down/mode", "high", {
    title: text,
    message: text,
    places: [...somePlaces, { path: text, member: text, mapping: text, pointer: text }],
    facts: { [`k${text}`]: text, list: [text, text] },
    secret: { detector: text, fingerprint: text },
  });
  const process = {
    pid: 1,
    ppid: 0,
    pgid: 1,
    sid: 1,
    depth: 0,
    comm: text,
    command: [text, text],
    state: text,
    exitCode: null,
    exitSignal: null,
    threads: [1],
    exe: text,
    uid: 0,
    dumpedBytes: 4096,
  };
  const end = { protocol: text, state: text, local: text, remote: text, pid: 1, comm: text };
  const details: ArchiveDetails = {
    ociRuntime: text,
    evidence: [text],
    podUid: text,
    imageRef: `r${text}`,
    createdAt: text,
    architecture: text,
    frozenFor: 1,
    members: 1,
    sizes: { pages: 1, image: 0, metadata: 0, rootfs: 0, volume: 0, log: 0, other: 1 },
    processes: { items: [process, { ...process, pid: 2, depth: 1 }], more: 0 },
    memory: {
      items: [
        {
          pid: 1,
          comm: text,
          bytes: { heap: 4096, stack: 0, anonymous: 0, executable: 0, file: 0, other: 0 },
        },
      ],
      more: 0,
    },
    sharedBytes: 4096,
    listeners: { items: [end], more: 0 },
    connections: { items: [end], more: 3 },
  };
  return auditOf(text, {
    id: text,
    container: text,
    pod: text,
    namespace: text,
    image: text,
    checkpointedAt: text,
    findings: [finding, { ...finding, allowed: { reason: text, expires: text } }],
    problems: [{ severity: "error", code: "x", message: text, where: { member: text } }],
    custody: {
      archiveSha256: text,
      members: [{ name: text, size: 1, sha256: text }],
      moreMembers: 0,
      tool: text,
      hashedAt: text,
      user: text,
      uid: 0,
      host: text,
      command: text,
    },
    details,
  });
}

describe("the page for hand-over", () => {
  it("keeps its structure whatever an archive says", () => {
    const plain = skeleton(page([filled("a"), filled("b")]));
    expect(plain.length).toBeGreaterThan(100);
    const foreign = fc.string({
      minLength: 1,
      unit: fc.oneof(
        fc.constantFrom(
          "<",
          ">",
          '"',
          "'",
          "&",
          "</style>",
          "<script>",
          "-->",
          " onload=",
          "\u202e",
          "\n",
          "]]>",
        ),
        fc.string({ minLength: 1, maxLength: 1, unit: "binary" }),
      ),
    });
    fc.assert(
      fc.property(foreign, (text) => {
        expect(skeleton(page([filled(text), filled(text)]))).toEqual(plain);
      }),
      { numRuns: 50 },
    );
  });

  it("loads nothing, runs nothing, and forbids both", () => {
    const text = page([filled("https://evil.example/x.png")]);
    expect(text).toContain(
      `<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;;`,
    );
    expect(text).not.toMatch(/<script|<img|<link|<iframe|<object|<base| on\w+="/);
    expect(text).not.toMatch(/\s(?:src|href|action|style)="(?!#)/);
    expect(styleSheet).not.toMatch(/url\(|@import|</);
  });

  it("is complete as it is said in pieces, one for each archive", () => {
    const pieces = [...renderHtml(reportOf([filled("a"), filled("b"), filled("c")]), options)];
    expect(pieces.filter((piece) => piece.includes('<article class="archive"'))).toHaveLength(3);
    const text = pieces.join("");
    expect(text.startsWith('<!DOCTYPE html>\n<html lang="en">')).toBe(true);
    expect(text.endsWith("</html>\n")).toBe(true);
    const tags = skeleton(text);
    for (const name of ["main", "ul", "li", "table", "section", "article", "details", "p"]) {
      const opened = tags.filter((tag) => tag.startsWith(`${name} `)).length;
      expect(
        tags.filter((tag) => tag === `</${name}>`),
        name,
      ).toHaveLength(opened);
    }
  });

  it("says what was found, why it matters, what to do, and where", () => {
    const text = page([
      auditOf("/x/rich.tar", {
        findings: [
          findingOf("locked-down/mode", "high", { message: "mode 0644", places: somePlaces }),
          findingOf("restore/tcp", "low"),
        ],
      }),
    ]);
    expect(text).toContain("1 finding at or above high.");
    expect(text).toContain("mode 0644");
    expect(text).toContain("Because <code>it</code> says so.");
    expect(text).toContain("Run <code>cryoscope secure FILE</code>.");
    expect(text).toContain("pid 1, 0x3c5b6710 in [heap], checkpoint/pages-4.img, byte 12,345");
    // The gravest group comes first, under its title.
    expect(text.indexOf("<h4>Locked down</h4>")).toBeLessThan(
      text.indexOf("<h4>Restore blockers</h4>"),
    );
    expect(text.indexOf("<h4>Locked down</h4>")).toBeGreaterThan(0);
  });

  it("counts for nothing what the policy allows, and tells it with the reason", () => {
    const allowed = { reason: "accepted until spring", expires: "2027-03-01T00:00:00Z" };
    const text = page([
      auditOf("/x/rich.tar", {
        findings: [findingOf("locked-down/mode", "critical", { allowed })],
      }),
    ]);
    expect(text).toContain("No finding at or above high.");
    expect(text).toContain("accepted until spring");
    expect(text).toContain("2027-03-01 00:00:00 UTC");
  });

  it("tells of an archive that was not opened, and does not call the report good", () => {
    const fault = {
      kind: "refused",
      code: "mode",
      message: "others can read it",
      next: "run it so",
    } as const;
    const text = page([auditOf("/x/a.tar"), auditOf("/x/b.tar", { fault })]);
    expect(text).toContain("1 of 2 could not be looked into.");
    expect(text).toContain("others can read it<br>run it so");
    expect(text).not.toContain("✓</span> No finding");
  });

  it("tells what was not audited again, and what is to be said of the audit itself", () => {
    const report = reportOf([auditOf("/x/a.tar")]);
    report.unchanged.push({
      path: "/x/old<b>.tar",
      auditedAt: "2026-11-20T00:00:00Z",
      counts: { bySeverity: { critical: 0, high: 3, medium: 0, low: 0, info: 0 }, allowed: 0 },
    });
    report.problems.push({ severity: "warning", code: "x", message: "an allowance expired" });
    const text = [...renderHtml(report, options)].join("");
    expect(text).toContain("/x/old&lt;b&gt;.tar");
    expect(text).toContain("3 high");
    expect(text).toContain("an allowance expired");
  });

  it("warns on a page on which secrets are shown", () => {
    expect(page([auditOf("/x/a.tar")])).toContain("Secrets are masked.");
    expect(page([auditOf("/x/a.tar")], { revealed: true })).toContain("Secrets are shown.");
  });

  it("draws the rich sample: each process, what its memory is for, who listens", async () => {
    const checkpoint = await openCheckpoint(samplePath("podman/rich-crun.tar"), {
      permissions: "any",
    });
    const details = await gatherDetails(checkpoint, { reveal: false });
    await checkpoint.close();
    const text = page([auditOf("rich-crun.tar", { details })]);
    expect(text).toContain(
      '<span class="pid">5</span> <strong>rich-zombie</strong> <span class="dim">zombie, exit code 7</span>',
    );
    expect(text).toContain("anonymous, executable 4.0 KiB");
    expect(text).toContain("0.0.0.0:18080");
    expect(text).not.toContain("cmdline-secret-not-real");
  });
});
