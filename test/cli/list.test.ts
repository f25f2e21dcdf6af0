import { chmodSync, copyFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { run } from "../support/run.ts";
import { containerdCounter, crioCounter, rich, scratch } from "../support/samples.ts";

const owner = ["--permissions", "owner"];

/** A private folder with archives in it: a plain one, a compressed one, and what is none. */
function folder(): string {
  const dir = scratch();
  const put = (name: string, sample: string): void => {
    copyFileSync(sample, join(dir, name));
    chmodSync(join(dir, name), 0o600);
  };
  put("b.tar", crioCounter);
  put("a.tar", rich);
  put("checkpoint-counter-lab-node_default-counter-2026-11-21T21:05:01Z.tar", containerdCounter);
  writeFileSync(join(dir, "notes.txt"), "no archive");
  mkdirSync(join(dir, "deeper.tar"));
  return dir;
}

interface Item {
  path: string;
  engine: string | null;
  lockedDown: boolean | null;
  fault: { kind: string; code: string | null; next: string | null } | null;
}

async function listed(...words: string[]): Promise<{ code: number; items: Item[] }> {
  const { code, out } = await run(["list", "-o", "json", ...words]);
  return { code, items: JSON.parse(out).items as Item[] };
}

describe("list", () => {
  it("finds the archives of a folder, sorted by name, and nothing below it", async () => {
    const dir = folder();
    const { code, items } = await listed(...owner, dir);
    expect(code).toBe(0);
    expect(items.map(({ path, engine }) => [path.slice(dir.length + 1), engine])).toEqual([
      ["a.tar", "podman"],
      ["b.tar", "cri-o"],
      ["checkpoint-counter-lab-node_default-counter-2026-11-21T21:05:01Z.tar", "containerd"],
    ]);
    expect(items.every(({ lockedDown }) => lockedDown === true)).toBe(true);
  });

  it("takes several paths, in their order", async () => {
    const dir = folder();
    const { items } = await listed(...owner, join(dir, "b.tar"), join(dir, "a.tar"));
    expect(items.map(({ engine }) => engine)).toEqual(["cri-o", "podman"]);
  });

  it("is also called ls", async () => {
    const dir = folder();
    expect(await run(["ls", ...owner, dir])).toEqual(await run(["list", ...owner, dir]));
  });

  it("shows an archive that is not locked down, why, and the mend; that is no failure", async () => {
    const dir = folder();
    chmodSync(join(dir, "b.tar"), 0o644);
    const { code, out } = await run(["list", ...owner, dir]);
    expect(code).toBe(0);
    const row = out.split("\n").find((line) => line.endsWith("b.tar"));
    expect(row).toContain("✗ 0644");
    expect(out).toContain("can be read by others");
    expect(out).toContain(`next cryoscope secure ${join(dir, "b.tar")}`);
    const { items } = await listed(...owner, dir);
    expect(items[1]).toMatchObject({ lockedDown: false, fault: { kind: "refused", code: "mode" } });
  });

  it("opens it all the same with --permissions any, and still says so", async () => {
    const dir = folder();
    chmodSync(join(dir, "b.tar"), 0o644);
    const { code, items } = await listed("--permissions", "any", join(dir, "b.tar"));
    expect(code).toBe(0);
    expect(items[0]).toMatchObject({ engine: "cri-o", lockedDown: false, fault: null });
  });

  it("never follows a link", async () => {
    const dir = folder();
    symlinkSync(join(dir, "a.tar"), join(dir, "link.tar"));
    const { items } = await listed(...owner, join(dir, "link.tar"));
    expect(items[0]).toMatchObject({ engine: null, fault: { kind: "refused", code: "symlink" } });
  });

  it("shows a broken archive among the others, and ends with 3", async () => {
    const dir = folder();
    writeFileSync(join(dir, "b.tar"), "");
    const { code, items } = await listed(...owner, dir);
    expect(code).toBe(3);
    expect(items.map(({ fault }) => fault?.kind ?? null)).toEqual([null, "broken", null]);
  });

  it.each([["table"], ["wide"]])("says on stderr that a folder is empty (%s)", async (format) => {
    const dir = scratch();
    const ran = await run(["list", "-o", format, dir]);
    expect(ran).toEqual({ code: 0, out: "", err: `No checkpoints in ${dir}\n` });
  });

  it("of an empty folder is an empty list for scripts", async () => {
    const { code, out, err } = await run(["list", "-o", "json", scratch()]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(JSON.parse(out)).toEqual({
      apiVersion: "cryoscope/v1",
      kind: "CheckpointList",
      items: [],
    });
  });

  it("says what is not there", async () => {
    const path = join(scratch(), "gone");
    const { code, err } = await run(["list", path]);
    expect(code).toBe(3);
    expect(err).toContain(`cryoscope: there is no ${path}\n`);
    expect(err).toContain("  next     ");
  });

  it("looks into the kubelet's folder where nothing is named", async () => {
    const { out } = await run(["list", "--help"]);
    expect(out.replace(/\s+/g, " ")).toContain("default: /var/lib/kubelet/checkpoints");
  });

  it("shows ages by the clock, and RFC 3339 times with -o wide", async () => {
    const dir = folder();
    const now = Date.parse("2026-11-24T21:20:20Z");
    const { out } = await run(["list", "-o", "wide", ...owner, join(dir, "b.tar")], { now });
    expect(out).toMatch(/ {3}3d {3}/);
    expect(out).toContain("2026-11-21T21:20:14.707198893Z");
  });
});
