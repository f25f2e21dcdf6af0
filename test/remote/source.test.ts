import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ExchangeFailure } from "../../src/base/exchange-failure.ts";
import { reading } from "../../src/remote/faults.ts";
import type { Reply } from "../../src/remote/http/send.ts";
import { Meter } from "../../src/remote/range/meter.ts";
import { Ranges } from "../../src/remote/range/ranges.ts";
import { RemoteSource } from "../../src/remote/range/remote-source.ts";
import type { Resource } from "../../src/remote/range/resource.ts";

const clock = {
  now: () => 0,
  timer: (_: number, ring: () => void) => {
    queueMicrotask(ring);
    return () => {};
  },
};
const signal = new AbortController().signal;

/** What goes wrong with one answer: nothing, cut after a part, fewer bytes than asked for, a status. */
type Flaw = "none" | "cut" | "short" | "busy";

/** Bytes behind a server that fails as it is told, without a network. */
class Flawed implements Resource {
  readonly url = new URL("https://store.example/a");
  readonly errand = reading;
  readonly #bytes: Buffer;
  readonly #flaws: Iterator<Flaw>;
  readonly #whole: boolean;

  constructor(bytes: Buffer, flaws: Iterable<Flaw>, whole: boolean) {
    this.#bytes = bytes;
    this.#flaws = flaws[Symbol.iterator]();
    this.#whole = whole;
  }

  async get(headers: Readonly<Record<string, string>>): Promise<Reply> {
    const flaw: Flaw = this.#flaws.next().value ?? "none";
    const size = this.#bytes.length;
    const range = this.#whole ? null : /^bytes=(\d+)-(\d+)$/.exec(headers["range"] ?? "");
    const from = Number(range?.[1] ?? 0);
    if (flaw === "busy") return this.#reply(503, {}, Buffer.alloc(0), flaw);
    if (range !== null && from >= size) {
      return this.#reply(416, { "content-range": `bytes */${size}` }, Buffer.alloc(0), "none");
    }
    const asked = Math.min(Number(range?.[2] ?? size) + 1, size);
    const half = from + Math.ceil((asked - from) / 2);
    const to = flaw === "short" && range !== null ? half : asked;
    const part = range === null ? {} : { "content-range": `bytes ${from}-${to - 1}/${size}` };
    const told = { etag: '"1"', "content-length": `${to - from}`, ...part };
    return this.#reply(range === null ? 200 : 206, told, this.#bytes.subarray(from, to), flaw);
  }

  async refusal(): Promise<Error> {
    const { RemoteError } = await import("../../src/base/errors.ts");
    return new RemoteError({ what: "busy" });
  }

  #reply(status: number, headers: Record<string, string>, bytes: Buffer, flaw: Flaw): Reply {
    async function* body(): AsyncGenerator<Uint8Array> {
      const end = flaw === "cut" ? Math.floor(bytes.length / 2) : bytes.length;
      for (let at = 0; at < end; at += 10_000) yield bytes.subarray(at, Math.min(at + 10_000, end));
      if (flaw === "cut") throw new ExchangeFailure("cut", "answering", "cut");
    }
    return { status, headers, url: this.url, body: body(), drop: () => {} };
  }
}

async function sourceOf(
  bytes: Buffer,
  flaws: Iterable<Flaw>,
  whole: boolean,
): Promise<RemoteSource> {
  const resource = new Flawed(bytes, flaws, whole);
  const means = { clock, signal, meter: new Meter(resource.url.href) };
  const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  return new RemoteSource(await Ranges.begin(resource, means, 64 * 1024), resource, { digest });
}

describe("a source over ranges", () => {
  it("gives the bytes of a buffer, whatever is asked in whatever order, through failures", async () => {
    const flaw = fc.constantFrom<Flaw>("none", "none", "none", "cut", "short", "busy");
    const place = fc.record({
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.integer({ min: 0, max: 700_000 }),
      how: fc.constantFrom("read", "stream", "both"),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 900_000 }),
        fc.array(flaw, { maxLength: 40 }),
        fc.array(place, { minLength: 1, maxLength: 12 }),
        fc.boolean(),
        async (size, flaws, places, whole) => {
          const bytes = Buffer.alloc(size);
          for (let at = 0; at < size; at += 1) bytes[at] = (at * 2_654_435_761) >>> 13;
          // Four failures in a row are borne; here never more than two.
          const borne = flaws
            .filter((_, at) => at % 3 !== 2)
            .flatMap((each, at) => (at % 2 === 0 ? [each] : [each, "none" as const]));
          const source = await sourceOf(bytes, borne, whole);
          expect(source.size).toBe(size);
          await Promise.all(
            places.map(async ({ share, length, how }) => {
              const offset = Math.floor(share * size);
              const wanted = bytes.subarray(offset, offset + length);
              if (how !== "stream")
                expect(wanted.equals(await source.read(offset, length))).toBe(true);
              if (how === "read") return;
              const parts: Uint8Array[] = [];
              for await (const part of source.stream(offset, length)) parts.push(part.slice());
              expect(wanted.equals(Buffer.concat(parts))).toBe(true);
            }),
          );
          const all: Uint8Array[] = [];
          for await (const part of source.stream()) all.push(part.slice());
          expect(bytes.equals(Buffer.concat(all))).toBe(true);
        },
      ),
      { numRuns: 15 },
    );
  });

  it("brings a header in one request, and more at a time while reads follow one another", async () => {
    const resource = new Flawed(Buffer.alloc(4_000_000), [], false);
    let asked = 0;
    const counted: Resource = Object.assign(Object.create(resource), {
      get: (headers: Record<string, string>) => {
        asked += 1;
        return resource.get(headers);
      },
    });
    const means = { clock, signal, meter: new Meter("") };
    const source = new RemoteSource(await Ranges.begin(counted, means, 65_536), counted);
    await source.read(3_000_000, 512);
    expect(asked).toBe(2);
    for (let at = 65_536; at < 1_065_536; at += 512) await source.read(at, 512);
    expect(asked).toBeLessThan(9);
  });

  it("finds out that bytes are others the second time", async () => {
    const bytes = Buffer.alloc(700_000, 1);
    const source = await sourceOf(bytes, [], false);
    await source.read(200_000, 512);
    bytes.fill(2, 198_000, 198_100);
    const pass = async (): Promise<void> => {
      for await (const _ of source.stream());
    };
    await expect(pass()).rejects.toMatchObject({ kind: "remote", detail: { code: "changed" } });
  });
});
