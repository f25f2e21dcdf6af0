import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { BufferSource } from "../../../src/archive/buffer-source.ts";
import { send } from "../../../src/remote/http/send.ts";
import { packLayer } from "../../../src/restore/image/pack.ts";
import { fastClock } from "../../support/clock.ts";

const bytes = randomBytes(5 * 1024 * 1024 + 123);
const origin = {
  path: "a.tar",
  source: new BufferSource(bytes),
  compression: "none" as const,
  directory: false,
};

describe("a copy in windows", () => {
  it("is the same, in order, however slow the disk is", async () => {
    const parts: Buffer[] = [];
    let under = 0;
    const layer = await packLayer(origin, "none", async (part) => {
      under += 1;
      expect(under).toBe(1);
      // What is written late is read late: the window must still hold it.
      await new Promise((resolve) => setTimeout(resolve, 5));
      parts.push(Buffer.from(part));
      under -= 1;
    });
    expect(Buffer.concat(parts).equals(bytes)).toBe(true);
    expect(layer.digest).toBe(`sha256:${createHash("sha256").update(bytes).digest("hex")}`);
    expect(layer.sizeBytes).toBe(bytes.length);
  });

  it("ends with the disk's error", async () => {
    const full = Object.assign(new Error("full"), { code: "ENOSPC" });
    for (const compression of ["none", "gzip"] as const) {
      let count = 0;
      const packing = packLayer(origin, compression, async () => {
        count += 1;
        if (count === 3) throw full;
      });
      await expect(packing).rejects.toBe(full);
    }
  });
});

describe("sending", () => {
  it("stops where the server has answered already", async () => {
    const server = createServer((_request, response) => {
      response.writeHead(413).end("too large");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    let sent = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        sent += 1;
        yield Buffer.alloc(65_536);
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    const body = { length: 2 ** 40, type: "x/y", bytes: endless };
    const url = new URL(`http://127.0.0.1:${port}/`);
    const means = { clock: fastClock(1), signal: new AbortController().signal, patience: 60_000 };
    const answer = await send({ method: "PATCH", url, body }, means);
    expect(answer).toMatchObject({ status: 413, text: "too large" });
    const then = sent;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(sent - then).toBeLessThan(3);
  });
});
