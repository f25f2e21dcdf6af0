import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Ran, run } from "./run.ts";
import { scratch } from "./samples.ts";

/** One hostile archive, and what the command must say of it. */
export interface HostileCase {
  name: string;
  /** Makes the archive; it goes with the test. */
  path: () => string | Promise<string>;
  /** Verb and flags before the path; `inspect` unless given. */
  command?: readonly string[];
  code: number;
  /** Texts that must be said on either stream. */
  says: readonly string[];
  /** What can still be read: texts on stdout. */
  shows?: readonly string[];
  /** Texts that must appear nowhere. */
  hides?: readonly string[];
}

/** A case a row; each is also put through every other command, which must keep its head. */
export function hostileCases(title: string, cases: readonly HostileCase[]): void {
  describe(title, () => {
    test.each(cases)("$name", async (hostile) => {
      const path = await hostile.path();
      const ran = await run([...(hostile.command ?? ["inspect"]), ...owner, path]);
      for (const text of hostile.says) expect(ran.out + ran.err).toContain(text);
      for (const text of hostile.shows ?? []) expect(ran.out).toContain(text);
      for (const text of hostile.hides ?? []) expect(ran.out + ran.err).not.toContain(text);
      expect(ran.code).toBe(hostile.code);
      if (ran.code !== 0) expect(ran.err).toMatch(/^cryoscope: /);
      expectClean(ran);
      await keepsItsHead(path);
    });
  });
}

/** Works for root and for anybody else: the archives are the caller's own. */
export const owner: readonly string[] = ["--permissions", "owner"];

/** What a terminal would obey: controls, and characters that reorder or hide a line. */
const unsafe =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this finds
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]|[\ud800-\udfff]/u;

export function expectClean({ out, err }: Ran): void {
  expect(unsafe.exec(out)).toBeNull();
  expect(unsafe.exec(err)).toBeNull();
}

/** Whatever the archive is, no command may call it a fault of ours or write outside its folder. */
async function keepsItsHead(path: string): Promise<void> {
  const around = scratch();
  const target = join(around, "out");
  mkdirSync(target);
  for (const command of [
    ["inspect", "-o", "json", "--show", "all"],
    ["images", "--nested"],
    ["list", "-o", "json"],
    ["ps", "-o", "json"],
    ["ps", "--pid", "1", "-o", "json"],
    ["env"],
    ["files", "-o", "json"],
    ["sockets", "--reveal"],
    ["mounts"],
  ]) {
    const ran = await run([...command, ...owner, path]);
    expect([0, 3, 4], `${command.join(" ")}: ${ran.err}`).toContain(ran.code);
    expectClean(ran);
    if (ran.out !== "" && command.includes("json")) JSON.parse(ran.out);
  }
  const ran = await run(["extract", ...owner, "-C", target, path, "checkpoint/c*"]);
  expect([0, 2, 3, 4], `extract: ${ran.err}`).toContain(ran.code);
  expectClean(ran);
  expect(readdirSync(around)).toEqual(["out"]);
}
