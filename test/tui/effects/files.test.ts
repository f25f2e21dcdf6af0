import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { LocalEngine, type Said } from "../../../src/tui/effects/engine.ts";
import { inParts, partRows } from "../../../src/tui/effects/in-parts.ts";
import type { Question, RowsPart } from "../../../src/tui/state/questions.ts";
import type { FileRow } from "../../../src/tui/state/rows.ts";
import { privateCopy, rich, samplePath, scratch } from "../../support/samples.ts";

/** Asks one question of the engine that the UI asks; gives what it said last. */
async function answerOf(asked: Question): Promise<Said> {
  const said = await new Promise<Said>((resolve) => {
    const engine = new LocalEngine({ permissions: "owner" }, (it) => {
      if (it.type === "failed" || !it.part) resolve(it);
    });
    onTestFinished(() => engine.close());
    engine.ask(1, asked);
  });
  // What crosses between threads is data: this throws where a function or a class of ours is in it.
  expect(structuredClone(said)).toEqual(said);
  return said;
}

async function valueFor(asked: Question): Promise<unknown> {
  const said = await answerOf(asked);
  if (said.type === "failed") throw new Error(said.failure.message);
  return said.answer.value;
}

async function filesOf(path: string): Promise<FileRow[]> {
  const { rows } = (await valueFor({ of: "files", path, pid: null })) as RowsPart<FileRow>;
  return rows;
}

describe("the answer about files", () => {
  it("names each row once", async () => {
    for (const sample of [rich, samplePath("criu/files.tar.gz")]) {
      const ids = (await filesOf(privateCopy(sample))).map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.length).toBeGreaterThan(60);
    }
  });

  it("has content to save of deleted files, and of no folder, FIFO or link", async () => {
    const rows = await filesOf(privateCopy(samplePath("criu/files.tar.gz")));
    const deleted = rows.filter(
      (row) => row.deleted && row.pid === 1 && typeof row.fd === "number",
    );
    const saved = (ghost: boolean): string[] => [
      ...new Set(deleted.filter((row) => (row.ghostId !== null) === ghost).map(({ name }) => name)),
    ];
    expect(saved(true)).toContain("/tmp/ghost-sparse");
    expect(saved(false)).toEqual(
      expect.arrayContaining(["/tmp/ghost-fifo", "/tmp/ghost-folder", "/tmp/linked"]),
    );
  });

  it("says of a file or socket that is not there that it is not", async () => {
    const path = privateCopy(rich);
    for (const of of ["file", "socket"] as const) {
      const said = await answerOf({ of, path, kind: "inet-socket", id: 4242, reveal: false });
      expect(said).toMatchObject({
        type: "failed",
        failure: { kind: "archive", message: expect.stringContaining("4242") },
      });
    }
  });
});

describe("saving a deleted file", () => {
  it("keeps its holes", async () => {
    const archive = privateCopy(samplePath("criu/files.tar.gz"));
    const row = (await filesOf(archive)).find(({ name }) => name === "/tmp/ghost-sparse");
    const path = join(scratch(), "sparse");
    const content = { from: "deleted", archive, ghostId: row?.ghostId ?? -1 } as const;
    expect(await valueFor({ of: "save", path, content })).toMatchObject({ bytes: row?.sizeBytes });
    const { size, blocks, mode } = statSync(path);
    expect(size).toBe(600 * 1024);
    expect(blocks * 512).toBeLessThan(size);
    expect(mode & 0o777).toBe(0o600);
    expect(readFileSync(path).some((byte) => byte !== 0)).toBe(true);
  });

  it("leaves nothing behind where there is no content", async () => {
    const path = join(scratch(), "nothing");
    const content = { from: "deleted", archive: privateCopy(rich), ghostId: 999 } as const;
    expect(await answerOf({ of: "save", path, content })).toMatchObject({ type: "failed" });
    expect(existsSync(path)).toBe(false);
  });
});

describe("a long answer", () => {
  it("comes in parts that follow each other, problems with the last", async () => {
    const rows = Array.from({ length: 2 * partRows + 1 }, (_, at) => at);
    const problem = { severity: "error", code: "x", message: "x" } as const;
    const parts: RowsPart<number>[] = [];
    const { signal } = new AbortController();
    parts.push(await inParts(rows, [problem], { signal, part: (it) => parts.push(it) }));
    expect(parts.map(({ at, rows: some, problems }) => [at, some.length, problems.length])).toEqual(
      [
        [0, partRows, 0],
        [partRows, partRows, 0],
        [2 * partRows, 1, 1],
      ],
    );
    expect(parts.flatMap((it) => it.rows)).toEqual(rows);
  });

  it("ends when nobody waits for it any more", async () => {
    const controller = new AbortController();
    const rows = Array.from({ length: 4 * partRows }, (_, at) => at);
    let parts = 0;
    const call = {
      signal: controller.signal,
      part: () => {
        parts += 1;
        controller.abort();
      },
    };
    await expect(inParts(rows, [], call)).rejects.toThrow();
    expect(parts).toBe(1);
  });
});
