import { describe, expect, it } from "vitest";
import { endWell, podIn, running, sendOutput } from "../../support/fake-reader.ts";
import { archive, fetching, nothingStays } from "../../support/fetching.ts";
import {
  agree,
  channel,
  clientFrames,
  failure,
  frame,
  normalEnd,
  success,
} from "../../support/web-socket.ts";

describe("a stream that is not the archive", () => {
  type Socket = Parameters<typeof endWell>[0];
  const half = async (socket: Socket): Promise<void> =>
    sendOutput(socket, archive.subarray(0, 200_000));
  it.each<[string, (socket: Socket) => void | Promise<void>, string, string]>([
    [
      "cut below everything",
      async (socket) => {
        await half(socket);
        socket.destroy();
      },
      "stream-cut",
      "connection",
    ],
    [
      "ended without a word",
      async (socket) => {
        await half(socket);
        socket.end();
      },
      "stream-cut",
      "without a word",
    ],
    [
      "closed with a code",
      async (socket) => {
        await half(socket);
        socket.write(
          frame(Buffer.concat([Buffer.of(3, 0xf3), Buffer.from("going away")]), { opcode: 8 }),
        );
      },
      "stream-cut",
      "code 1011: going away",
    ],
    [
      "closed without a status",
      async (socket) => {
        await half(socket);
        socket.write(normalEnd);
      },
      "stream-cut",
      "without the program's exit code",
    ],
    [
      "a status that is none",
      async (socket) => {
        await half(socket);
        socket.write(Buffer.concat([channel(3, "null"), normalEnd]));
      },
      "stream-cut",
      "without the program's exit code",
    ],
    [
      "shorter than it should be",
      async (socket) => {
        await half(socket);
        endWell(socket);
      },
      "fetch-size",
      "200000 bytes",
    ],
    [
      "killed in the middle",
      async (socket) => {
        await half(socket);
        socket.write(Buffer.concat([failure(137), normalEnd]));
      },
      "exec-failed",
      "exit code 137",
    ],
    [
      "nothing at all",
      async (socket) => {
        endWell(socket);
      },
      "fetch-size",
      "nothing",
    ],
    [
      "endless",
      async (socket) => {
        while (!socket.destroyed)
          await Promise.race([
            sendOutput(socket, archive),
            new Promise((resolve) => setTimeout(resolve, 1000)),
          ]);
      },
      "fetch-size",
      "more than 293.0 KiB",
    ],
    [
      "changed on the way",
      async (socket) => {
        const other = Buffer.from(archive);
        other[5] = (other[5] as number) ^ 1;
        await sendOutput(socket, other);
        endWell(socket);
      },
      "fetch-hash",
      "SHA-256",
    ],
    [
      "a huge length",
      (socket) => void socket.write(frame("x", { claim: 2n ** 62n })),
      "stream-protocol",
      "16 MiB is the most",
    ],
    [
      "masked",
      (socket) => void socket.write(frame("\u0001x", { masked: true })),
      "stream-protocol",
      "a masked frame",
    ],
    [
      "text",
      (socket) => void socket.write(frame("\u0001x", { opcode: 1 })),
      "stream-protocol",
      "a message of text",
    ],
    [
      "an unknown channel",
      (socket) => void socket.write(channel(9, "x")),
      "stream-protocol",
      "channel 9",
    ],
    [
      "half a reason",
      (socket) => void socket.write(frame("x", { opcode: 8 })),
      "stream-protocol",
      "half a reason",
    ],
  ])("%s", async (_name, cat, code, found) => {
    const fetch = await fetching({ programs: { cat } });
    expect(fetch.code).toBe(5);
    expect(fetch.error).toMatchObject({ code, found: expect.stringContaining(found) });
    nothingStays(fetch);
  });

  it("whose pod was thrown out meanwhile says so", async () => {
    let evicted = false;
    const fetch = await fetching({
      look: () =>
        evicted ? podIn({ phase: "Failed", reason: "Evicted", message: "low on memory" }) : running,
      programs: {
        cat: async (socket) => {
          await half(socket);
          evicted = true;
          socket.destroy();
        },
      },
    });
    expect(fetch.error).toMatchObject({ code: "pod-evicted", found: "Evicted: low on memory" });
    nothingStays(fetch);
  });

  it.each<[string, Record<string, string>, string]>([
    ["the answer to another question", { "Sec-WebSocket-Accept": "AAAA" }, "another question"],
    [
      "no protocol, as one that tells no exit code",
      { "Sec-WebSocket-Protocol": "" },
      "no protocol",
    ],
    ["extensions", { "Sec-WebSocket-Extensions": "permessage-deflate" }, "extensions"],
    ["something else", { Upgrade: "SPDY/3.1" }, "something else"],
  ])("an agreement with %s is none", async (_name, changes, found) => {
    const fetch = await fetching({ exec: (socket, headers) => agree(socket, headers, changes) });
    expect(fetch.code).toBe(5);
    expect(fetch.error).toMatchObject({ code: "not-http", found: expect.stringContaining(found) });
    nothingStays(fetch);
  });

  it("is taken in parts, with pings between, which are answered; v4 too", async () => {
    const heard: Buffer[] = [];
    const cat = async (socket: Socket): Promise<void> => {
      socket.on("data", (chunk: Buffer) => heard.push(chunk));
      socket.write(frame(Buffer.concat([Buffer.of(1), archive.subarray(0, 100)]), { fin: false }));
      socket.write(frame("are you there", { opcode: 9 }));
      socket.write(frame(archive.subarray(100), { opcode: 0 }));
      socket.write(channel(2, "a word of warning\n"));
      socket.write(Buffer.concat([success, normalEnd]));
    };
    const fetch = await fetching({ programs: { cat } });
    expect(fetch.code).toBe(0);
    const frames = clientFrames(Buffer.concat(heard));
    expect(frames.find(({ opcode }) => opcode === 10)?.payload.toString()).toBe("are you there");
    expect(frames.every(({ masked }) => masked)).toBe(true);
    expect(frames.at(-1)).toMatchObject({ opcode: 8, payload: Buffer.of(3, 0xe8) });
  });
});
