import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Checkpoint } from "../../../src/checkpoint/checkpoint.ts";
import { SharedJobs, type Waiting } from "../../../src/tui/effects/shared-jobs.ts";

function waiting(): Waiting & { controller: AbortController; bytes: number } {
  const controller = new AbortController();
  const it = {
    controller,
    signal: controller.signal,
    bytes: 0,
    progress: (more: number) => {
      it.bytes += more;
    },
  };
  return it;
}

/** Work that goes on, a byte at a time, until it is told to stop. */
function work() {
  const state = { begun: 0, stop: false };
  const make = async (progress: (bytes: number) => void): Promise<string> => {
    state.begun += 1;
    while (!state.stop) {
      await setImmediate();
      progress(1);
    }
    return "done";
  };
  return { state, make };
}

const checkpoint = {} as Checkpoint;

describe("long work that several screens ask for", () => {
  it("is done once, tells everybody how far it is, and is kept", async () => {
    const jobs = new SharedJobs<string>();
    const { state, make } = work();
    const [one, two] = [waiting(), waiting()];
    const asked = [jobs.ask(checkpoint, "a", make, one), jobs.ask(checkpoint, "a", make, two)];
    await setImmediate();
    await setImmediate();
    state.stop = true;
    expect(await Promise.all(asked)).toEqual(["done", "done"]);
    expect(await jobs.ask(checkpoint, "a", make, waiting())).toBe("done");
    expect(state.begun).toBe(1);
    expect(one.bytes).toBeGreaterThan(0);
    expect(two.bytes).toBe(one.bytes);
  });

  it("goes on as long as somebody waits, and ends when nobody does", async () => {
    const jobs = new SharedJobs<string>();
    const { state, make } = work();
    const [one, two] = [waiting(), waiting()];
    const asked = Promise.allSettled([
      jobs.ask(checkpoint, "a", make, one),
      jobs.ask(checkpoint, "a", make, two),
    ]);
    one.controller.abort();
    await setImmediate();
    await setImmediate();
    const before = two.bytes;
    await setImmediate();
    expect(two.bytes).toBeGreaterThan(before);
    two.controller.abort();
    expect((await asked).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    // What was given up is begun anew by who asks again.
    state.stop = true;
    expect(await jobs.ask(checkpoint, "a", make, waiting())).toBe("done");
    expect(state.begun).toBe(2);
  });

  it("is told from other work, and from that on other checkpoints", async () => {
    const jobs = new SharedJobs<string>();
    const make = (text: string) => async () => text;
    expect(await jobs.ask(checkpoint, "a", make("1"), waiting())).toBe("1");
    expect(await jobs.ask(checkpoint, "b", make("2"), waiting())).toBe("2");
    expect(await jobs.ask({} as Checkpoint, "a", make("3"), waiting())).toBe("3");
    expect(await jobs.ask(checkpoint, "a", make("4"), waiting())).toBe("1");
  });
});
