import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDuration, longestSeconds, parseSeconds } from "../../src/base/duration.ts";

describe("seconds and durations", () => {
  it.each([
    ["0", 0n],
    ["30", 30n],
    ["007", 7n],
    ["90s", 90n],
    ["5m", 300n],
    ["1h30m", 5400n],
    ["1h0m1s", 3601n],
    ["9223372036", longestSeconds],
  ])("%s", (text, seconds) => {
    expect(parseSeconds(text)).toEqual({ seconds });
  });

  it.each([
    ["-1", "negative"],
    ["-5m", "negative"],
    ["1.5", "fractions"],
    ["1.5h", "fractions"],
    [".5", "fractions"],
    ["1500ms", "fractions"],
    ["9223372037", "longer"],
    ["9223372036854775808", "longer"],
    ["2562048h", "longer"],
    ["9".repeat(100_000), "longer"],
    ["", "no number"],
    ["abc", "no number"],
    ["5 m", "no number"],
    ["5d", "no number"],
    ["1m1h", "no number"],
    ["1e3", "no number"],
    ["0x10", "no number"],
    ["+5", "no number"],
    ["5m\n", "no number"],
    ["٥", "no number"],
    ["Infinity", "no number"],
  ])("refuses %j: %s", (text, reason) => {
    expect(parseSeconds(text)).toEqual({ fault: expect.stringContaining(reason) });
  });

  it("takes apart what Go puts together", () => {
    const part = fc.nat(100_000);
    fc.assert(
      fc.property(part, part, part, (hours, minutes, seconds) => {
        const text = `${hours}h${minutes}m${seconds}s`;
        const total = BigInt(hours * 3600 + minutes * 60 + seconds);
        expect(parseSeconds(text)).toEqual({ seconds: total });
      }),
    );
  });

  it("takes every whole number up to Go's longest, and none beyond", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n * longestSeconds), (seconds) => {
        const expected = seconds <= longestSeconds ? { seconds } : { fault: expect.any(String) };
        expect(parseSeconds(`${seconds}`)).toEqual(expected);
      }),
    );
  });

  it("never throws, and what it takes has a meaning between zero and Go's longest", () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom(..."0123456789hms.-+ ") }),
    );
    fc.assert(
      fc.property(text, (value) => {
        const parsed = parseSeconds(value);
        if ("fault" in parsed) return;
        expect(parsed.seconds >= 0n && parsed.seconds <= longestSeconds).toBe(true);
      }),
    );
  });

  it.each([
    [0, "0 ms"],
    [999, "999 ms"],
    [1500, "1.5 s"],
    [9999, "9.9 s"],
    [59_400, "59 s"],
    [59_600, "1m"],
    [150_000, "2m30s"],
    [3_600_000, "1h"],
    [3_605_000, "1h0m5s"],
    [5_400_000, "1h30m"],
  ])("%i ms is %s", (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });
});
