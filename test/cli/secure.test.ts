import { chmodSync, linkSync, statSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { run } from "../support/run.ts";
import { crioCounter, privateCopy } from "../support/samples.ts";

const owner = ["--permissions", "owner"];
const modeOf = (path: string): number => statSync(path).mode & 0o7777;

/** An archive that everybody can read, in a folder that everybody can write to. */
function lax(): { file: string; folder: string } {
  const file = privateCopy(crioCounter);
  const folder = dirname(file);
  chmodSync(file, 0o644);
  chmodSync(folder, 0o777);
  return { file, folder };
}

describe("secure", () => {
  it("makes an archive open that was refused", async () => {
    const { file, folder } = lax();
    expect((await run(["inspect", ...owner, file])).code).toBe(4);
    const { code, out, err } = await run(["secure", ...owner, file, folder]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^changed +0644 uid \d+ +0600 uid \d+ +\//m);
    expect(modeOf(file)).toBe(0o600);
    expect(modeOf(folder)).toBe(0o755);
    expect((await run(["inspect", ...owner, file])).code).toBe(0);
  });

  it("says of what was right that it was, and changes nothing", async () => {
    const file = privateCopy(crioCounter);
    const { uid, gid, ctimeMs } = statSync(file);
    const { code, out } = await run(["secure", "-o", "json", ...owner, file]);
    expect(code).toBe(0);
    const rights = { mode: "0600", uid, gid };
    expect(JSON.parse(out).items).toEqual([
      { path: file, kind: "file", changed: false, before: rights, after: rights },
    ]);
    expect(statSync(file).ctimeMs).toBe(ctimeMs);
    expect((await run(["secure", ...owner, file])).out).toMatch(/^✓ was right +0600/m);
  });

  it("--dry-run says so and does nothing", async () => {
    const { file, folder } = lax();
    const { code, out } = await run(["secure", "--dry-run", ...owner, file]);
    expect(code).toBe(0);
    expect(out).toMatch(/^would change +0644/m);
    expect([modeOf(file), modeOf(folder)]).toEqual([0o644, 0o777]);
  });

  it("leaves a tighter mode as it is", async () => {
    const file = privateCopy(crioCounter);
    chmodSync(file, 0o400);
    await run(["secure", ...owner, file]);
    expect(modeOf(file)).toBe(0o400);
  });

  it("follows no link, changes no file with other names, and goes on with the rest", async () => {
    const { file, folder } = lax();
    const link = join(folder, "link.tar");
    symlinkSync(file, link);
    const other = lax().file;
    linkSync(other, `${other}.too`);
    const third = lax().file;
    const { code, out, err } = await run(["secure", ...owner, link, other, third]);
    expect(code).toBe(4);
    expect(err).toContain("is a symbolic link, and secure never follows links");
    expect(err).toContain("has other names (hard links)");
    expect(out).toContain(third);
    expect([modeOf(file), modeOf(other), modeOf(third)]).toEqual([0o644, 0o644, 0o600]);
  });

  it("says what is not there", async () => {
    const { code, err } = await run(["secure", ...owner, join(dirname(lax().file), "gone")]);
    expect(code).toBe(3);
    expect(err).toContain("there is no file");
  });
});
