import { describe, expect, it } from "vitest";
import { formatTime, isZeroTime, parseTime } from "../../src/base/time.ts";
import {
  formatAge,
  formatBytes,
  formatCount,
  formatMicroseconds,
  formatMode,
  hexMagic,
} from "../../src/base/units.ts";
import { renderPlace, renderProblems } from "../../src/report/problems.ts";
import { processCommand } from "../../src/report/process-list-view.ts";
import { bar } from "../../src/report/size-view.ts";
import { colourStyle } from "../../src/report/style.ts";

describe("units", () => {
  it.each([
    [0, "0 B"],
    [1023, "1023 B"],
    [1024, "1.0 KiB"],
    [4096, "4.0 KiB"],
    [1024 ** 2 - 1, "1.0 MiB"],
    [1024 ** 2, "1.0 MiB"],
    [107.5 * 1024 ** 3, "107.5 GiB"],
    [1024 ** 4, "1.0 TiB"],
    [5000 * 1024 ** 5, "5000.0 PiB"],
  ])("%d bytes are %s", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it.each<[number | bigint, string]>([
    [0, "0"],
    [999, "999"],
    [4_194_304, "4,194,304"],
    [2n ** 64n - 1n, "18,446,744,073,709,551,615"],
  ])("%d is %s", (count, text) => {
    expect(formatCount(count)).toBe(text);
  });

  it.each([
    [427, "427 µs"],
    [201_300, "201.3 ms"],
    [3_200_000, "3.2 s"],
  ])("%d microseconds are %s", (us, text) => {
    expect(formatMicroseconds(us)).toBe(text);
  });

  it.each([
    [-5000, "0s"],
    [45_000, "45s"],
    [119_999, "119s"],
    [120_000, "2m"],
    [3 * 3600_000, "3h"],
    [47 * 3600_000, "47h"],
    [72 * 3600_000, "3d"],
    [400 * 86_400_000, "400d"],
  ])("an age of %d ms is %s", (ms, text) => {
    expect(formatAge(ms)).toBe(text);
  });

  it("modes and magics have their digits", () => {
    expect(formatMode(0o100600)).toBe("0600");
    expect(formatMode(0o104755)).toBe("4755");
    expect(hexMagic(0x54564319)).toBe("0x54564319");
    expect(hexMagic(0x19)).toBe("0x00000019");
  });
});

describe("times", () => {
  it.each([
    ["2026-11-21T21:20:14Z", 1_795_296_014_000],
    ["2026-11-21T22:20:14+01:00", 1_795_296_014_000],
    ["2026-11-21T21:20:14.707198893Z", 1_795_296_014_707],
  ])("%s", (text, milliseconds) => {
    expect(parseTime(text)).toBe(milliseconds);
  });

  it.each(["2026-11-21", "2026-11-21 21:20:14Z", "2026-13-21T21:20:14Z", "now", ""])(
    "%j is none",
    (text) => {
      expect(parseTime(text)).toBeUndefined();
    },
  );

  it("are written in UTC, with a fraction where there is one", () => {
    expect(formatTime(1_795_296_014_000)).toBe("2026-11-21T21:20:14Z");
    expect(formatTime(1_795_296_014_250)).toBe("2026-11-21T21:20:14.250Z");
  });

  it("know Go's way to say never", () => {
    expect(isZeroTime("0001-01-01T00:00:00Z")).toBe(true);
    expect(isZeroTime("2026-11-21T21:20:14Z")).toBe(false);
  });
});

describe("problems", () => {
  const where = { path: "a.tar", member: "checkpoint/mm-1.img", entry: 0, offset: 4096 };

  it("say what, with a sign for how bad, and where", () => {
    expect(
      renderProblems([
        { severity: "error", code: "x", message: "broken", where },
        { severity: "warning", code: "x", message: "odd", where: { member: "m" } },
        { severity: "note", code: "x", message: "so it is" },
      ]),
    ).toBe(
      "  ✗ broken  (a.tar, checkpoint/mm-1.img, entry 0, byte 4,096)\n  ! odd  (m)\n  · so it is\n",
    );
  });

  it("are sanitised in message and place", () => {
    const message = "a\nb\u001b[31m";
    const text = renderProblems([
      { severity: "error", code: "x", message, where: { member: "\u202ex" } },
    ]);
    expect(text).toBe("  ✗ a\\nb\\x1b[31m  (\\u{202e}x)\n");
  });

  it("have colours that say what the sign says", () => {
    const painted = (severity: "error" | "warning" | "note") =>
      renderProblems([{ severity, code: "x", message: "m" }], colourStyle);
    expect(painted("error")).toBe("  \u001b[31m✗ m\u001b[39m\n");
    expect(painted("warning")).toBe("  \u001b[33m! m\u001b[39m\n");
    expect(painted("note")).toBe("  \u001b[2m· m\u001b[22m\n");
  });

  it("have a place only where one is known", () => {
    expect(renderPlace(undefined)).toBe("");
    expect(renderPlace({})).toBe("");
    expect(renderPlace({ offset: 0 })).toBe("byte 0");
  });
});

describe("small parts of an inspection", () => {
  it("bars are drawn in eighths and never beyond their room", () => {
    expect(bar(0, 10)).toBe("");
    expect(bar(1, 10)).toBe("██████████");
    expect(bar(0.5, 3)).toBe("█▌");
    expect(bar(1 / 80, 10)).toBe("▏");
    expect(bar(7, 4)).toBe("████");
    expect(bar(-1, 4)).toBe("");
  });

  it("a process without arguments has its name in brackets", () => {
    const process = { command: null, comm: "rich-zombie" } as Parameters<typeof processCommand>[0];
    expect(processCommand(process)).toBe("[rich-zombie]");
    expect(processCommand({ ...process, command: [] })).toBe("[rich-zombie]");
    expect(processCommand({ ...process, command: ["sleep", "1"] })).toBe("sleep 1");
    expect(processCommand({ ...process, comm: null })).toBe("[?]");
  });
});
