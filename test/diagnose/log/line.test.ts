import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { moduleOf, readLogLine } from "../../../src/diagnose/log/line.ts";
import { kept, LineSplitter, longestLine } from "../../../src/diagnose/log/splitter.ts";

describe("a line of CRIU's", () => {
  it.each([
    [
      "(00.024730) Error (criu/sk-inet.c:200): inet: Connected TCP socket",
      {
        at: 24_730,
        pid: null,
        level: "error",
        place: "criu/sk-inet.c:200",
        message: "inet: Connected TCP socket",
      },
    ],
    [
      "(00.102814)    302: Error (criu/files-reg.c:1): File a has bad size",
      {
        at: 102_814,
        pid: 302,
        level: "error",
        place: "criu/files-reg.c:1",
        message: "File a has bad size",
      },
    ],
    [
      "(12.000001) pie: 12: Error (criu/pie/restorer.c:9): Thread pid mismatch 40/41",
      {
        at: 12_000_001,
        pid: 12,
        level: "error",
        place: "criu/pie/restorer.c:9",
        message: "Thread pid mismatch 40/41",
      },
    ],
    [
      "pie: 500: Error (criu/pie/parasite.c:588): send_fds failed (-22)",
      {
        at: null,
        pid: 500,
        level: "error",
        place: "criu/pie/parasite.c:588",
        message: "send_fds failed (-22)",
      },
    ],
    [
      "(00.044786) Warn  (compel/arch/x86/src/lib/infect.c:419): Will restore 16723",
      {
        at: 44_786,
        pid: null,
        level: "warning",
        place: "compel/arch/x86/src/lib/infect.c:419",
        message: "Will restore 16723",
      },
    ],
    [
      "(156.79039) Dumping finished successfully",
      {
        at: 156_790_390,
        pid: null,
        level: "info",
        place: null,
        message: "Dumping finished successfully",
      },
    ],
    [
      'Error (criu/util.c:642): execvp("sh", ...) failed: No such file or directory',
      {
        at: null,
        pid: null,
        level: "error",
        place: "criu/util.c:642",
        message: 'execvp("sh", ...) failed: No such file or directory',
      },
    ],
    [
      "Nov 21 21:20:18 node crio[77]: (00.000100) Error (criu/cr-dump.c:1975): Dumping FAILED.",
      {
        at: 100,
        pid: null,
        level: "error",
        place: "criu/cr-dump.c:1975",
        message: "Dumping FAILED.",
      },
    ],
  ])("%s", (text, line) => {
    expect(readLogLine(text)).toEqual({ ...line, criu: true });
  });

  it.each([
    "(a) Error",
    "",
    "(",
    "(00.1) x",
    "Error: container not found",
    "E0101 kubelet.go:12] x",
  ])("is not %j", (text) => {
    expect(readLogLine(text)).toMatchObject({ criu: false, message: text, level: "info" });
  });

  it("names its module", () => {
    expect(moduleOf("mnt-v2: Failed to copy sharing")).toBe("mnt-v2");
    expect(moduleOf("Dumping FAILED.")).toBeNull();
  });
});

describe("lines out of a stream", () => {
  const split = (text: string, cuts: readonly number[]): string[] => {
    const lines: string[] = [];
    const splitter = new LineSplitter((line) => lines.push(kept(line)));
    const bytes = Buffer.from(text);
    let from = 0;
    for (const cut of [...cuts, bytes.length]) {
      splitter.push(bytes.subarray(from, Math.max(from, cut)));
      from = Math.max(from, cut);
    }
    splitter.end();
    return lines;
  };

  it("are the same wherever the stream is cut", () => {
    const text = fc
      .array(fc.constantFrom("a", "\n", "\r\n", "é", "\0", "日"))
      .map((all) => all.join(""));
    fc.assert(
      fc.property(text, fc.array(fc.nat({ max: 40 })), (whole, cuts) => {
        const expected = whole.split("\n").map((line) => line.replace(/\r$/, ""));
        if (expected.at(-1) === "") expected.pop();
        expect(
          split(
            whole,
            cuts.sort((a, b) => a - b),
          ),
        ).toEqual(expected);
      }),
    );
  });

  it("are cut where they are too long, and what is behind is read on", () => {
    const lines: string[] = [];
    const splitter = new LineSplitter((line) => lines.push(line));
    const long = "x".repeat(longestLine * 3);
    for (const part of [long, long, "\nshort\n", long]) splitter.push(Buffer.from(part));
    splitter.end();
    expect(lines.map(({ length }) => length)).toEqual([longestLine, 5, longestLine]);
    expect(splitter).toMatchObject({ lines: 3, cut: 2, ended: false });
  });
});
