import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { AuditReport } from "../../src/audit/audit.ts";
import type { Clock } from "../../src/base/clock.ts";
import { nextTurn } from "../../src/cli/commands/audit/every.ts";
import { run } from "../support/run.ts";
import { crioCounter, privateCopy, scratch } from "../support/samples.ts";

const hour = 3_600_000;
const start = Date.parse("2026-11-22T00:00:00Z");

/** A clock that is set forward whenever somebody waits. */
function leapingClock(): Clock & { waits: number[] } {
  let time = start;
  const waits: number[] = [];
  return {
    waits,
    now: () => time,
    timer: (milliseconds, ring) => {
      waits.push(milliseconds);
      const handle = setImmediate(() => {
        time += milliseconds;
        ring();
      });
      return () => clearImmediate(handle);
    },
  };
}

describe("audit --every", () => {
  it("audits once a period, at the node's own minute, until it is ended", async () => {
    const folder = scratch();
    const stop = new AbortController();
    const clock = leapingClock();
    const { timer } = clock;
    clock.timer = (milliseconds, ring) => {
      if (clock.waits.length === 3) stop.abort();
      return timer(milliseconds, ring);
    };
    const { code, err } = await run(
      [
        ...["audit", "--permissions", "owner", "--no-memory", "--every", "1h", "-q"],
        ...["--report", `json=${join(folder, "{time}.json")}`, privateCopy(crioCounter)],
      ],
      { clock, interrupt: stop.signal, env: { NODE_NAME: "worker-7" } },
    );
    expect(code).toBe(130);
    const times = err.match(/\d{4}-\d\d-\d\dT[\d:.]+Z/g)?.map((time) => Date.parse(time)) ?? [];
    expect(times).toHaveLength(4);
    expect(times[0]).toBe(nextTurn("worker-7", hour, start));
    expect(times.slice(1).map((time, at) => time - (times[at] as number))).toEqual([
      hour,
      hour,
      hour,
    ]);
    for (const time of times.slice(0, 3)) {
      const name = new Date(time)
        .toISOString()
        .replace(/\.\d+Z$/, "Z")
        .replace(/[-:]/g, "");
      const text = readFileSync(join(folder, `${name}.json`), "utf8");
      expect((JSON.parse(text) as AuditReport).archives).toHaveLength(1);
    }
  });

  it("spreads the nodes of a cluster evenly over the period", () => {
    const minutes = new Array<number>(60).fill(0);
    for (let node = 0; node < 6000; node += 1) {
      const at = nextTurn(`ip-10-0-${node >> 8}-${node & 255}.internal`, hour, start) - start;
      expect(at).toBeGreaterThan(0);
      expect(at).toBeLessThanOrEqual(hour);
      const minute = Math.min(59, Math.floor(at / 60_000));
      minutes[minute] = (minutes[minute] as number) + 1;
    }
    expect(Math.min(...minutes)).toBeGreaterThan(60);
    expect(Math.max(...minutes)).toBeLessThan(150);
  });

  it("goes on after a run that failed", async () => {
    const stop = new AbortController();
    const clock = leapingClock();
    const { timer } = clock;
    clock.timer = (milliseconds, ring) => {
      if (clock.waits.length === 2) stop.abort();
      return timer(milliseconds, ring);
    };
    const file = join(scratch(), "none", "{time}.json");
    const { err, code } = await run(
      ["audit", "--every", "1h", "-q", "--output-file", file, privateCopy(crioCounter)],
      { clock, interrupt: stop.signal },
    );
    expect(err.match(/cannot be created/g)).toHaveLength(2);
    expect(code).toBe(130);
  });

  it.each([
    [["--every", "1s", "x.tar"], "is no period"],
    [["--every", "often", "x.tar"], "is no period"],
    [["--every", "1h", "--output-file", "a.json", "x.tar"], "the file of the first"],
    [["--every", "1h", "-"], "of files and folders"],
  ])("refuses %j", async (words, message) => {
    const { err, code } = await run(["audit", ...words]);
    expect(err).toContain(message);
    expect(code).toBe(2);
  });
});
