import { describe, expect, it } from "vitest";
import { LogReader } from "../../../src/diagnose/log/read-log.ts";
import { explained, explainedRuns } from "../../support/explained.ts";

const head = `(00.000000) CRIU run id = 1d27a256-3752-4372-94c1-a7728432a251
(00.000000) CRIU run id = e75deb67-1d14-4bb2-a21a-bf5034b2364c
(00.000000) Would overwrite RPC settings with values from /etc/criu/runc.conf
(00.000037) Version: 4.2.1 (gitid 0)
(00.000044) Running on node Linux 6.18.44 #1 SMP PREEMPT_DYNAMIC @0 x86_64
(00.000050) Will dump/restore TCP connections
`;
const rlimit =
  "(00.000060) Error (criu/util.c:1534): rlimit: Can't setup RLIMIT_NOFILE for self: Operation not permitted\n";
const failed = "(00.900000) Error (criu/cr-dump.c:1975): Dumping FAILED.\n";
const roles = (text: string): (string | null)[][] =>
  explained(text).errors.map(({ role, known, message }) => [role, known ?? message]);

describe("a log", () => {
  it("says who made it, with which options", () => {
    expect(explained(`${head}(00.9) x\n(00.900000) Dumping finished successfully\n`)).toMatchObject(
      {
        operation: "dump",
        outcome: "succeeded",
        criu: { version: "4.2.1", runId: "e75deb67-1d14-4bb2-a21a-bf5034b2364c", dumpRunId: null },
        kernel: { release: "6.18.44", machine: "x86_64" },
        runtime: "runc",
        configurationFiles: ["/etc/criu/runc.conf"],
        options: ["tcp-established"],
        finding: null,
        endsMidLine: false,
      },
    );
  });

  it("that ends well makes its errors harmless", () => {
    const text = `${head}${rlimit}(00.8) y\n(00.800000) Error (criu/a.c:1): odd\n(00.900000) Dumping finished successfully\n`;
    expect(explained(text).finding).toBeNull();
    expect(roles(text).map(([role]) => role)).toEqual(["harmless", "harmless"]);
  });

  it("that ends well without all memory does not end well", () => {
    const text = `${head}(00.100000)    12: Error (criu/pagemap.c:256): Can't read mapping page 0: No such file or directory\n(00.900000) Restore finished successfully. Tasks resumed.\n`;
    expect(explained(text)).toMatchObject({ outcome: "succeeded", finding: { id: "pages-cut" } });
  });

  it("that breaks off without an error says so", () => {
    expect(explained(`${head}${rlimit}(00.100000) Dumping ta`)).toMatchObject({
      outcome: "cut",
      endsMidLine: true,
      finding: null,
    });
  });

  it("with a new error shows what stands around it, and does not say that it knows", () => {
    const text = `${head}${rlimit}(00.1) p\n(00.200000) before\n(00.300000) Error (criu/a.c:7): moon: is full\n(00.400000) after\n${failed}`;
    expect(explained(text, { context: 1 }).finding).toEqual({
      id: null,
      speaker: null,
      line: 10,
      message: "moon: is full",
      cause: null,
      remedy: null,
      configuration: null,
      sources: [],
      before: [{ line: 9, text: "(00.200000) before" }],
      after: [{ line: 11, text: "(00.400000) after" }],
    });
  });

  it("is the same in however small pieces it comes", () => {
    const text = `${head}${rlimit}(00.300000) Error (criu/a.c:7): moon: is füll\n${failed}`;
    expect(explainedRuns(text, {}, 1)).toEqual(explainedRuns(text));
    expect(explained(text).finding?.message).toBe("moon: is füll");
  });

  it("hides secrets unless they are asked for", () => {
    const text = `${head}(00.1) DB_PASSWORD=hunter2\n(00.200000) Error (criu/a.c:7): token=hunter2\n`;
    expect(JSON.stringify(explained(text))).not.toContain("hunter2");
    expect(JSON.stringify(explained(text, { reveal: true })).match(/hunter2/g)).toHaveLength(3);
  });

  it("of two runs is two explanations", () => {
    const runs = explainedRuns(
      `${head}${failed}${head}(00.500000) Reading image tree\n(00.600000) Restore finished successfully. Tasks resumed.\n`,
    );
    expect(runs.map(({ operation, outcome }) => `${operation} ${outcome}`)).toEqual([
      "dump failed",
      "restore succeeded",
    ]);
    expect(runs.map(({ firstLine, lines }) => [firstLine, lines])).toEqual([
      [1, 7],
      [8, 8],
    ]);
  });
});

describe("the first real error", () => {
  const tcp =
    "(00.024730) Error (criu/sk-inet.c:200): inet: Connected TCP socket, consider using --tcp-established option.\n";
  const files = "(00.024760) Error (criu/cr-dump.c:1545): Dump files (pid: 20853) failed with -1\n";

  it("stands before its consequences", () => {
    expect(roles(head + rlimit + tcp + files + failed)).toEqual([
      ["harmless", "limit-not-raised"],
      ["cause", "tcp-established"],
      ["consequence", "gave-up"],
      ["consequence", "gave-up"],
    ]);
  });

  it("comes with the line for the runtime that made the log", () => {
    const { finding } = explained(head + tcp + failed);
    expect(finding).toMatchObject({
      configuration: { line: "tcp-established", files: ["/etc/criu/runc.conf"] },
      sources: [
        {
          name: "checkpoint-restore/criu#589",
          url: "https://github.com/checkpoint-restore/criu/issues/589",
        },
        {
          name: "checkpoint-restore/criu#2535",
          url: "https://github.com/checkpoint-restore/criu/issues/2535",
        },
        { name: "recorded", url: null },
      ],
    });
    expect(explained(tcp + failed).finding?.configuration?.files).toHaveLength(2);
  });

  it("is the one that is known, where an unknown one of the same process led to it", () => {
    const led = "(00.020000) Error (criu/a.c:1): tcp: something\n";
    expect(roles(head + led + tcp + failed)).toEqual([
      ["leading", "tcp: something"],
      ["cause", "tcp-established"],
      ["consequence", "gave-up"],
    ]);
  });

  it("does not take in what another process of a restore says", () => {
    const text = `${head}(00.100000)    12: Error (criu/a.c:1): moon
(00.100010)    12: Error (criu/b.c:1): Unable to open fd
(00.100020)    40: Error (criu/c.c:1): sun
(00.100030)    41: Error (criu/files-reg.c:1): File a has bad size 1 (expect 2)
(00.100040) Error (criu/cr-restore.c:1269): 40 killed by signal 9: Killed
(00.900000) Error (criu/cr-restore.c:2331): Restoring FAILED.\n`;
    expect(roles(text).map(([role]) => role)).toEqual([
      "cause",
      "consequence",
      "separate",
      "separate",
      "consequence",
      "consequence",
    ]);
  });

  it("is not a warning that stands in every log of this kernel", () => {
    const warning =
      "(00.010000) Warn  (criu/a.c:1): ioctl(PAGEMAP_SCAN) doesn't support PAGE_IS_GUARD flag. x\n";
    expect(roles(head + warning + tcp + failed)[0]).toEqual(["separate", "guard-pages"]);
    const unknown = "(00.020000) Error (criu/a.c:1): moon\n";
    expect(roles(head + warning + unknown + failed).map(([role]) => role)).toEqual([
      "leading",
      "cause",
      "consequence",
    ]);
  });

  it("is found in an excerpt, and in one that somebody made one line of", () => {
    const excerpt = `checkpointing of default/a failed: /usr/bin/crun --- excerpt\n${rlimit}${tcp}${failed}CRIU checkpointing failed: -52: Invalid exchange\n`;
    const one = `Warning  Failed  3s  kubelet  ${JSON.stringify(excerpt)}\n`;
    for (const text of [excerpt, one]) {
      const { finding, runtime, outcome } = explained(text);
      expect(finding?.id).toBe("tcp-established");
      expect({ runtime, outcome }).toEqual({ runtime: "crun", outcome: "failed" });
    }
  });

  it("of a runtime that passes nothing on is where to look", () => {
    const { finding, operation } = explained(
      "runc did not terminate successfully: exit status 1: criu failed: type NOTIFY errno 0\n",
    );
    expect(operation).toBe("wrapper");
    expect(finding).toMatchObject({
      id: "criu-wordless",
      configuration: { line: "log-file /tmp/criu.log", files: ["/etc/criu/runc.conf"] },
    });
  });
});

describe("the timeline", () => {
  it("of a dump has a phase for each process, with its parts", () => {
    const { timeline, frozenSeconds } =
      explained(`${head}(00.100000) Dumping processes (pid: 7 comm: a)
(00.200000) SEIZE 7 (comm a): success
(00.300000) Seized task 7, state 1
(00.400000) Dumping task (pid: 7 comm: a (b))
(00.410000) Collecting mappings (pid: 7)
(00.420000) Dumping opened files (pid: 7)
(00.430000) Dumping pages (type: 59 pid: 7)
(00.490000) Dumping core (pid: 7)
(00.500000) Dumping task (pid: 8 comm: c)
(00.600000) Dumping 1(7)'s namespaces
(00.700000) Unfreezing tasks into 1
(00.800000) Dumping finished successfully\n`);
    expect(timeline.map(({ id, start, pid, comm }) => [id, start, pid, comm])).toEqual([
      ["start", 0, null, null],
      ["prepare", 0.1, null, null],
      ["freeze", 0.2, null, null],
      ["process", 0.4, 7, "a (b)"],
      ["process", 0.5, 8, "c"],
      ["namespaces", 0.6, null, null],
      ["unfreeze", 0.7, null, null],
    ]);
    expect(timeline[3]?.duration).toBeCloseTo(0.1, 6);
    expect(timeline[3]?.parts).toEqual([
      { id: "mappings", duration: 0.01 },
      { id: "files", duration: 0.01 },
      { id: "memory", duration: 0.06 },
      { id: "state", duration: 0.01 },
    ]);
    expect(timeline[6]?.duration).toBeCloseTo(0.1, 6);
    expect(frozenSeconds).toBeCloseTo(0.5, 6);
  });

  it("of a restore has processes side by side", () => {
    const { timeline } = explained(`${head}(00.100000) Reading image tree
(00.200000) Forking task with 1 pid (flags 0x0)
(00.300000)      1: Restoring namespaces 1 flags 0x0
(00.350000)      2: Opened local page read 1 (parent 0)
(00.400000)      1: Restoring resources
(00.500000)      2: Restore via sigreturn
(00.600000) pie: 2: 2: Restored
(00.650000) pie: 1: 1: Restored
(00.700000) Running post-restore scripts
(00.800000) Restore finished successfully. Tasks resumed.\n`);
    expect(timeline.map(({ id, pid, start }) => [id, pid, start])).toEqual([
      ["start", null, 0],
      ["images", null, 0.1],
      ["processes", null, 0.2],
      ["process", 1, 0.3],
      ["process", 2, 0.35],
      ["post-scripts", null, 0.7],
      ["resume", null, 0.8],
    ]);
    expect(timeline[4]?.parts).toEqual([
      { id: "memory", duration: 0.15 },
      { id: "resume", duration: 0.1 },
    ]);
  });

  it("is empty where CRIU wrote no stamps", () => {
    expect(explained("Error (criu/cr-dump.c:1975): Dumping FAILED.\n").timeline).toEqual([]);
  });
});

describe("a hostile log", () => {
  it("fills nothing: errors, processes and runs are bounded, and counted", () => {
    const reader = new LogReader("x", { context: 2, reveal: false });
    reader.push(Buffer.from(head));
    for (let at = 0; at < 3000; at += 1) {
      reader.push(Buffer.from(`(00.5) z\n(01.000000) ${at}: Error (criu/a.c:1): bad ${at}\n`));
      reader.push(Buffer.from(`(01.000000) Error (criu/a.c:1): killed by signal 9\n`));
      reader.push(Buffer.from(`(01.000000) Dumping task (pid: ${at} comm: x)\n`));
    }
    const { runs } = reader.end();
    const [run] = runs;
    expect(run?.errors).toHaveLength(200);
    expect(run?.moreErrors).toBe(5800);
    expect(run?.timeline).toHaveLength(1000);
    expect(run?.morePhases).toBe(3001 - 1000);
  });

  it("of a thousand runs is told up to a limit, the rest as one", () => {
    const runs = explainedRuns((head + failed).repeat(1000));
    expect(runs).toHaveLength(64);
    expect(runs.at(-1)?.lines).toBe(7 * (1000 - 63));
  });

  it("with a clock that jumps has no phase of negative length", () => {
    const { timeline } = explained(
      "(99.000000) Dumping processes (pid: 7 comm: a)\n(00.000001) Seized task 7, state 1\n(00.000000) Unfreezing tasks into 1\n(00.000000) x\n",
    );
    for (const { duration } of timeline) expect(duration).toBeGreaterThanOrEqual(0);
  });

  it("that is binary, empty or a single endless line is no log", () => {
    for (const text of ["", "\0\0\0", "x".repeat(100_000), "hello\nworld\n"]) {
      const reader = new LogReader("x", { context: 2, reveal: false });
      reader.push(Buffer.from(text));
      expect(reader.end()).toMatchObject({ recognised: false });
    }
  });
});
