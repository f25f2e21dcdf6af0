import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { planPrune } from "../../../src/audit/housekeeping/plan.ts";
import { carryOut } from "../../../src/audit/housekeeping/prune.ts";
import { type SurveyedHolding, surveyArchives } from "../../../src/audit/housekeeping/survey.ts";
import { defaultPolicy } from "../../../src/audit/policy/policy.ts";
import { CheckpointBuilder } from "../../support/checkpoint-builder.ts";
import { crioCounter, rich, scratch } from "../../support/samples.ts";

/** A year after the samples were made. */
const now = Date.parse("2027-11-22T00:00:00Z");

function put(folder: string, name: string, sample = crioCounter): string {
  const path = join(folder, name);
  copyFileSync(sample, path);
  chmodSync(path, 0o600);
  utimesSync(path, new Date("2026-11-22T00:00:00Z"), new Date("2026-11-22T00:00:00Z"));
  return path;
}

async function survey(
  paths: readonly string[],
  keep: readonly string[] = [],
  permissions: "owner" | "any" = "owner",
): Promise<SurveyedHolding[]> {
  const found: SurveyedHolding[] = [];
  for await (const holding of surveyArchives(paths, keep, { permissions })) found.push(holding);
  return found;
}

/** Plans, lets somebody come between, and deletes. */
async function prune(paths: readonly string[], between = (): void => {}) {
  const holdings = await survey(paths);
  const plan = planPrune(holdings, defaultPolicy, now);
  between();
  const done = await carryOut(plan, holdings);
  return done.delete.map(({ deleted, failure }) => (deleted ? "deleted" : failure));
}

async function staying(path: string, keep: readonly string[] = [], how?: "any") {
  const [holding] = await survey([path], keep, how);
  return holding?.stays?.reason;
}

describe("what may be pruned", () => {
  it("is a private checkpoint, of any runtime", async () => {
    const folder = scratch();
    const paths = [put(folder, "a.tar"), put(folder, "b.tar", rich)];
    const [crio, podman] = await survey(paths);
    expect(crio).toMatchObject({ container: "counter", namespace: "default", stays: null });
    expect(podman).toMatchObject({ container: "rich", namespace: null, stays: null });
  });

  it("is nothing that a .keep file stands beside or over", async () => {
    const folder = scratch();
    const path = put(folder, "a.tar");
    writeFileSync(`${path}.keep`, "");
    expect(await staying(path)).toBe("pinned");
    unlinkSync(`${path}.keep`);
    expect(await staying(path)).toBeUndefined();
    symlinkSync("/nowhere", join(folder, ".keep"));
    expect(await staying(path)).toBe("pinned");
  });

  it("is nothing that the policy keeps", async () => {
    const path = put(scratch(), "a.tar");
    expect(await staying(path, ["**/b.tar"])).toBeUndefined();
    expect(await staying(path, ["**/a.tar"])).toBe("pinned");
  });

  it("is nothing with another name", async () => {
    const folder = scratch();
    const path = put(folder, "a.tar");
    linkSync(path, join(folder, "b.tar"));
    expect(await staying(path)).toBe("hard-linked");
  });

  it("is nothing that others can read, or exchange, whatever --permissions says", async () => {
    const folder = scratch();
    const path = put(folder, "a.tar");
    chmodSync(path, 0o640);
    expect(await staying(path)).toBe("not-private");
    expect(await staying(path, [], "any")).toBe("not-private");
    chmodSync(path, 0o600);
    expect(await staying(path, [], "any")).toBeUndefined();
    chmodSync(folder, 0o777);
    expect(await staying(path)).toBe("not-private");
    expect(await staying(path, [], "any")).toBe("not-private");
  });

  it("is no link", async () => {
    const folder = scratch();
    const link = join(folder, "link.tar");
    symlinkSync(put(folder, "a.tar"), link);
    expect(await staying(link)).toBe("not-private");
  });

  it("is nothing but a checkpoint", async () => {
    const folder = scratch();
    const notes = join(folder, "notes.tar");
    writeFileSync(notes, "no archive at all", { mode: 0o600 });
    expect(await staying(notes)).toBe("not-a-checkpoint");
    const empty = join(folder, "empty.tar");
    writeFileSync(empty, Buffer.alloc(1024), { mode: 0o600 });
    expect(await staying(empty)).toBe("not-a-checkpoint");
    const unpacked = join(folder, "unpacked");
    mkdirSync(unpacked, { mode: 0o700 });
    writeFileSync(join(unpacked, "config.dump"), "{}", { mode: 0o600 });
    expect(await staying(unpacked)).toBe("not-a-checkpoint");
  });

  it("is no dump before a dump", async () => {
    // As Podman writes one with --pre-checkpoint.
    const builder = await CheckpointBuilder.from(rich);
    for (const name of builder.names()) {
      const inside = name.startsWith("checkpoint/");
      const content = builder.content(name);
      builder.drop(name);
      if (inside) builder.add(`pre-${name}`, content);
      else builder.add(name, content);
    }
    expect(await staying(builder.write())).toBe("pre-dump");
  });
});

describe("pruning", () => {
  it("deletes what is planned and nothing else", async () => {
    const folder = scratch();
    const paths = [put(folder, "a.tar"), put(folder, "b.tar")];
    const kept = put(folder, "kept.tar");
    writeFileSync(`${kept}.keep`, "");
    expect(await prune([...paths, kept])).toEqual(["deleted", "deleted"]);
    expect([...paths, kept].map((path) => existsSync(path))).toEqual([false, false, true]);
  });

  it.each([
    ["was written", (path: string) => appendFileSync(path, "more")],
    ["has another time", (path: string) => utimesSync(path, 1, 1)],
    ["has another name", (path: string) => linkSync(path, `${path}.evidence`)],
    ["was pinned", (path: string) => writeFileSync(`${path}.keep`, "")],
    [
      "was exchanged",
      (path: string) => {
        renameSync(path, `${path}.aside`);
        put(join(path, ".."), "a.tar");
      },
    ],
    [
      "became a link",
      (path: string) => {
        renameSync(path, `${path}.aside`);
        symlinkSync(`${path}.aside`, path);
      },
    ],
  ])("leaves a file that %s meanwhile", async (_, change) => {
    const path = put(scratch(), "a.tar");
    const [failure] = await prune([path], () => change(path));
    expect(failure).toMatch(/no longer what was judged/);
    expect(existsSync(path)).toBe(true);
  });

  it("follows no folder that became a link", async () => {
    const outer = scratch();
    const folder = join(outer, "checkpoints");
    mkdirSync(folder, { mode: 0o700 });
    const path = put(folder, "a.tar");
    const [failure] = await prune([path], () => {
      renameSync(folder, `${folder}.aside`);
      symlinkSync(`${folder}.aside`, folder);
    });
    expect(failure).toMatch(/is a link/);
    expect(existsSync(`${folder}.aside/a.tar`)).toBe(true);
  });

  it("goes on after one that is gone", async () => {
    const folder = scratch();
    const [a, b] = [put(folder, "a.tar"), put(folder, "b.tar")] as const;
    const outcome = await prune([a, b], () => unlinkSync(a));
    expect(outcome).toEqual([expect.stringMatching(/ENOENT/), "deleted"]);
  });
});
