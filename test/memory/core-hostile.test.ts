import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BufferSource } from "../../src/archive/buffer-source.ts";
import { readEntries } from "../../src/criu/image.ts";
import type { MessageName } from "../../src/criu/schema/schema.ts";
import type { Messages } from "../../src/criu/schema/types.ts";
import { CheckpointBuilder } from "../support/checkpoint-builder.ts";
import { entry, image } from "../support/criu-encoder.ts";
import { notesOf, readElfCore, readFiles, readStatus } from "../support/elf-core.ts";
import { expectClean, owner } from "../support/hostile.ts";
import { type Ran, run } from "../support/run.ts";
import { privateCopy, rich, scratch } from "../support/samples.ts";

/** Changes the entries of one image of the rich sample. */
async function changed<Name extends MessageName>(
  builder: CheckpointBuilder,
  name: string,
  [type, message]: readonly [string, Name],
  change: (entries: Messages[Name][]) => void,
): Promise<CheckpointBuilder> {
  const member = `checkpoint/${name}`;
  const entries = await readEntries(new BufferSource(builder.content(member)), message);
  change(entries as Messages[Name][]);
  return builder.replace(member, image(type, ...entries.map((each) => entry(message, each))));
}

const core = ["CORE", "core_entry"] as const;
const mm = ["MM", "mm_entry"] as const;
const files = ["FILES", "file_entry"] as const;
const tree = ["PSTREE", "pstree_entry"] as const;

async function makeCore(path: string, pid = 1): Promise<Ran & { file: string }> {
  const file = join(scratch(), "core");
  const words = ["memory", "core", ...owner, path, "--pid", `${pid}`, "--output-file", file];
  const ran = await run(words);
  expectClean(ran);
  expect(existsSync(file)).toBe(ran.out !== "");
  return { ...ran, file };
}

function tids(file: string): number[] {
  return notesOf(readElfCore(file), 1).map((body) => readStatus(body, 27).pid);
}

describe("memory core", () => {
  it("writes core.PID below a folder, private, and never over a file", async () => {
    const folder = scratch();
    const archive = privateCopy(rich);
    const words = ["memory", "core", ...owner, archive, "--pid", "2", "-C", folder];
    const ran = await run([...words, "-o", "json"]);
    expect(ran.code).toBe(0);
    expect(JSON.parse(ran.out)).toMatchObject({ kind: "CoreFile", pid: 2, threads: 1 });
    expect(readdirSync(folder)).toEqual(["core.2"]);
    expect(statSync(join(folder, "core.2")).mode & 0o777).toBe(0o600);
    expect((await run(words)).code).toBe(4);
    expect((await run([...words, "-C", join(folder, "none")])).code).toBe(4);
  });

  it("wants one process, which has memory", async () => {
    const archive = privateCopy(rich);
    const zombie = await makeCore(archive, 5);
    expect(zombie.code).toBe(3);
    expect(zombie.err).toContain("process 5 is a zombie");
    expect((await makeCore(archive, 77)).code).toBe(2);
    const broken = (await CheckpointBuilder.from(rich)).drop("checkpoint/mm-3.img");
    const layoutless = await makeCore(broken.write(), 3);
    expect(layoutless.code).toBe(3);
    expect(layoutless.err).toContain("there is no mm-3.img");
    const words = ["memory", "core", ...owner, archive, "-C", scratch()];
    expect((await run(words)).code).toBe(2);
    expect((await run([...words, "--pid", "1,2"])).code).toBe(2);
  });

  it("writes the threads that it can, and says which it cannot", async () => {
    const missing = (await CheckpointBuilder.from(rich)).drop("checkpoint/core-8.img");
    const ran = await makeCore(missing.write());
    expect(ran.code).toBe(3);
    expect(ran.err).toContain("thread 8 is left out: its image is missing");
    expect(tids(ran.file)).toEqual([1, 7, 9]);

    const broken = (await CheckpointBuilder.from(rich)).replace(
      "checkpoint/core-7.img",
      "no image",
    );
    const cut = await makeCore(broken.write());
    expect(cut.code).toBe(3);
    expect(tids(cut.file)).toEqual([1, 8, 9]);

    const first = (await CheckpointBuilder.from(rich)).drop("checkpoint/core-1.img");
    const headless = await makeCore(first.write());
    expect(headless.code).toBe(3);
    expect(tids(headless.file)).toEqual([7, 8, 9]);
    expect(notesOf(readElfCore(headless.file), 3).length).toBe(1);
  });

  it("leaves out a thread without registers, or with those of another machine", async () => {
    const builder = await CheckpointBuilder.from(rich);
    await changed(builder, "core-7.img", core, ([it]) => delete it?.thread_info);
    await changed(builder, "core-9.img", core, ([it]) => Object.assign(it ?? {}, { mtype: 3 }));
    await changed(builder, "core-8.img", core, ([it]) => {
      it?.thread_info?.fpregs.st_space.pop();
    });
    const ran = await makeCore(builder.write());
    expect(ran.code).toBe(3);
    expect(ran.err).toContain("thread 7 is left out: it has no registers of X86_64");
    expect(ran.err).toContain("thread 8 has floating-point registers of a wrong number");
    expect(tids(ran.file)).toEqual([1, 8]);
    expect(notesOf(readElfCore(ran.file), 2).length).toBe(1);
    const eighth = notesOf(readElfCore(ran.file), 1)[1] as Buffer;
    expect(readStatus(eighth, 27).hasFloating).toBe(0);
  });

  it("refuses an architecture whose registers it cannot lay out", async () => {
    const builder = await CheckpointBuilder.from(rich);
    await changed(builder, "core-1.img", core, ([it]) => Object.assign(it ?? {}, { mtype: 5 }));
    const ran = await makeCore(builder.write());
    expect(ran.code).toBe(3);
    expect(ran.err).toContain("S390");
    expect(ran.err).toContain("X86_64, AARCH64");

    const none = await CheckpointBuilder.from(rich);
    none.drop(...[1, 7, 8, 9].map((tid) => `checkpoint/core-${tid}.img`));
    const unknown = await makeCore(none.write());
    expect(unknown.code).toBe(3);
    expect(unknown.err).toContain("its architecture is not known");
  });

  it("survives a hundred thousand threads that are not there", async () => {
    const builder = await CheckpointBuilder.from(rich);
    await changed(builder, "pstree.img", tree, ([init]) => {
      init?.threads.push(...Array.from({ length: 100_000 }, (_, at) => at + 1000));
    });
    const ran = await makeCore(builder.write());
    expect(ran.code).toBe(3);
    expect(tids(ran.file)).toEqual([1, 7, 8, 9]);
  });

  it("keeps terminal escapes and NULs out of NT_FILE and the command line", async () => {
    const builder = await CheckpointBuilder.from(rich);
    await changed(builder, "files.img", files, (entries) => {
      for (const { reg } of entries) if (reg?.name === "/bin/rich") reg.name = "/b\0in/\x1b[2Jé";
    });
    await changed(builder, "core-2.img", core, ([it]) => {
      (it?.tc as Messages["task_core_entry"]).comm = "\x1b]0;x\x07";
    });
    await changed(builder, "mm-2.img", mm, ([it]) => Object.assign(it ?? {}, { mm_arg_end: 0n }));
    const { file } = await makeCore(builder.write(), 2);
    const written = readElfCore(file);
    const names = readFiles(notesOf(written, 0x46494c45)[0] as Buffer).files.map(
      ({ name }) => name,
    );
    expect(names).toContain("/b\\x00in/\\x1b[2Jé");
    const info = notesOf(written, 3)[0] as Buffer;
    expect(info.subarray(40, 136).some((byte) => byte > 0 && byte < 0x20)).toBe(false);
  });

  it("takes mappings at the end of the address space, and of terabytes", async () => {
    const builder = await CheckpointBuilder.from(rich);
    await changed(builder, "mm-1.img", mm, ([it]) => {
      const vmas = it?.vmas as Messages["vma_entry"][];
      const sample = vmas.find(({ start }) => start === 0x100000040000n);
      const add = (start: bigint, end: bigint): void => {
        vmas.push({ ...(sample as Messages["vma_entry"]), start, end });
      };
      add(0x200000000000n, 0x600000000000n);
      add(0xfffffffffffff000n, 0xffffffffffffffffn);
    });
    const ran = await makeCore(builder.write());
    expect(ran.code).toBe(0);
    const { loads } = readElfCore(ran.file);
    expect(loads.map(({ address }) => address)).toContain(0xffffffffff600000n);
    const last = loads.at(-1);
    expect([last?.address, last?.memoryBytes]).toEqual([0xfffffffffffff000n, 0xfffn]);
    expect(loads.find(({ address }) => address === 0x200000000000n)?.memoryBytes).toBe(1n << 46n);
    expect(statSync(ran.file).size).toBeLessThan(1024 * 1024);
  });

  it("puts pages that nobody has into no load", async () => {
    const builder = (await CheckpointBuilder.from(rich)).drop("checkpoint/pages-8.img");
    const ran = await makeCore(builder.write(), 6);
    expect(ran.err).toContain("are not in the dump, and in no PT_LOAD");
    const { loads } = readElfCore(ran.file);
    expect(loads.length).toBeGreaterThan(0);
    expect(loads.every(({ fileBytes }) => fileBytes === 0)).toBe(true);
  });

  it("leaves no file where pages end too early", async () => {
    const folder = scratch();
    const builder = await CheckpointBuilder.from(rich);
    const pages = builder.content("checkpoint/pages-4.img");
    const whole = builder.drop("checkpoint/pages-4.img").add("checkpoint/pages-4.img", pages);
    mkdirSync(join(folder, "in"));
    const path = join(folder, "in", "cut.tar");
    const bytes = whole.bytes(Buffer.alloc(0));
    writeFileSync(path, bytes.subarray(0, bytes.length - 8192), { mode: 0o600 });
    const ran = await run(["memory", "core", ...owner, path, "--pid", "1", "-C", folder]);
    expect(ran.code).toBe(3);
    expect(ran.err).toContain("truncated in member checkpoint/pages-4.img");
    expect(readdirSync(folder)).toEqual(["in"]);
  });
});
