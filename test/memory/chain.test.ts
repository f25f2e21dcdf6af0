import { describe, expect, it } from "vitest";
import type { Inspection } from "../../src/checkpoint/inspection.ts";
import { run } from "../support/run.ts";
import { privateCopy, samplePath } from "../support/samples.ts";

// Two pre-dumps and a dump of samples/nasty/changing.c, whose memory changed in between.
const dumps = [1, 2, 3].map((step) => samplePath(`criu/chain-${step}.tar.gz`)) as [
  string,
  string,
  string,
];
const parents = ["--parent", dumps[1], "--parent", dumps[0]];
const any = ["--permissions", "any", "-q"];

interface Found {
  items: { pid: number; address: string; text: string; parent: number; member: string }[];
}

async function find(text: string, ...words: string[]): Promise<string[]> {
  const argv = ["memory", "search", dumps[2], "--text", text, ...words, ...any, "-o", "json"];
  const { out } = await run(argv);
  const { items } = JSON.parse(out) as Found;
  return items.map((it) => `${it.address} ${it.member} of ${it.parent}`);
}

async function pids(): Promise<[parent: string, child: string]> {
  const { out } = await run(["ps", dumps[2], ...any]);
  return out.trim().split(/\s+/) as [string, string];
}

async function read(pid: string, address: string, ...words: string[]): Promise<string> {
  const where = ["--pid", pid, "--address", address, "--length", "64", "--output", "-"];
  const { out } = await run(["memory", "read", dumps[2], ...where.slice(0, 6), ...words, ...any]);
  const lines = out.match(/ {2}(\S.*)$/gm) ?? [];
  return lines
    .map((line) => line.trim().slice(-16))
    .join("")
    .replace(/\.+$/, "");
}

describe("a dump after two pre-dumps", () => {
  it.each([
    ["0x100004600000", "private 0 generation 0", 2],
    ["0x100004601000", "parent private 1 generation 1", 1],
    ["0x100004602000", "parent private 2 generation 2", 0],
    ["0x100004800000", "", 0],
    ["0x100004801000", "mapped anew", 0],
    ["0x100004804000", "page 4 generation 0", 2],
    ["0x100004900000", "", 0],
    ["0x100004905000", "page 5 generation 0", 2],
    ["0x100005101000", "new in generation 1", 1],
    ["0x100005201000", "new in generation 2", 0],
  ])("holds at %s: %s", async (address, text, dump) => {
    const [pid] = await pids();
    expect(await read(pid, address, ...parents)).toBe(text);
    // Without its parents it does not say what is not in it.
    if (dump > 0) expect(await read(pid, address)).not.toContain(text);
    if (dump === 2) expect(await read(pid, address, "--parent", dumps[1])).not.toContain(text);
  });

  it("is searched with the dumps before it, and each hit says which of them has the page", async () => {
    const [first, second] = [
      "0x100004601007 ./pages-1.img of 1",
      "0x100004601006 ./pages-2.img of 1",
    ];
    expect(await find("private 1 generation 1", ...parents)).toEqual(
      [first, second].map((hit) => hit?.replace("./", "")),
    );
    expect(await find("private 1 generation 1")).toEqual([]);
    // The pages of both processes were dumped twice: once each before they had names of their own.
    const oldest = await find("private 0 generation 0", ...parents);
    expect(oldest.map((hit) => hit.slice(-1))).toEqual(["2", "2"]);
    expect(await find("private 0 generation 0", "--parent", dumps[1])).toEqual([]);
  });

  it("says how much was not searched", async () => {
    const argv = ["memory", "search", dumps[2], "--text", "generation", "--permissions", "any"];
    const [alone, one, all] = [
      await run(argv),
      await run([...argv, "--parent", dumps[1]]),
      await run([...argv, ...parents]),
    ];
    expect(alone.err).toMatch(/pages lie in a parent dump and were not searched/);
    expect(one.err).toMatch(/pages lie in a parent dump and were not searched/);
    expect(all.err).not.toContain("parent dump");
  });
});

describe("a pre-dump", () => {
  it("is no damaged dump, and its page images belong to processes", async () => {
    const copy = privateCopy(dumps[0]);
    const { code, out } = await run(["inspect", copy, "--permissions", "owner", "-o", "json"]);
    expect(code).toBe(0);
    const { memory, problems } = JSON.parse(out) as Inspection;
    expect(memory.pageImages.map(({ kind }) => kind)).toEqual(["private", "private"]);
    expect(problems.map(({ code: what, severity }) => [what, severity])).toEqual([
      ["pre-dump", "note"],
    ]);
  });
});
