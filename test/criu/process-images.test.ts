import { beforeAll, describe, expect, it } from "vitest";
import { BufferSource } from "../../src/archive/buffer-source.ts";
import { readEntries } from "../../src/criu/image.ts";
import type { ProcessDetails } from "../../src/criu/process/process-details.ts";
import type { MessageName } from "../../src/criu/schema/schema.ts";
import type { Messages } from "../../src/criu/schema/types.ts";
import { entry, image, u32 } from "../support/criu-encoder.ts";
import { MemoryFolder } from "../support/memory-folder.ts";
import { edited, readAll } from "../support/processes.ts";
import { rich } from "../support/samples.ts";

let folder: MemoryFolder;
beforeAll(async () => {
  folder = await MemoryFolder.of(rich);
});

async function entries<Name extends MessageName>(
  image: string,
  name: Name,
): Promise<Messages[Name][]> {
  return readEntries(new BufferSource(folder.images.get(image) as Uint8Array), name);
}

type Core = Messages["core_entry"];

function core(pid: number, change: (entry: Core) => object): Promise<Uint8Array> {
  return edited(folder, `core-${pid}.img`, "CORE", "core_entry", change);
}

/** Details and problems of the rich sample with some images exchanged. */
async function read(changes: Record<string, Uint8Array | undefined>) {
  const { details, problems } = await readAll(folder.with(changes));
  return {
    process: (pid: number) => details.get(pid) as ProcessDetails,
    details,
    said: problems.map(({ message, where }) => `${where?.member}: ${message}`),
    problems,
  };
}

describe("images of older CRIUs", () => {
  /** All that later moved into the core, in files of its own again. */
  async function older(): Promise<Record<string, Uint8Array | undefined>> {
    const changes: Record<string, Uint8Array | undefined> = { "files.img": undefined };
    const put = (name: string, type: string, message: MessageName, list: readonly object[]) => {
      changes[name] = image(type, ...list.map((each) => entry(message, each)));
    };
    for (const pid of [1, 2, 3, 4, 6]) {
      const [{ tc, thread_core: thread }] = (await entries(`core-${pid}.img`, "core_entry")) as [
        Core,
      ];
      put(`creds-${pid}.img`, "CREDS", "creds_entry", [thread?.creds as object]);
      put(`rlimit-${pid}.img`, "RLIMIT", "rlimit_entry", tc?.rlimits?.rlimits ?? []);
      put(`sigacts-${pid}.img`, "SIGACT", "sa_entry", tc?.sigactions ?? []);
      const timers = tc?.timers as Messages["task_timers_entry"];
      const { real, virt, prof, posix } = timers;
      put(`itimers-${pid}.img`, "ITIMERS", "itimer_entry", [real, virt, prof]);
      put(`posix-timers-${pid}.img`, "POSIX_TIMERS", "posix_timer_entry", posix);
      put(`signal-s-${pid}.img`, "SIGNAL", "siginfo_entry", tc?.signals_s?.signals ?? []);
    }
    for (const tid of [1, 2, 3, 4, 6, 7, 8, 9]) {
      const [whole] = (await entries(`core-${tid}.img`, "core_entry")) as [Core];
      const queue = whole.thread_core?.signals_p?.signals ?? [];
      put(`signal-p-${tid}.img`, "SIGNAL", "siginfo_entry", queue);
      changes[`core-${tid}.img`] = await core(tid, stripped);
    }
    const files = await entries("files.img", "file_entry");
    const regular = files.flatMap(({ reg }) => reg ?? []);
    put("reg-files.img", "REG_FILES", "reg_file_entry", regular);
    return changes;
  }

  function stripped({ tc, thread_core: thread, ...rest }: Core): object {
    const { creds, signals_p, seccomp_mode, seccomp_filter, cg_set, comm, ...own } = thread ?? {};
    if (tc === undefined) return { ...rest, thread_core: { ...own, comm } };
    const { timers, rlimits, signals_s, ...task } = tc;
    return {
      ...rest,
      tc: {
        ...task,
        sigactions: [],
        cg_set,
        old_seccomp_mode: seccomp_mode,
        old_seccomp_filter: seccomp_filter,
      },
      thread_core: own,
    };
  }

  it("say the same of every process", async () => {
    const now = await readAll(folder);
    const then = await read(await older());
    expect(then.said).toEqual([]);
    for (const [pid, details] of now.details) {
      const { threads, process: _now, ...facts } = details;
      const { threads: oldThreads, process: _then, ...oldFacts } = then.process(pid);
      expect(oldFacts).toEqual(facts);
      expect(oldThreads[0]).toEqual(threads[0]);
    }
    const names = then.process(1).threads.map(({ comm }) => comm);
    expect(names).toEqual(["rich-main", "rich-thr-1", "rich-thr-2", "rich-thr-3"]);
    const pending = then.process(1).threads.map(({ pendingSignals }) => pendingSignals.length);
    expect(pending).toEqual([0, 0, 1, 0]);
  });

  it("may carry the ids of a process in its core", async () => {
    const [ids] = await entries("ids-1.img", "task_kobj_ids_entry");
    const { process, said } = await read({
      "core-1.img": await core(1, (it) => ({ ...it, ids })),
      "ids-1.img": undefined,
    });
    expect(said).toEqual([]);
    expect(process(1).namespaces).toHaveLength(8);
  });
});

describe("images that are missing", () => {
  it.each([
    ["fs-2.img", "fs-2.img: there is no fs-2.img, which its process needs"],
    ["ids-2.img", "ids-2.img: there is no ids-2.img, which its process needs"],
    ["core-8.img", "core-8.img: there is no core-8.img, which its thread needs"],
    ["core-2.img", "core-2.img: there is no core-2.img, which its process needs"],
    ["mm-2.img", "mm-2.img: there is no mm-2.img, which its process needs"],
  ])("%s is one problem", async (name, message) => {
    const { said, details } = await read({ [name]: undefined });
    expect(said).toEqual([message]);
    expect(details.size).toBe(6);
  });

  it("files.img is one for each file that is asked for", async () => {
    const { said, process } = await read({ "files.img": undefined });
    expect(said).toContain(
      "mm-1.img: the program of process 1 is file 1, and there is no files.img",
    );
    expect(said).toHaveLength(15);
    expect(process(1)).toMatchObject({ executable: null, workingFolder: null, umask: 0o22 });
  });

  it("cgroup.img and seccomp.img leave ids without names", async () => {
    const { said, process } = await read({ "cgroup.img": undefined, "seccomp.img": undefined });
    expect(said).toEqual([]);
    expect(process(1).threads[0]).toMatchObject({
      cgroups: { id: 2, groups: null },
      seccomp: { mode: "filter", filters: null },
    });
  });

  it("inventory.img leaves open which namespaces are the host's", async () => {
    const { process } = await read({ "inventory.img": undefined });
    expect(process(1).namespaces.map(({ host }) => host)).toEqual(new Array(8).fill(null));
  });
});

describe("ids that lead nowhere", () => {
  it("of a working folder", async () => {
    const fs = image("FS", entry("fs_entry", { cwd_id: 4242, root_id: 41, umask: 0 }));
    const { said, process } = await read({ "fs-1.img": fs });
    expect(said).toEqual([
      "fs-1.img: the working folder of process 1 is file 4242, which files.img does not hold",
    ]);
    expect(process(1)).toMatchObject({ workingFolder: null, root: { path: "/" }, umask: 0 });
  });

  it("of a program that is a pipe", async () => {
    const mm = await edited(folder, "mm-1.img", "MM", "mm_entry", (it) => ({
      ...it,
      exe_file_id: 8,
    }));
    const { said } = await read({ "mm-1.img": mm });
    expect(said).toEqual([
      expect.stringMatching(
        /^mm-1\.img: the program of process 1 is file 8, which is a file of type \w+ and has no path$/,
      ),
    ]);
  });

  it("of a control group", async () => {
    const changed = await core(2, (it) => ({
      ...it,
      thread_core: { ...it.thread_core, cg_set: 77 },
    }));
    const { said, process } = await read({ "core-2.img": changed });
    expect(said).toEqual(["core-2.img: there is no cgroup set 77; the image holds 2"]);
    expect(process(2).threads[0]?.cgroups).toEqual({ id: 77, groups: null });
  });

  it("of a cgroup namespace that begins behind the end of the path", async () => {
    const ctls = [
      { name: "a", path: "/x/y", cgns_prefix: 2 },
      { name: "b", path: "/x", cgns_prefix: 2 },
      { name: "c", path: "/x", cgns_prefix: 4_000_000_000 },
    ];
    const sets = [
      { id: 2, ctls },
      { id: 2, ctls: [] },
    ];
    const { said, process } = await read({
      "cgroup.img": image("CGROUP", entry("cgroup_entry", { sets, controllers: [] })),
    });
    expect(said[0]).toBe("cgroup.img: there are two cgroup sets 2; the first counts");
    // Told once, not for each of eight threads.
    expect(said).toHaveLength(2);
    expect(said[1]).toContain('the cgroup namespace of "/x" begins at byte 4000000000');
    expect(process(1).threads[0]?.cgroups?.groups?.map(({ inside }) => inside)).toEqual([
      "/y",
      "/",
      null,
    ]);
  });

  it("of CRIU's own control group, which is no fault", async () => {
    const changed = await core(2, (it) => ({
      ...it,
      thread_core: { ...it.thread_core, cg_set: 1 },
    }));
    const { said, process } = await read({ "core-2.img": changed });
    expect(said).toEqual([]);
    expect(process(2).threads[0]?.cgroups).toEqual({ id: 1, groups: null });
  });

  it("of two files", async () => {
    const [first] = await entries("files.img", "file_entry");
    const files = folder.images.get("files.img") as Uint8Array;
    const again = { ...first, reg: { ...first?.reg, name: "/elsewhere" } };
    const twice = Buffer.concat([files, entry("file_entry", again)]);
    const { said, process } = await read({ "files.img": twice });
    expect(said).toEqual(["files.img: there are two regular files 1; the first counts"]);
    expect(process(1).executable?.path).toBe("/bin/rich");
  });
});

describe("entries that are broken", () => {
  it("are a problem with entry and offset, and the rest is kept", async () => {
    const files = folder.images.get("files.img") as Uint8Array;
    const broken = Buffer.concat([files, u32(3), Buffer.from([0xff, 0xff, 0xff])]);
    const { problems, process } = await read({ "files.img": broken });
    expect(problems).toHaveLength(1);
    expect(problems[0]?.where).toEqual({ member: "files.img", entry: 55, offset: files.length });
    expect(process(1).executable?.path).toBe("/bin/rich");
  });

  it("are given up where there are many", async () => {
    const bad = Buffer.concat(new Array(1_000_000).fill(u32(0)));
    const { said } = await read({ "files.img": image("FILES", bad) });
    expect(said.filter((line) => line.includes("lacks its field"))).toHaveLength(256);
    expect(said).toContain(
      "files.img: the rest of an image is not read, because too many of its entries are broken; found 256 broken entries; allowed 255",
    );
  });

  it("are of another type", async () => {
    const { said } = await read({ "fs-1.img": image("MM") });
    expect(said).toEqual([
      "fs-1.img: an image is of another type than its name says; found MM; allowed an image of fs_entry",
    ]);
  });
});

describe("environments", () => {
  function memory(change: (it: Messages["mm_entry"]) => object): Promise<Uint8Array> {
    return edited(folder, "mm-1.img", "MM", "mm_entry", (it) => ({ ...it, ...change(it) }));
  }

  it("without end stop where their pages do", async () => {
    const mm = await memory((it) => ({ mm_env_end: it.mm_env_start + 2n ** 40n }));
    const { said, process } = await read({ "mm-1.img": mm });
    expect(said).toEqual([
      "mm-1.img: the environment is 1,099,511,627,776 bytes long; allowed 6,291,456, and the rest is not read",
    ]);
    expect(process(1).environment?.[0]?.name).toBe("AWS_ACCESS_KEY_ID");
  });

  it("that end before they begin are told", async () => {
    const mm = await memory((it) => ({ mm_env_end: it.mm_env_start - 1n }));
    const { said, process } = await read({ "mm-1.img": mm });
    expect(said).toEqual([
      "mm-1.img: the environment ends before it begins, or is longer than any memory",
    ]);
    expect(process(1).environment).toBeNull();
  });

  it("of no bytes are empty, and those outside of the dump are unknown", async () => {
    const none = await memory((it) => ({ mm_env_end: it.mm_env_start }));
    expect((await read({ "mm-1.img": none })).process(1).environment).toEqual([]);
    const away = await memory(() => ({ mm_env_start: 0x1000n, mm_env_end: 0x2000n }));
    expect((await read({ "mm-1.img": away })).process(1).environment).toBeNull();
    const last = { mm_env_start: 2n ** 64n - 4096n, mm_env_end: 2n ** 64n - 1n };
    expect(
      (await read({ "mm-1.img": await memory(() => last) })).process(1).environment,
    ).toBeNull();
  });
});

describe("names", () => {
  it("that are no UTF-8 keep their bytes", async () => {
    const [whole] = (await entries("core-2.img", "core_entry")) as [Core];
    const bytes = Buffer.from(image("CORE", entry("core_entry", whole)));
    for (let at = bytes.indexOf("rich-child"); at !== -1; at = bytes.indexOf("rich-child")) {
      bytes.write("\xff\xfech-child", at, "latin1");
    }
    const { said, process } = await read({ "core-2.img": bytes });
    expect(said).toEqual([]);
    expect(process(2).process.comm).toBe("\udcff\udcfech-child");
    expect(process(2).threads[0]?.comm).toBe("\udcff\udcfech-child");
  });
});

describe("states", () => {
  it.each([
    [1, undefined, "alive", null],
    [3, 19, "stopped", "SIGSTOP"],
    [3, 20, "stopped", "SIGTSTP"],
    [99, undefined, "unknown", null],
  ])("%i with the signal %s is %s", async (task_state, stop_signo, state, stopSignal) => {
    const changed = await core(2, (it) => ({ ...it, tc: { ...it.tc, task_state, stop_signo } }));
    const { process, said } = await read({ "core-2.img": changed });
    expect(said).toEqual([]);
    expect(process(2)).toMatchObject({ stopSignal, process: { state } });
  });
});

describe("trees", () => {
  it("in a circle, and with threads of others, are read once each", async () => {
    const node = (pid: number, ppid: number, threads: number[]) =>
      entry("pstree_entry", { pid, ppid, pgid: 1, sid: 1, threads });
    const tree = image("PSTREE", node(1, 2, [1, 7, 2]), node(2, 1, [2, 7]));
    const { said, details } = await read({ "pstree.img": tree });
    expect([...details.keys()].sort()).toEqual([1, 2]);
    expect(said.filter((line) => line.includes("its own ancestor"))).toHaveLength(1);
    expect(said.filter((line) => line.includes("lists thread"))).toHaveLength(2);
    expect(details.get(1)?.threads.map(({ tid }) => tid)).toEqual([1, 7]);
    expect(details.get(2)?.threads.map(({ tid }) => tid)).toEqual([2]);
  });

  it("with a hundred thousand threads that are not there", async () => {
    const threads = Array.from({ length: 100_000 }, (_, at) => at + 1);
    const tree = image(
      "PSTREE",
      entry("pstree_entry", { pid: 1, ppid: 0, pgid: 1, sid: 1, threads }),
    );
    const { problems, process } = await read({ "pstree.img": tree });
    expect(problems.length).toBeLessThan(1100);
    expect(process(1).threads.length).toBeLessThan(10);
  });
});
