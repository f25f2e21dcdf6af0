import { describe, expect, it } from "vitest";
import type { Io } from "../../src/cli/io.ts";
import { Progress } from "../../src/cli/progress.ts";

/** A clock that stands until it is moved, and an stderr that remembers. */
function stage(isTTY: boolean, columns = 80) {
  let now = 0;
  const written: string[] = [];
  const io = {
    err: {
      isTTY,
      columns,
      write: async (text: string) => {
        written.push(text);
        return true;
      },
    },
    now: () => now,
  } as unknown as Io;
  return {
    io,
    written,
    wait: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

const wipe = "\r\u001b[2K";

describe("progress", () => {
  it("is shown of long work only, and not at every step", () => {
    const { io, written, wait } = stage(true);
    const progress = new Progress(io, "reading a.tar.gz", false);
    wait(600);
    progress.pass({ read: 1024, total: 4096 });
    expect(written).toEqual([]);
    wait(200);
    progress.pass({ read: 2048, total: 4096 });
    progress.pass({ read: 2049, total: 4096 });
    wait(200);
    progress.pass({ read: 4096, total: 4096 });
    expect(written).toEqual([
      `${wipe}reading a.tar.gz: 2.0 KiB 50 %`,
      `${wipe}reading a.tar.gz: 4.0 KiB 100 %`,
    ]);
  });

  it("counts what was begun of many things", () => {
    const { io, written, wait } = stage(true);
    const progress = new Progress(io, "", false);
    wait(800);
    progress.count("auditing a.tar", 3, 500);
    expect(written).toEqual([`${wipe}auditing a.tar: 3 of 500`]);
  });

  it("is wiped at the end, once, and not where nothing was shown", async () => {
    const { io, written, wait } = stage(true);
    const silent = new Progress(io, "x", false);
    await silent.end();
    expect(written).toEqual([]);
    const progress = new Progress(io, "x", false);
    wait(1000);
    progress.pass({ read: 1, total: undefined });
    await progress.end();
    await progress.end();
    expect(written).toEqual([`${wipe}x: 1 B`, wipe]);
  });

  it.each([
    ["no terminal", false, false],
    ["-q", true, true],
  ])("is not shown with %s", async (_what, isTTY, quiet) => {
    const { io, written, wait } = stage(isTTY);
    const progress = new Progress(io, "x", quiet);
    wait(10_000);
    progress.pass({ read: 1, total: 2 });
    await progress.end();
    expect(written).toEqual([]);
  });

  it("stays on one line, however long the name and narrow the terminal", () => {
    const { io, written, wait } = stage(true, 40);
    const progress = new Progress(io, `reading ${"x".repeat(100)}`, false);
    wait(1000);
    progress.pass({ read: 5 * 1024 ** 3, total: 10 * 1024 ** 3 });
    const line = written[0]?.slice(wipe.length) ?? "";
    expect(line).toMatch(/^reading x+…: 5\.0 GiB 50 %$/);
    expect(line.length).toBeLessThan(40);
  });

  it("knows no share of an empty file, and never divides by it", () => {
    const { io, written, wait } = stage(true);
    const progress = new Progress(io, "x", false);
    wait(1000);
    progress.pass({ read: 0, total: 0 });
    expect(written).toEqual([`${wipe}x: 0 B 0 %`]);
  });
});
