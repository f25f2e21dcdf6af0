import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Clock } from "../../../src/base/clock.ts";
import { fastClock, realTimer } from "../../support/clock.ts";
import { json } from "../../support/fake-cluster.ts";
import { endWell, type podIn, sendOutput, waiting } from "../../support/fake-reader.ts";
import { archive, fetching, name, nothingStays, sha256 } from "../../support/fetching.ts";
import { scratch } from "../../support/samples.ts";
import { frame } from "../../support/web-socket.ts";

describe("giving up", () => {
  type Socket = Parameters<typeof endWell>[0];
  const begin = async (socket: Socket): Promise<void> =>
    sendOutput(socket, archive.subarray(0, 100_000));

  it("Ctrl-C in the middle leaves nothing, here or there", async () => {
    const user = new AbortController();
    const cat = async (socket: Socket): Promise<void> => {
      await begin(socket);
      setTimeout(() => user.abort(), 50);
    };
    const fetch = await fetching({ programs: { cat } }, [], { interrupt: user.signal });
    expect(fetch.code).toBe(130);
    expect(fetch.error).toMatchObject({
      code: "interrupted",
      what: expect.stringContaining("nothing of it stays here"),
    });
    nothingStays(fetch);
  });

  it("Ctrl-C while the pod starts", async () => {
    const user = new AbortController();
    const look = (): ReturnType<typeof podIn> => {
      setTimeout(() => user.abort(), 20);
      return waiting("ContainerCreating");
    };
    const fetch = await fetching({ look }, [], { interrupt: user.signal });
    expect(fetch.code).toBe(130);
    nothingStays(fetch);
  });

  it("Ctrl-C while the pod is asked for: it may be there, so it is removed", async () => {
    const user = new AbortController();
    const make = (): "hang" => {
      setTimeout(() => user.abort(), 20);
      return "hang";
    };
    const fetch = await fetching({ make }, [], { interrupt: user.signal });
    expect(fetch.code).toBe(130);
    nothingStays(fetch);
  });

  it("says of a pod that stays after Ctrl-C", async () => {
    const user = new AbortController();
    const cat = (): void => user.abort();
    const remove = json({ kind: "Status", apiVersion: "v1", message: "boom", code: 500 }, 500);
    const fetch = await fetching({ programs: { cat }, remove }, [], { interrupt: user.signal });
    expect(fetch.code).toBe(130);
    expect(fetch.error.notes.join()).toContain("kubectl delete pod -n default cryoscope-fetch-");
  });

  it("a stream that says nothing ends with the time that it has", async () => {
    const fetch = await fetching({ programs: { cat: begin } }, ["--fetch-timeout", "10m"], {
      clock: fastClock(600),
    });
    expect(fetch.code).toBe(6);
    expect(fetch.error).toMatchObject({
      code: "fetch-deadline",
      what: expect.stringContaining("within 10m"),
    });
    nothingStays(fetch);
  });

  it("one who answered pings and stops is given up sooner", async () => {
    // Pings go every 15 s; only their timer is fast, as a busy machine needs the others.
    const timer: Clock["timer"] = (milliseconds, ring) =>
      realTimer(milliseconds === 15_000 ? 20 : milliseconds, ring);
    const pings = { now: Date.now, timer };
    const cat = async (socket: Socket): Promise<void> => {
      socket.once("data", () => socket.write(frame("", { opcode: 10 })));
      await begin(socket);
    };
    const fetch = await fetching({ programs: { cat } }, [], { clock: pings });
    expect(fetch.code).toBe(5);
    expect(fetch.error).toMatchObject({ code: "stream-silent" });
    nothingStays(fetch);
  });
});

describe("what is in the way here", () => {
  it("a file of that name stays as it is, and no pod is made", async () => {
    const folder = scratch();
    writeFileSync(join(folder, name), "mine");
    const fetch = await fetching({}, [], { folder });
    expect(fetch.code).toBe(4);
    expect(fetch.error).toMatchObject({ code: "exists" });
    expect(readFileSync(join(folder, name), "utf8")).toBe("mine");
    expect(fetch.reader.calls()).toEqual([]);
  });

  it("a part of an earlier one is not gone on with", async () => {
    const folder = scratch();
    writeFileSync(join(folder, `${name}.partial`), "mine");
    const fetch = await fetching({}, [], { folder });
    expect(fetch.code).toBe(4);
    expect(readFileSync(join(folder, `${name}.partial`), "utf8")).toBe("mine");
  });

  it("a file that appears meanwhile is not replaced", async () => {
    const folder = scratch();
    const sha256sum = async (socket: Parameters<typeof endWell>[0]): Promise<void> => {
      writeFileSync(join(folder, name), "mine");
      await sendOutput(socket, Buffer.from(`${sha256}  x\n`));
      endWell(socket);
    };
    const fetch = await fetching({ programs: { sha256sum } }, ["--remove-remote"], { folder });
    expect(fetch.code).toBe(4);
    expect(fetch.error).toMatchObject({ code: "exists" });
    expect(readdirSync(folder)).toEqual([name]);
    expect(readFileSync(join(folder, name), "utf8")).toBe("mine");
    expect(fetch.reader.ran.map(([program]) => program)).not.toContain("rm");
  });

  it("a disk without room for it is told before anything comes", async () => {
    const stat = async (socket: Parameters<typeof endWell>[0]): Promise<void> => {
      await sendOutput(socket, Buffer.from("999999999999999\n"));
      endWell(socket);
    };
    const fetch = await fetching({ programs: { stat } });
    expect(fetch.code).toBe(4);
    expect(fetch.error).toMatchObject({
      code: "disk-full",
      found: expect.stringContaining("free"),
    });
    expect(fetch.reader.ran.length).toBe(1);
    nothingStays(fetch);
  });

  it.each([
    ["missing", 2],
    ["file", 2],
    ["locked", 4],
  ])(
    "a folder that is of no use (%s) is told before the container is touched",
    async (kind, code) => {
      const folder = join(scratch(), kind);
      if (kind === "file") writeFileSync(folder, "");
      if (kind === "locked") mkdirSync(folder, { mode: 0o500 });
      const fetch = await fetching({}, [], { folder });
      if (kind === "locked" && process.getuid?.() === 0) return;
      expect(fetch.code).toBe(code);
      expect(fetch.reader.api.asked).toEqual([]);
      if (kind === "locked") chmodSync(folder, 0o700);
      else expect(existsSync(join(folder, name))).toBe(false);
    },
  );

  it("a file that is no archive is not fetched, and above all not removed", async () => {
    const fetch = await fetching({ path: "/etc/kubernetes/pki/ca.key" }, ["--remove-remote"]);
    expect(fetch.code).toBe(4);
    expect(fetch.error).toMatchObject({ code: "fetch-path", found: "/etc/kubernetes/pki/ca.key" });
    expect(fetch.reader.calls()).toEqual([]);
  });
});
