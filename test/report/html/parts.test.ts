import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ArchiveDetails, MemoryShare } from "../../../src/audit/details.ts";
import type { ProcessRow } from "../../../src/checkpoint/process-list.ts";
import { bar } from "../../../src/report/html/bar.ts";
import { custodyPart } from "../../../src/report/html/custody-part.ts";
import { memoryPart } from "../../../src/report/html/memory-part.ts";
import { processPart } from "../../../src/report/html/process-part.ts";

function processAt(pid: number, depth: number): ProcessRow {
  return {
    pid,
    ppid: 0,
    pgid: 1,
    sid: 1,
    depth,
    comm: `p${pid}`,
    command: null,
    state: "alive",
    exitCode: null,
    exitSignal: null,
    threads: [pid],
    exe: null,
    uid: null,
    dumpedBytes: 0,
  };
}

const details = (parts: Partial<ArchiveDetails>): ArchiveDetails => ({
  ociRuntime: null,
  evidence: [],
  podUid: null,
  imageRef: null,
  createdAt: null,
  architecture: null,
  frozenFor: null,
  members: 0,
  sizes: { pages: 0, image: 0, metadata: 0, rootfs: 0, volume: 0, log: 0, other: 0 },
  processes: { items: [], more: 0 },
  memory: { items: [], more: 0 },
  sharedBytes: 0,
  listeners: { items: [], more: 0 },
  connections: { items: [], more: 0 },
  ...parts,
});

/** How deep lists are nested at each process; fails where lists are not closed as they were opened. */
function depths(text: string): number[] {
  const open: string[] = [];
  const found: number[] = [];
  for (const [, slash, name = "", rest = ""] of text.matchAll(/<(\/?)(ul|li|strong)>([^<]*)/g)) {
    if (name === "strong") {
      if (slash === "" && rest.startsWith("p")) {
        found.push(open.filter((it) => it === "ul").length - 1);
      }
    } else if (slash === "") open.push(name);
    else expect(open.pop()).toBe(name);
  }
  expect(open).toEqual([]);
  return found;
}

describe("the drawn tree of processes", () => {
  it("nests processes as they are nested", () => {
    const items = [0, 1, 2, 1, 1, 0].map((depth, at) => processAt(at + 1, depth));
    const { text } = processPart(details({ processes: { items, more: 2 } }));
    expect(depths(text)).toEqual([0, 1, 2, 1, 1, 0]);
    expect(text).toContain("2 further processes are not drawn");
  });

  it("opens and closes its lists whatever depths a dump says, and never nests without end", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 300 }), { minLength: 1, maxLength: 60 }), (all) => {
        const items = all.map((depth, at) => processAt(at + 1, depth));
        const drawn = depths(processPart(details({ processes: { items, more: 0 } })).text);
        expect(drawn).toHaveLength(all.length);
        expect(Math.max(...drawn)).toBeLessThanOrEqual(24);
      }),
    );
  });
});

describe("a bar", () => {
  it("stays inside its box, and shows the smallest part", () => {
    const sizes = fc.array(fc.nat({ max: 2 ** 40 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(sizes, (all) => {
        const parts = all.map((size, at) => ({ name: `n${at}`, fill: "fill1", size, told: "" }));
        const { text } = bar(parts);
        const shapes = [...text.matchAll(/<rect x="([\d.]+)" y="0" width="([\d.]+)"/g)];
        expect(shapes).toHaveLength(all.filter((size) => size > 0).length);
        for (const [, x, width] of shapes) {
          expect(Number(width)).toBeGreaterThanOrEqual(3);
          expect(Number(x)).toBeGreaterThanOrEqual(0);
          expect(Number(x) + Number(width)).toBeLessThanOrEqual(1000.1);
        }
      }),
    );
  });

  it("is drawn in proportion", () => {
    const parts = [1, 3].map((size) => ({
      name: `${size}`,
      fill: "fill1",
      size,
      told: `${size} B`,
    }));
    const { text } = bar(parts);
    expect(text).toContain('<rect x="0.0" y="0" width="250.0"');
    expect(text).toContain('<rect x="250.0" y="0" width="750.0"');
    expect(text).toContain('aria-label="1 1 B, 3 3 B"');
  });
});

describe("the drawn memory", () => {
  const share = (pid: number, heap: number): MemoryShare => ({
    pid,
    comm: `p${pid}`,
    bytes: { heap, stack: 0, anonymous: 0, executable: 0, file: 0, other: 0 },
  });

  it("has the largest process first, all on one scale, and folds the many small ones", () => {
    const items = Array.from({ length: 20 }, (_, at) => share(at + 1, (at + 1) * 4096));
    const { text } = memoryPart(details({ memory: { items, more: 3 }, sharedBytes: 8192 }));
    expect(text.indexOf("p20")).toBeLessThan(text.indexOf("p19"));
    expect(text).toContain('width="1000.0"');
    expect(text).toContain("5 more</summary>");
    expect(text).toContain("3 further processes");
    expect(text).toContain("shared by processes");
  });

  it("is left out where there is none", () => {
    expect(memoryPart(details({ memory: { items: [share(1, 0)], more: 0 } })).text).toBe("");
  });
});

describe("the chain of custody", () => {
  it("lists hashes up to a number, and counts the others", () => {
    const member = (at: number) => ({ name: `m${at}.img`, size: 1, sha256: `${at}` });
    const { text } = custodyPart({
      archiveSha256: null,
      members: Array.from({ length: 5001 }, (_, at) => member(at)),
      moreMembers: 7,
      tool: "cryoscope",
      hashedAt: "2026-11-22T00:00:00Z",
      user: "root",
      uid: 0,
      host: "worker-3",
      command: "cryoscope audit",
    });
    expect(text).toContain("Hashes of 5,008 members");
    expect(text).toContain("m4999.img");
    expect(text).not.toContain("m5000.img");
    expect(text).toContain("8 further members");
    expect(text).toContain("none: it is a folder");
  });
});
