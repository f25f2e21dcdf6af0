import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openCheckpoint } from "../../../../src/checkpoint/open-checkpoint.ts";
import { handlers } from "../../../../src/tui/effects/handlers.ts";
import { OpenCheckpoints } from "../../../../src/tui/effects/open-checkpoints.ts";
import type { HexArgument } from "../../../../src/tui/screens/hex/argument.ts";
import type { SaveContent } from "../../../../src/tui/state/questions.ts";
import { crioCounter, rich, scratch } from "../../../support/samples.ts";
import { engineAnswers, HexView } from "../../support/hex-view.ts";

// What samples/rich/README.md says was planted.
const heap = 0x3c5b6710n;

function viewOf(at: bigint | undefined, columns = 120, rows = 30): Promise<HexView> {
  const place = at === undefined ? {} : { at };
  return open({ path: rich, pid: 1, ...place }, columns, rows);
}

function open(argument: HexArgument, columns = 120, rows = 30): Promise<HexView> {
  return new HexView(argument, engineAnswers(), columns, rows).settled();
}

describe("the hex view of a process", () => {
  it("shows every mapping's bytes as they are read", async () => {
    const checkpoint = await openCheckpoint(rich, { permissions: "any" });
    const memory = (await checkpoint.memory()).processes.get(1);
    const view = await viewOf(undefined, 120, 40);
    let checked = 0;
    for (const { start } of memory?.mappings ?? []) {
      expect(view.state.cursor).toBe(start);
      for (const row of view.lines) {
        const match = /^[ ▸]([0-9a-f]{12}) [ [](.{48})/.exec(row);
        if (match === null || match[2]?.includes("─") === true) continue;
        const digits = match[2]?.match(/[0-9a-f]{2}/g) ?? [];
        const read = await memory?.read(BigInt(`0x${match[1]}`), 16);
        expect(digits.join("")).toBe(Buffer.from(read?.bytes ?? []).toString("hex"));
        expect(read?.gaps).toEqual([]);
        checked += 1;
      }
      view.command("mapping-next");
      await view.settled();
    }
    expect(checked).toBeGreaterThan(300);
    await checkpoint.close();
  });

  it("says where bytes are that the dump does not hold, and what is zero", async () => {
    const view = await viewOf(0x100000080000n);
    const text = view.text;
    expect(text).toContain("?  4,096 bytes in a file of the container, unchanged: not in the dump");
    expect(text).toMatch(/── 57,344 bytes not mapped ──/);
    expect(text).toMatch(/100000080000 ── \/etc\/rich\.conf {2}rw-p {2}8\.0 KiB ─/);
    expect(text).toMatch(/\* {2}[\d,]+ bytes of zero/);
    const guard = await viewOf(0x100000040000n);
    expect(guard.text).toContain("*  65,536 bytes of zero, never written");
    const made = await viewOf(undefined);
    made.enter("goto", "vvar");
    await made.settled();
    expect(made.text).toContain("bytes made by the kernel: never dumped");
  });

  it("goes where it is told, in every way to say it", async () => {
    const view = await viewOf(undefined);
    const where = async (text: string): Promise<bigint> => {
      view.enter("goto", text);
      await view.settled();
      return view.state.cursor;
    };
    expect(await where("3c5b6710")).toBe(heap);
    expect(await where("+0x10")).toBe(heap + 16n);
    expect(await where("-16")).toBe(heap);
    expect(await where("0x100000060ff6")).toBe(0x100000060ff6n);
    expect(await where("HEAP")).toBe(0x3c5b5000n);
    expect(await where("ffffffffffffffff")).toBe((1n << 64n) - 1n);
    const { length } = view.acts;
    await where("nowhere");
    await where("10000000000000000");
    expect(view.acts.slice(length)).toMatchObject([
      { act: "flash", level: "error", text: expect.stringContaining("nowhere") },
      { act: "flash", level: "error", text: expect.stringContaining("0xffffffffffffffff") },
    ]);
    expect(view.state.cursor).toBe((1n << 64n) - 1n);
    view.command("goto 3c5b6710");
    expect((await view.settled()).state.cursor).toBe(heap);
  });

  it("comes back from jumps, one after the other, and then leaves", async () => {
    const view = await viewOf(heap);
    view.enter("goto", "stack");
    view.enter("goto", "vdso");
    view.command("return");
    expect((await view.settled()).state.cursor).toBe(0x7ffe770d9000n);
    view.command("return");
    expect((await view.settled()).state.cursor).toBe(heap);
    expect(view.acts).toEqual([]);
    view.command("return");
    expect(view.acts).toEqual([{ act: "pop" }]);
  });

  it("reads what is under the cursor, and the other way round", async () => {
    const view = await viewOf(heap);
    expect(view.panel("u8")).toBe("112");
    expect(view.panel("u32")).toBe(`${Buffer.from("pass").readUInt32LE()}`);
    expect(view.panel("u64")).toBe(`${Buffer.from("password").readBigUInt64LE()}`);
    expect(view.panel("f64")).toBe(`${Buffer.from("password").readDoubleLE()}`);
    expect(view.panel("in")).toBe("[heap] + 0x1710");
    view.command("endian");
    expect(view.panel("u64")).toBe(`${Buffer.from("password").readBigUInt64BE()}`);
    expect(view.panel("i16")).toBe(`${Buffer.from("pa").readInt16BE()}`);
    // The last four bytes before what is not in the dump.
    const edge = await viewOf(0x100000080ffcn);
    expect(edge.panel("u32")).toMatch(/^\d+$/);
    expect(edge.panel("u64")).toBe("–");
  });

  it("masks strings that are secret, from their middle on too, until they are asked for", async () => {
    const view = await viewOf(heap + 9n);
    expect(view.panel("string")).toBe("password=••••••••");
    // Bytes are what was asked for.
    expect(view.text).toContain("password=hunter2");
    view.reveal(true);
    expect(view.panel("string")).toBe("hunter2-not-real");
  });

  it("follows a pointer into a mapping, and says what is none", async () => {
    // In the heap, a pointer to the program's own data.
    const view = await viewOf(0x3c5b6680n);
    expect(view.panel("ptr")).toBe("⏎ /bin/rich + 0x0");
    view.command("follow");
    expect((await view.settled()).state.cursor).toBe(0x401000n);
    view.command("return");
    expect((await view.settled()).state.cursor).toBe(0x3c5b6680n);
    view.enter("goto", heap.toString(16));
    await view.settled();
    expect(view.panel("ptr")).toBe("– not mapped");
    view.command("follow");
    expect(view.acts.at(-1)).toMatchObject({
      act: "flash",
      text: expect.stringContaining("no pointer"),
    });
  });

  it("keeps times apart from other numbers", async () => {
    const view = await viewOf(heap);
    expect(view.panel("time s")).toBe("2031-05-19 07:17:04 UTC");
    const none = await viewOf(heap - 8n);
    expect(none.text).not.toContain("time s");
  });
});

describe("a search in the hex view", () => {
  it("finds text, goes to the first match behind the cursor, and counts", async () => {
    const view = await viewOf(undefined);
    view.enter("find", "not-real");
    expect(view.header).toContain("searching…");
    await view.settled();
    expect(view.state.cursor).toBe(0x3c5b6721n);
    expect(view.header).toMatch(/find not-real {2}1 of 3/);
    view.command("find-next");
    await view.settled();
    const second = view.state.cursor;
    expect(second > 0x3c5b6721n).toBe(true);
    view.command("find-next", "find-next");
    await view.settled();
    expect(view.state.cursor).toBe(0x3c5b6721n);
    expect(view.acts.at(-1)).toMatchObject({ text: "on from the first match" });
    view.command("find-previous", "find-previous");
    await view.settled();
    expect(view.state.cursor).toBe(second);
    view.command("down", "find-previous");
    await view.settled();
    expect(view.state.cursor).toBe(second);
    expect(view.header).toContain("2 of 3");
  });

  it.each([
    ["hex:68 75 6e:74 65 72 32", 0x3c5b6719n],
    ["re:hunter\\d", 0x3c5b6719n],
    ["utf16:wide-secret", 0x3c5b6760n],
    ["text:straddles-two-pages", 0x100000060ff6n],
    ["straddles-two-mappings", 0x100000070ff6n],
    ["shared-anon!", 0x100000000000n],
  ])("finds %s", async (text, address) => {
    const view = await viewOf(undefined);
    view.enter("find", text);
    await view.settled();
    expect(view.state.cursor).toBe(address);
  });

  it("says what cannot be searched for, and what is not there", async () => {
    const view = await viewOf(heap);
    view.enter("find", "re:(");
    await view.settled();
    view.enter("find", "hex:6");
    await view.settled();
    view.enter("find", "hex:");
    await view.settled();
    view.enter("find", "no such text anywhere");
    await view.settled();
    expect(view.acts.map((act) => (act.act === "flash" ? act.text : ""))).toEqual([
      expect.stringContaining("regular expression cannot be read"),
      expect.stringContaining("no sequence of bytes"),
      expect.stringContaining("no sequence of bytes"),
      "nothing found for no such text anywhere",
    ]);
    expect(view.state.cursor).toBe(heap);
    expect(view.header).toContain("nothing found");
  });

  it("is stopped and forgotten by Esc, which leaves the view only then", async () => {
    const view = await viewOf(undefined);
    view.enter("find", "re:[a-z]+");
    view.command("clear");
    expect(view.dropped).toContain("find");
    expect(view.state.search).toBeUndefined();
    view.command("mark");
    view.command("clear");
    expect(view.state.mark).toBeUndefined();
    const { state } = view;
    view.command("clear");
    expect(view.state).toBe(state);
  });

  it("takes nobody away who moved while it was under way", async () => {
    const view = await viewOf(undefined);
    view.enter("find", "not-real");
    view.command("down");
    const { cursor } = view.state;
    await view.settled();
    expect(view.state.cursor).toBe(cursor);
    expect(view.header).toContain("3 found");
  });

  it("marks matches, also where a fold hides them", async () => {
    const view = await viewOf(0x100000040000n);
    view.enter("find", "hex:00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00");
    await view.settled();
    view.enter("goto", "3c5b6710");
    await view.settled();
    expect(view.text).toMatch(/bytes of zero {2}\d+ matches/);
    expect(view.header).toMatch(/\d{3,} found/);
  });

  it("lists so many matches and no more", async () => {
    // Most of what was dumped is zero: more bytes than are listed.
    const view = await viewOf(undefined);
    view.enter("find", "hex:00");
    await view.settled();
    expect(view.state.search?.starts.length).toBe(100_000);
    expect(view.header).toContain("100000+");
    const { starts } = view.state.search ?? {};
    expect(
      [...(starts ?? [])].every((at, index, all) => index === 0 || (all[index - 1] ?? 0n) < at),
    ).toBe(true);
  });
});

describe("what leaves the hex view", () => {
  it("is copied as digits and as text", async () => {
    const view = await viewOf(heap);
    view.command("copy");
    await view.settled();
    view.command("mark", "down", "left", "copy-text");
    await view.settled();
    expect(view.acts).toMatchObject([
      { act: "copy", text: "70 61 73 73 77 6f 72 64 3d 68 75 6e 74 65 72 32" },
      { act: "copy", text: "password=hunter2" },
    ]);
  });

  it("is not made up where the dump does not hold it, and not cut", async () => {
    const view = await viewOf(0x100000080ff0n);
    view.command("mark", "right");
    for (let step = 0; step < 20; step++) view.command("right");
    view.command("copy");
    await view.settled();
    expect(view.acts.at(-1)).toMatchObject({
      act: "flash",
      text: "6 of the 22 bytes are not in the dump: nothing was copied",
    });
    view.enter("goto", "7ffe770d9000");
    await view.settled();
    view.command("copy");
    expect(view.acts.at(-1)).toMatchObject({ act: "flash", text: expect.stringContaining("save") });
  });

  it("is saved: the mapping, or what is marked", async () => {
    const view = await viewOf(0x100000060000n);
    view.command("save", "mark", "down", "save");
    const contents = view.acts.flatMap((act) => (act.act === "save" ? [act] : []));
    expect(contents.map(({ name }) => name)).toEqual([
      "pid-1-0000100000060000-0000100000064000.bin",
      expect.stringMatching(/^pid-1-0000100000060000-0000100000060[0-9a-f]{3}\.bin$/),
    ]);
    const path = join(scratch(), "saved.bin");
    expect(await save(path, contents[0]?.content as SaveContent)).toEqual({
      bytes: 16384,
      unknown: 0,
    });
    const bytes = readFileSync(path);
    expect(bytes.indexOf("straddles-two-pages")).toBe(0xff6);
    expect(bytes.subarray(0x2000, 0x3000).every((byte) => byte === 0)).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const file = await viewOf(0x100000080000n);
    file.command("save");
    const [act] = file.acts.flatMap((one) => (one.act === "save" ? [one] : []));
    expect(await save(join(scratch(), "file.bin"), act?.content as SaveContent)).toEqual({
      bytes: 8192,
      unknown: 4096,
    });
  });
});

async function save(
  path: string,
  content: SaveContent,
): Promise<{ bytes: number; unknown: number }> {
  const options = { permissions: "any" } as const;
  const checkpoints = new OpenCheckpoints(options);
  const rest = { summaries: new Map(), logins: new Map(), partial: () => {} };
  const services = { options, checkpoints, ...rest };
  const call = { signal: new AbortController().signal, part: () => {} };
  try {
    return await handlers.save({ path, content }, services, call);
  } finally {
    await checkpoints.closeAll();
  }
}

describe("the hex view of a member", () => {
  it("shows an image from its first byte to its last", async () => {
    const checkpoint = await openCheckpoint(crioCounter, { permissions: "any" });
    const member = checkpoint.archive.find("checkpoint/inventory.img");
    if (member === undefined) throw new Error("the sample has no inventory");
    const bytes = await checkpoint.archive.open(member).read(0, member.size);
    await checkpoint.close();
    const view = await open({ path: crioCounter, member: "checkpoint/inventory.img" });
    const shown = view.lines.flatMap(
      (row) => /^[ ▸][0-9a-f]{8} [ [](.{48})/.exec(row)?.[1]?.match(/[0-9a-f]{2}/g) ?? [],
    );
    expect(shown.join("")).toBe(Buffer.from(bytes).toString("hex"));
    expect(view.text).not.toContain("ptr");
    view.command("bottom", "right", "down");
    expect(view.state.cursor).toBe(BigInt(bytes.length - 1));
  });

  it("shows one of an archive inside the archive, and searches it", async () => {
    const view = await open({ path: rich, member: "devshm-checkpoint.tar!rich-shm" });
    view.enter("find", "content-here");
    await view.settled();
    expect(view.header).toContain("1 of 1");
    expect(view.text).toContain("devshm-content-");
  });

  it("says that there is none, or that it is empty", async () => {
    const none = await open({ path: rich, member: "no/such" });
    expect(none.text).toContain("✗ the archive has no member no/such");
    const nobody = await open({ path: rich, pid: 4711 });
    expect(nobody.text).toContain("no memory of a process 4711");
  });
});

describe("the hex view on a small screen", () => {
  it.each([20, 40, 60, 80, 100, 120, 200])("has no line wider than %i columns", async (columns) => {
    const view = await viewOf(heap, columns, 12);
    for (const row of view.lines) expect(row.trimEnd().length).toBeLessThanOrEqual(columns);
    expect(view.text).toContain("3c5b6710");
    if (columns >= 60) expect(view.text).toMatch(/hunter2|password/);
  });

  it("shows control characters and bidirectional text as dots", async () => {
    const view = await viewOf(0x401000n);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters must not be there
    expect(view.text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });
});
