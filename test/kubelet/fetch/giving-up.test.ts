import { describe, expect, it } from "vitest";
import { fastClock } from "../../support/clock.ts";
import { json } from "../../support/fake-cluster.ts";
import { type endWell, type podIn, sendOutput, waiting } from "../../support/fake-reader.ts";
import { archive, fetching, nothingStays } from "../../support/fetching.ts";
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
    const cat = async (socket: Socket): Promise<void> => {
      socket.once("data", () => socket.write(frame("", { opcode: 10 })));
      await begin(socket);
    };
    const fetch = await fetching({ programs: { cat } }, [], { clock: fastClock(300, true) });
    expect(fetch.code).toBe(5);
    expect(fetch.error).toMatchObject({ code: "stream-silent" });
    nothingStays(fetch);
  });
});
