import { describe, expect, it } from "vitest";
import yaml from "yaml";
import type { ProcessDocument } from "../../src/checkpoint/process-document.ts";
import type { ProcessList } from "../../src/checkpoint/process-list.ts";
import { CheckpointBuilder } from "../support/checkpoint-builder.ts";
import { entry, image } from "../support/criu-encoder.ts";
import { expectClean } from "../support/hostile.ts";
import { type Ran, run } from "../support/run.ts";
import { crioCounter, privateCopy, rich, samplePath } from "../support/samples.ts";

const owner = ["--permissions", "owner"];

function ps(...words: string[]): Promise<Ran> {
  return run(["ps", ...words, ...owner, privateCopy(rich)]);
}

/** Cells of the first columns, without spaces. */
function rows(out: string): string[][] {
  return out
    .trimEnd()
    .split("\n")
    .map((line) => line.trim().split(/ {3,}/));
}

describe("ps", () => {
  it("draws a tree", async () => {
    const { code, out, err } = await ps();
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(rows(out)[0]).toEqual("PID PPID STATE THREADS UID MEMORY COMMAND".split(" "));
    const commands = out.split("\n").map((line) => line.replace(/^.*(KiB|–|MEMORY) {3}/, ""));
    expect(commands.slice(1, 7)).toEqual([
      "/bin/rich",
      "├─ /bin/rich",
      "│  └─ /bin/rich",
      "├─ /bin/rich --role=group --password=••••••••",
      "├─ [rich-zombie]",
      "└─ /tmp/vanishing rich-deleted",
    ]);
    expect(await ps("--tree")).toEqual(await ps());
  });

  it("says what a zombie exited with", async () => {
    const zombie = rows((await ps()).out).find(([pid]) => pid === "5");
    expect(zombie?.slice(0, 6)).toEqual(["5", "1", "zombie (exit 7)", "1", "–", "–"]);
  });

  it("counts threads", async () => {
    const threads = rows((await ps("--no-headers")).out).map((cells) => cells[3]);
    expect(threads).toEqual(["4", "1", "1", "1", "1", "1"]);
  });

  it("--flat goes by pid, without branches", async () => {
    const { out } = await ps("--flat");
    expect(out).not.toMatch(/[├└│]/);
    expect(rows(out).map(([pid]) => pid)).toEqual(["PID", "1", "2", "3", "4", "5", "6"]);
    const { code, err } = await ps("--flat", "--tree");
    expect(code).toBe(2);
    expect(err).toContain("--flat");
  });

  it("-o wide adds session, group and program", async () => {
    const { out } = await ps("-o", "wide", "--no-headers");
    const cells = rows(out);
    expect(cells[2]?.slice(0, 4)).toEqual(["3", "2", "3", "3"]);
    expect(cells[3]?.slice(0, 4)).toEqual(["4", "1", "1", "4"]);
    expect(cells[5]).toContain("/tmp/vanishing");
  });

  it("-q prints pids", async () => {
    expect((await ps("-q")).out).toBe("1\n2\n3\n4\n5\n6\n");
    expect((await ps("-q", "--pid", "4")).out).toBe("4\n");
  });

  it("prints the same document as JSON and YAML, parents first", async () => {
    const document = JSON.parse((await ps("-o", "json")).out) as ProcessList;
    expect(document).toMatchObject({ apiVersion: "cryoscope/v1", kind: "ProcessList" });
    expect(document.items.map(({ pid, depth }) => [pid, depth])).toEqual([
      [1, 0],
      [2, 1],
      [3, 2],
      [4, 1],
      [5, 1],
      [6, 1],
    ]);
    expect(document.items[0]?.threads).toEqual([1, 7, 8, 9]);
    const same = yaml.parse((await ps("-o", "yaml")).out) as ProcessList;
    expect(same.items).toEqual(document.items);
  });

  it("masks passwords unless --reveal is given", async () => {
    for (const format of ["table", "wide", "json", "yaml"]) {
      for (const words of [[], ["--pid", "4"]]) {
        const hidden = await ps("-o", format, ...words);
        expect(hidden.out).not.toContain("cmdline-secret-not-real");
        const shown = await ps("-o", format, ...words, "--reveal");
        expect(shown.out).toContain("--password=cmdline-secret-not-real");
      }
    }
  });

  it("is cut to the width of a terminal", async () => {
    const copy = privateCopy(rich);
    const { out } = await run(["ps", ...owner, copy], { columns: 70 });
    for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(70);
  });
});

describe("ps --pid", () => {
  it("shows everything in sections", async () => {
    const { code, out } = await ps("--pid", "1", "-o", "wide");
    expect(code).toBe(0);
    const titles = [...out.matchAll(/^(?! )(\S.*)$/gm)].map(([, title]) => title);
    expect(titles).toEqual([
      "Process",
      "Rights",
      "Namespaces",
      "Control groups",
      "Limits",
      "Signals",
      "Timers",
      "Threads",
      "Registers",
      "Environment",
    ]);
    for (const text of [
      "rich-main",
      "CAP_SYS_CHROOT",
      "user    7 (the host's)",
      "name=systemd",
      "SIGRTMIN+2",
      "SIG_IGN",
      "Blocked  SIGUSR2 SIGRTMIN+1",
      "SIGUSR2 by SI_QUEUE from pid 1 (uid 0) with 0x7",
      "for thread 8 alone",
      "3597.682 s left, every 120 s",
      "CLOCK_MONOTONIC, SIGEV_SIGNAL SIGRTMIN+2: 86397.682 s left, every 240 s",
      "rich-thr-3",
      "orig_rax",
      "POSTGRES_PASSWORD=••••••••",
    ]) {
      expect(out).toContain(text);
    }
  });

  it("leaves out what a zombie has not, and registers where nobody asks", async () => {
    expect((await ps("--pid", "1")).out).not.toContain("orig_rax");
    const { out } = await ps("--pid", "5");
    expect(out).toContain("zombie (exit 7)");
    expect(out.match(/^\S.*$/gm)).toEqual(["Process"]);
    expect((await ps("--pid", "6")).out).toContain("/tmp/vanishing (deleted)");
  });

  it("gives registers as hexadecimal texts", async () => {
    const document = JSON.parse((await ps("--pid", "1", "-o", "json")).out) as ProcessDocument;
    expect(document.threads[0]?.registers?.general).toMatchObject({
      rip: "0x43d895",
      rax: "0xfffffffffffffffc",
      r15: "0x4",
      fs_base: "0x3c5b53c0",
    });
    expect(document.threads[0]?.registers?.floating).toMatchObject({
      mxcsr: "0x1f80",
      xmm0: "0x3c5b6b10000000003c5b6b10",
      ymm0: "0x3c5b6b10000000003c5b6b10",
      zmm17: expect.stringMatching(/^0x(25){32}$/),
      st0: "0x0",
    });
    expect(document.executable).toMatchObject({ path: "/bin/rich", deleted: false });
  });

  it("shows of floating-point and vector registers what is not zero, each once", async () => {
    const { out } = await ps("--pid", "1", "-o", "wide");
    const [, thread = ""] = out.split(/^ {2}thread .*\n/m);
    expect(thread).toMatch(/^ +fcw +0x37f +mxcsr +0x1f80/m);
    expect(thread).toMatch(
      /^ +xmm0 +0x3c5b6b10000000003c5b6b10 +xmm1 +0x7ffe770f8d30000000300000000/m,
    );
    expect(thread).toMatch(/^ +zmm17 +0x(25){32}$/m);
    expect(thread).not.toMatch(/ymm|zmm0|st0|xmm2/);
  });

  it("says of a pid that is none what there is, and of a thread whose it is", async () => {
    const none = await ps("--pid", "42");
    expect(none).toMatchObject({ code: 3, out: "" });
    expect(none.err).toContain("there is no process 42 in the archive");
    expect(none.err).toContain("1, 2, 3, 4, 5, 6");
    expect((await ps("--pid", "9")).err).toContain("a thread 9 of process 1");
  });

  it.each(["0", "-1", "x", "1.5", "99999999", ""])("refuses %j as a pid", async (pid) => {
    const { code, err } = await ps(`--pid=${pid}`);
    expect(code).toBe(2);
    expect(err).toContain("pid");
  });
});

describe("env", () => {
  const env = (...words: string[]): Promise<Ran> =>
    run(["env", ...words, ...owner, privateCopy(rich)]);

  it("shows the variables of each process below its name", async () => {
    const { code, out } = await env();
    expect(code).toBe(0);
    const titles = out.split("\n").filter((line) => line.startsWith("pid "));
    expect(titles).toEqual([
      "pid 1  rich-main",
      "pid 2  rich-child",
      "pid 3  rich-grand",
      "pid 4  rich-group",
      "pid 5  rich-zombie",
      "pid 6  rich-deleted",
    ]);
    expect(out.match(/^HOSTNAME=rich$/gm)).toHaveLength(5);
    expect(out).toContain("DATABASE_URL=postgres://app:••••••••@127.0.0.1:5432/app");
    expect(out).not.toContain("not-real");
  });

  it("of one process is lines that a shell can read", async () => {
    const { out } = await env("--pid", "6", "--reveal");
    const lines = out.trimEnd().split("\n");
    expect(lines).toHaveLength(8);
    expect(lines).toContain("POSTGRES_PASSWORD=mysecret-not-real");
    expect(lines).toContain("AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    expect((await env("--pid", "5")).out).toBe("");
    expect((await env("--pid", "42")).code).toBe(3);
  });

  it("-q prints each name once", async () => {
    const names = (await env("-q")).out.trimEnd().split("\n");
    expect(names.slice(0, 2)).toEqual(["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(["podman/busybox-env-secrets.tar.gz", "podman/busybox-crun-zstd.tar.zst"])(
    "is in the pages that one pass over %s keeps",
    async (sample) => {
      const words = ["env", "-o", "json", "--reveal", ...owner, privateCopy(samplePath(sample))];
      const { code, out } = await run(words);
      expect(code).toBe(0);
      const { items } = JSON.parse(out) as { items: { variables: unknown[] | null }[] };
      expect(items.length).toBeGreaterThan(1);
      for (const { variables } of items) expect(variables?.length).toBeGreaterThan(1);
    },
  );
});

describe("hostile processes", () => {
  it("write no escapes to a terminal", async () => {
    const builder = await CheckpointBuilder.from(crioCounter);
    const core = Buffer.from(builder.content("checkpoint/core-1.img"));
    for (let at = core.indexOf("counter"); at !== -1; at = core.indexOf("counter")) {
      core.write("\x1b[2J\xffx\n", at, "latin1");
    }
    const path = builder.replace("checkpoint/core-1.img", core).write();
    for (const words of [["ps"], ["ps", "--pid", "1"], ["env"], ["ps", "-o", "json"]]) {
      const ran = await run([...words, ...owner, path]);
      expect(ran.code).toBe(0);
      expectClean(ran);
    }
  });

  it("are shown with what is left of them, and the exit code says so", async () => {
    const builder = await CheckpointBuilder.from(rich);
    const fs = image("FS", entry("fs_entry", { cwd_id: 9999, root_id: 9999 }));
    const path = builder
      .replace("checkpoint/fs-1.img", fs)
      .drop("checkpoint/core-7.img", "checkpoint/cgroup.img")
      .write();
    const ran = await run(["ps", "--pid", "1", ...owner, path]);
    expect(ran.code).toBe(3);
    expect(ran.out).toContain("rich-thr-2");
    expect(ran.out).toContain("Problems");
    expect(ran.out).toContain(
      "the working folder of process 1 is file 9999, which files.img does not hold",
    );
    expect(ran.out).toContain("there is no core-7.img, which its thread needs");
    // A list needs none of these.
    expect((await run(["ps", ...owner, path])).code).toBe(0);
  });

  it("need no dump at all to be told so", async () => {
    const builder = await CheckpointBuilder.from(crioCounter);
    builder.drop(...builder.names().filter((name) => name.startsWith("checkpoint/")));
    const path = builder.write();
    for (const words of [["ps"], ["env"], ["ps", "--pid", "1"]]) {
      const ran = await run([...words, ...owner, path]);
      expect(ran.code).toBe(3);
      expectClean(ran);
    }
  });
});
