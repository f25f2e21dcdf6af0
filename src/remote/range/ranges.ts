import type { Clock } from "../../base/clock.ts";
import { Fault } from "../../base/errors.ts";
import { ExchangeFailure } from "../../base/exchange-failure.ts";
import { formatCount } from "../../base/units.ts";
import { changed, senseless, unanswered } from "../faults.ts";
import type { Reply } from "../http/send.ts";
import { mayPass, Passing, Patience, retryAfter } from "../retry.ts";
import { lengthOf, wrongCoding, wrongSize, wrongStretch } from "./answer-checks.ts";
import { parseContentRange } from "./content-range.ts";
import type { Meter } from "./meter.ts";
import type { Resource } from "./resource.ts";
import { conditions, difference, type Version, versionOf } from "./version.ts";

interface RangeMeans {
  clock: Clock;
  signal: AbortSignal;
  meter: Meter;
}

/** What the first question tells. */
export interface Beginning {
  ranges: Ranges;
  /** The first bytes, up to as many as were asked for. */
  head: Uint8Array;
}

/** After a failure, so many bytes count as having gone on. */
const headway = 16 * 1024;

/** Fetches stretches of a resource, all of the same version, whatever happens on the way. */
export class Ranges {
  readonly version: Version;
  /** Does the server give parts? Else it gives the whole from its beginning. */
  readonly parts: boolean;
  readonly #resource: Resource;
  readonly #means: RangeMeans;

  private constructor(resource: Resource, means: RangeMeans, version: Version, parts: boolean) {
    this.#resource = resource;
    this.#means = means;
    this.version = version;
    this.parts = parts;
  }

  /**
   * Asks for the first bytes, and so what there is. A HEAD would say less, and addresses that are
   * signed for reading do not allow it.
   * @throws {Fault} where the server refuses, or does not say how long it is.
   */
  static async begin(resource: Resource, means: RangeMeans, length: number): Promise<Beginning> {
    const patience = new Patience(means.clock, means.signal);
    for (;;) {
      try {
        return await firstAnswer(resource, means, length, (version, parts) => {
          return new Ranges(resource, means, version, parts);
        });
      } catch (error) {
        await patience.after(passing(error, resource, false));
      }
    }
  }

  /** Bytes [from, to) in order. Goes on after failures where it stopped. */
  async *bytes(from: number, to: number): AsyncGenerator<Uint8Array> {
    const { clock, signal, meter } = this.#means;
    const patience = new Patience(clock, signal);
    let at = from;
    meter.plan(this.parts ? to - from : to);
    while (at < to) {
      let since = 0;
      try {
        for await (const chunk of this.#attempt(at, to)) {
          at += chunk.length;
          since += chunk.length;
          if (since >= headway) patience.progress();
          yield chunk;
        }
        // Crumbs would be a request each, for ever.
        if (at < to && since < headway) throw cutShort(since, to - at + since);
      } catch (error) {
        await patience.after(passing(error, this.#resource, true));
      }
    }
  }

  async *#attempt(from: number, to: number): AsyncGenerator<Uint8Array> {
    const reply = await this.#ask(from, to);
    try {
      const { at, end } = this.parts ? this.#stretch(reply, from, to) : this.#whole(reply);
      let place = at;
      for await (const chunk of reply.body) {
        this.#means.meter.count(chunk.length);
        if (place + chunk.length > end) throw this.#long(reply, end - at);
        const wanted = chunk.subarray(Math.max(0, from - place), Math.max(0, to - place));
        place += chunk.length;
        if (wanted.length > 0) yield wanted;
        if (place >= to && end > to) return;
      }
      if (place < end) throw cutShort(place - at, end - at);
    } finally {
      if (!this.parts) reply.drop();
    }
  }

  async #ask(from: number, to: number): Promise<Reply> {
    const range = this.parts ? { range: `bytes=${from}-${to - 1}` } : {};
    const reply = await this.#resource.get({ ...asIs, ...range, ...conditions(this.version) });
    if (reply.status === (this.parts ? 206 : 200)) return reply;
    if (reply.status === 412) {
      reply.drop();
      throw changed(this.#resource.url, "another version", "the version that was opened");
    }
    if (this.parts && reply.status === 200) {
      reply.drop();
      const said = "all of it, where a part was asked for";
      throw senseless(
        this.#resource.errand,
        "the server gave parts, and does not any more",
        this.#resource.url,
        said,
        "206 and the part",
      );
    }
    throw await failed(reply, this.#resource, this.#means.clock);
  }

  /** Checks what a 206 says that it holds. */
  #stretch(reply: Reply, from: number, to: number): { at: number; end: number } {
    const range = parseContentRange(reply.headers["content-range"]);
    const wrong = wrongStretch(range, from, to) ?? wrongCoding(reply);
    if (wrong !== undefined || range?.from === undefined || range.to === undefined) {
      reply.drop();
      throw this.#lie(wrong ?? "no Content-Range", `bytes ${from}-${to - 1}`);
    }
    this.#same(reply, range.size ?? this.version.size);
    return { at: from, end: range.to };
  }

  #whole(reply: Reply): { at: number; end: number } {
    const { size } = this.version;
    this.#same(reply, lengthOf(reply) ?? size);
    return { at: 0, end: size };
  }

  #same(reply: Reply, size: number): void {
    const other = difference(this.version, versionOf(reply, size));
    if (other === undefined) return;
    reply.drop();
    throw changed(this.#resource.url, other.found, other.was);
  }

  #long(reply: Reply, length: number): Fault {
    reply.drop();
    return this.#lie("more bytes than that", `${formatCount(length)} bytes`);
  }

  #lie(found: string, allowed: string): Fault {
    return otherBytes(this.#resource, found, allowed);
  }
}

/** Bytes as they are stored: what is compressed on the way has other offsets. */
const asIs = { "accept-encoding": "identity" };

async function firstAnswer(
  resource: Resource,
  means: RangeMeans,
  length: number,
  make: (version: Version, parts: boolean) => Ranges,
): Promise<Beginning> {
  means.meter.plan(1);
  const reply = await resource.get({ ...asIs, range: `bytes=0-${length - 1}` });
  const range = parseContentRange(reply.headers["content-range"]);
  if (reply.status === 416 && range?.size === 0) {
    reply.drop();
    return { ranges: make(versionOf(reply, 0), true), head: new Uint8Array() };
  }
  if (reply.status !== 200 && reply.status !== 206)
    throw await failed(reply, resource, means.clock);
  const parts = reply.status === 206;
  const size = parts ? range?.size : lengthOf(reply);
  const wrong =
    (parts ? wrongStretch(range, 0, length) : undefined) ??
    wrongCoding(reply) ??
    wrongSize(size, resource);
  if (wrong !== undefined || size === undefined) {
    reply.drop();
    throw size === undefined && wrong === undefined
      ? unsized(resource)
      : otherBytes(resource, wrong ?? "", `bytes 0-${length - 1}`);
  }
  const wanted = Math.min(length, size, range?.to ?? length);
  const head = new Uint8Array(wanted);
  let at = 0;
  for await (const chunk of reply.body) {
    means.meter.count(chunk.length);
    head.set(chunk.subarray(0, wanted - at), at);
    at += Math.min(chunk.length, wanted - at);
    if (at === wanted) break;
  }
  if (!parts) reply.drop();
  if (at < wanted) throw cutShort(at, wanted);
  return { ranges: make(versionOf(reply, size), parts), head };
}

function otherBytes({ errand, url }: Resource, found: string, allowed: string): Fault {
  const what = `the ${errand.party} sends other bytes than were asked for`;
  return senseless(errand, what, url, found, allowed);
}

function unsized({ errand, url }: Resource): Fault {
  return senseless(
    errand,
    `the ${errand.party} does not say how long the archive is`,
    url,
    "an answer without its length",
    "Content-Range or Content-Length below 8 PiB",
  );
}

function cutShort(found: number, allowed: number): ExchangeFailure {
  const message = `${formatCount(found)} of ${formatCount(allowed)} bytes`;
  return new ExchangeFailure("cut", "answering", message);
}

/** What an answer means that holds no bytes: it may pass, or the resource says. */
async function failed(reply: Reply, resource: Resource, clock: Clock): Promise<Error> {
  const wait = retryAfter(reply.headers["retry-after"], clock.now());
  const fault = await resource.refusal(reply);
  return mayPass(reply.status) && fault instanceof Fault ? new Passing(fault, wait) : fault;
}

/** @throws what does not pass */
function passing(error: unknown, { errand, url }: Resource, begun: boolean): Passing {
  if (error instanceof Passing) return error;
  if (!(error instanceof ExchangeFailure)) throw error;
  const fault = unanswered(errand, "reading the archive", url, error);
  // A server that was there may come back; a name that nobody knows was most likely mistyped.
  const may = begun ? ["cut", "refused", "unreachable", "unknown-host"] : ["cut"];
  if (!may.includes(error.kind)) throw fault;
  return new Passing(fault);
}
