import { describe, expect, it } from "vitest";
import { ProblemLog } from "../../../src/base/problem.ts";
import { SecretCollector } from "../../../src/memory/secrets/collector.ts";
import type { Namer, Sighted } from "../../../src/memory/secrets/examine.ts";
import type { SecretPlace } from "../../../src/memory/secrets/secret.ts";

const namer = (id: string): Namer => ({ id, title: id, group: "cloud", severity: "high" });

const sighted = (id: string, secret: string): Sighted => ({
  by: namer(id),
  judgement: { proof: "form" },
  start: 0,
  end: secret.length,
  secret,
  prefix: 0,
  encoding: "ascii",
});

const place = (offset: number): SecretPlace => ({
  kind: "memory",
  member: "checkpoint/pages-1.img",
  offset,
  parent: 0,
  encoding: "ascii",
});

function flooded(limits: { secrets: number; alike: number }, kinds: readonly string[]) {
  const problems = new ProblemLog();
  const collector = new SecretCollector({ ...limits, places: 10 }, problems);
  for (let at = 0; at < 20; at++) {
    for (const kind of kinds) collector.add(sighted(kind, `${kind}-${at}`), [place(at)]);
  }
  const said = () => problems.list().map(({ message }) => message);
  return { collector, said };
}

describe("a flood of secrets", () => {
  it("of one kind leaves room for the others, and says so once", async () => {
    const { collector, said } = flooded({ secrets: 50, alike: 5 }, ["flood"]);
    collector.add(sighted("rare", "a-real-one"), [place(7)]);
    const kinds = (await collector.secrets(true)).map(({ detector }) => detector);
    expect(kinds).toEqual(["flood", "flood", "flood", "flood", "flood", "rare"]);
    expect(said()).toEqual([
      "5 different secrets of the kind flood are listed; there are more, which are not",
    ]);
  });

  it("of many kinds still leaves room for a kind that comes late", async () => {
    const { collector, said } = flooded({ secrets: 8, alike: 5 }, ["one", "two"]);
    for (let at = 0; at < 9; at++) collector.add(sighted("late", `late-${at}`), [place(at)]);
    const found = (await collector.secrets(true)).map(({ value }) => value);
    expect(found.filter((value) => value?.startsWith("late"))).toEqual([
      "late-0",
      "late-1",
      "late-2",
    ]);
    expect(found.length).toBe(11);
    expect(said()).toEqual(["8 different secrets are listed; there are more, which are not"]);
  });

  it("goes by unjudged, but for the secrets that are held: their places are counted", async () => {
    const { collector } = flooded({ secrets: 50, alike: 5 }, ["flood"]);
    expect(collector.passes("flood", "flood-19")).toBe(true);
    expect(collector.passes("flood", "flood-4")).toBe(false);
    expect(collector.passes("rare", "flood-19")).toBe(false);
    collector.add(sighted("flood", "flood-4"), [place(99)]);
    const [, , , , last] = await collector.secrets(true);
    expect(last?.places.map(({ offset }) => offset)).toEqual([4, 99]);
  });
});
