import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { removeTree } from "../../src/archive/remove-tree.ts";
import { Campaign, CodeMeter, type Find, tryCase } from "./campaign.ts";
import { type Case, Workplace } from "./case.ts";
import { mutated } from "./mutate.ts";
import { judgeRun, judgeSame } from "./oracle.ts";
import { loadSeeds, type Seed } from "./seeds.ts";
import { joinParts } from "./subject.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "cryoscope-fuzz-test-"));
const kept = join(root, "test/fuzz/finds");
const names = readdirSync(kept).filter((name) => name.endsWith(".json"));
let seeds: Seed[];
let place: Workplace;

beforeAll(async () => {
  seeds = await loadSeeds(root);
  place = new Workplace(folder, seeds);
});
afterAll(() => removeTree(folder));

describe("the fuzzer", () => {
  it("cuts every seed into parts that make the same bytes again", () => {
    const archives = seeds.filter(({ kind }) => kind === "archive");
    expect(archives.length).toBeGreaterThan(40);
    for (const { name, subject } of archives) {
      expect(subject.parts.length, name).toBeGreaterThan(5);
      expect(joinParts(mutated(subject, [])).equals(joinParts(subject)), name).toBe(true);
    }
  });

  it("makes the same case of the same numbers, and another of others", () => {
    const make = (seed: number, number: number): Case =>
      new Campaign(place, new CodeMeter()).make(seed, number);
    expect(make(7, 11)).toEqual(make(7, 11));
    expect(make(7, 11)).not.toEqual(make(7, 12));
    expect(make(7, 11)).not.toEqual(make(8, 11));
  });

  it("knows what must not be", () => {
    const ran = { code: 0, out: Buffer.from("fine\n"), err: "" };
    const table = { format: "table", raw: false, usage: false };
    expect(() => judgeRun(ran, table)).not.toThrow();
    expect(() => judgeRun({ ...ran, code: 70 }, table)).toThrow("exit code 70");
    expect(() => judgeRun({ ...ran, code: 2 }, table)).toThrow("exit code 2");
    for (const bad of ["\x1b[1m", "\u202e", "\x07", "\x9b", "\r"]) {
      expect(() => judgeRun({ ...ran, out: Buffer.from(bad) }, table)).toThrow("unsafe text");
      expect(() => judgeRun({ ...ran, err: bad }, table)).toThrow("unsafe text");
    }
    const json = (value: object): object => ({ ...ran, out: Buffer.from(JSON.stringify(value)) });
    const judge = (value: object) => () =>
      judgeRun(json(value) as typeof ran, { ...table, format: "json" });
    expect(judge({})).toThrow("without kind");
    expect(judge({ kind: "FileList" })).toThrow("against its schema");
    expect(() => judgeSame(ran, { ...ran, out: Buffer.from("finer") })).toThrow("the second time");
  });

  it("finds nothing in a few cases", async () => {
    const campaign = new Campaign(place, new CodeMeter());
    const finds: Find[] = [];
    for (let number = 0; number < 60; number++) {
      const { find } = await campaign.run(campaign.make(20261122, number));
      if (find !== undefined) finds.push(find);
    }
    expect(finds).toEqual([]);
  });
});

describe("what the fuzzer found", () => {
  it.each(names)("%s is mended", async (name) => {
    const { case: made } = JSON.parse(readFileSync(join(kept, name), "utf8")) as { case: Case };
    // A recipe that changes nothing any more would prove nothing.
    const { subject } = place.seed(made.seed);
    expect(mutated(subject, made.mutations)).not.toEqual(subject);
    expect(await tryCase(place, made)).toBeUndefined();
  });
});
