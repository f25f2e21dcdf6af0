import type { Clock } from "../../../base/clock.ts";
import { Fault } from "../../../base/errors.ts";
import { ExchangeFailure } from "../../../base/exchange-failure.ts";
import { pushing, senseless, unanswered } from "../../../remote/faults.ts";
import type { Answer } from "../../../remote/http/send.ts";
import { refused, wrongDigest } from "../../../remote/registry/faults.ts";
import type { Session } from "../../../remote/registry/session.ts";
import { Passing, Patience } from "../../../remote/retry.ts";

/** Bytes that the registry shall have, by their digest. */
export interface Content {
  /** For messages: `layer`, `configuration`. */
  what: string;
  digest: string;
  sizeBytes: number;
  from: (offset: number) => AsyncIterable<Uint8Array>;
}

interface UploadMeans {
  clock: Clock;
  signal: AbortSignal;
  /** Called with bytes of this content that the registry took. */
  progress: (bytes: number) => void;
}

/** What proxies before registries let through in one piece: some end at 100 MB. */
const pieceBytes = 64 * 1024 * 1024;

/**
 * Sends a blob in pieces, unless the registry has it. After a failure it asks how far it came and
 * goes on from there.
 * @returns bytes that were sent: none where it was there.
 * @throws {RemoteError} where the registry refuses, fails too often or has other bytes in the end.
 */
export async function uploadBlob(
  session: Session,
  content: Content,
  means: UploadMeans,
): Promise<number> {
  if (await isThere(session, content)) {
    means.progress(content.sizeBytes);
    return 0;
  }
  const upload = new Upload(session, content, means);
  try {
    await upload.run();
  } catch (error) {
    await upload.cancel();
    throw error;
  }
  return content.sizeBytes;
}

async function isThere(session: Session, { digest, sizeBytes }: Content): Promise<boolean> {
  const doing = "asking what it has";
  const answer = await session.ask({ method: "HEAD", url: `/blobs/${digest}`, doing });
  if (answer.status === 200) {
    const { "content-length": length, "docker-content-digest": named } = answer.headers;
    // A registry that has something else under this name is told so by its own check.
    return Number(length ?? sizeBytes) === sizeBytes && (named ?? digest) === digest;
  }
  if (answer.status === 401 || answer.status === 403) {
    throw refused(pushing, doing, answer, session.registry);
  }
  return false;
}

class Upload {
  readonly #session: Session;
  readonly #content: Content;
  readonly #means: UploadMeans;
  readonly #doing: string;
  #location: URL | undefined;
  #piece = pieceBytes;
  #at = 0;
  readonly #patience: Patience;

  constructor(session: Session, content: Content, means: UploadMeans) {
    this.#session = session;
    this.#content = content;
    this.#means = means;
    this.#doing = `sending the ${content.what}`;
    this.#patience = new Patience(means.clock, means.signal);
  }

  async run(): Promise<void> {
    await this.#begin();
    while (this.#at < this.#content.sizeBytes) await this.#sendPiece();
    await this.#finish();
  }

  /** Tells the registry to forget what it has. It forgets by itself some day, so this may fail. */
  async cancel(): Promise<void> {
    if (this.#location === undefined || this.#means.signal.aborted) return;
    try {
      await this.#session.attempt({ method: "DELETE", url: this.#location, doing: "giving up" });
    } catch (error) {
      if (!(error instanceof ExchangeFailure || error instanceof Fault)) throw error;
    }
  }

  async #begin(): Promise<void> {
    const answer = await this.#session.ask({
      method: "POST",
      url: "/blobs/uploads/",
      doing: this.#doing,
    });
    if (answer.status !== 202) throw refused(pushing, this.#doing, answer, this.#session.registry);
    this.#location = this.#session.place(answer.headers["location"], answer.url);
    const least = Number(answer.headers["oci-chunk-min-length"] ?? 0);
    if (least > this.#piece && least <= 2 ** 31) this.#piece = least;
    this.#at = 0;
  }

  async #sendPiece(): Promise<void> {
    const start = this.#at;
    const length = Math.min(this.#piece, this.#content.sizeBytes - start);
    let sent = 0;
    let answer: Answer;
    try {
      answer = await this.#session.attempt({
        method: "PATCH",
        url: this.#location as URL,
        doing: this.#doing,
        headers: { "content-range": `${start}-${start + length - 1}` },
        body: {
          length,
          type: "application/octet-stream",
          bytes: () => {
            sent = 0;
            return first(this.#content.from(start), length);
          },
        },
        sent: (bytes) => {
          sent += bytes;
          this.#means.progress(start + sent);
        },
      });
    } catch (error) {
      if (!(error instanceof ExchangeFailure)) throw error;
      await this.#recover(unanswered(pushing, this.#doing, this.#location as URL, error), error);
      return;
    }
    if (answer.status === 202 || answer.status === 204) {
      this.#location = this.#session.place(answer.headers["location"], answer.url);
      this.#at = endOf(answer, start + length, start + length);
      if (this.#at > start) this.#patience.progress();
      else await this.#patience.after(new Passing(tookNothing(answer)));
      return;
    }
    const fault = refused(pushing, this.#doing, answer, this.#session.registry);
    if (answer.status === 401) {
      // The token has run out meanwhile; the next question gets a new one.
      await this.#recover(fault);
      return;
    }
    if (![404, 408, 416, 429].includes(answer.status) && answer.status < 500) throw fault;
    await this.#recover(fault);
  }

  /** Waits, asks how far it came, and begins anew where the registry has forgotten it. */
  async #recover(fault: Fault, failure?: ExchangeFailure): Promise<void> {
    if (failure?.kind === "aborted" || fault.kind === "timeout") throw fault;
    await this.#patience.after(new Passing(fault));
    const answer = await this.#session.ask({
      method: "GET",
      url: this.#location as URL,
      doing: this.#doing,
    });
    if (answer.status === 404) {
      await this.#begin();
      return;
    }
    // A registry that cannot say is asked to take the same piece again.
    if (answer.status !== 204 && answer.status !== 202 && answer.status !== 200) return;
    const { location } = answer.headers;
    if (location !== undefined) this.#location = this.#session.place(location, answer.url);
    const most = Math.min(this.#at + this.#piece, this.#content.sizeBytes);
    this.#at = endOf(answer, most, this.#at);
  }

  async #finish(): Promise<void> {
    const { digest, what } = this.#content;
    const url = new URL(this.#location as URL);
    // Appended as a text: what stands there may be signed as it is.
    url.search += `${url.search === "" ? "?" : "&"}digest=${encodeURIComponent(digest)}`;
    const answer = await this.#session.ask({ method: "PUT", url, doing: this.#doing });
    if (answer.status === 400 && /DIGEST_INVALID/.test(answer.text)) {
      throw wrongDigest(what, answer.url, "DIGEST_INVALID", digest);
    }
    if (answer.status !== 201 && answer.status !== 204) {
      throw refused(pushing, this.#doing, answer, this.#session.registry);
    }
    const named = answer.headers["docker-content-digest"];
    if (named !== undefined && named !== digest) throw wrongDigest(what, answer.url, named, digest);
  }
}

function tookNothing({ url, headers }: Answer): Fault {
  const found = `Range: ${headers["range"]}`;
  return senseless(pushing, "the registry takes nothing", url, found, "more than before");
}

/** `Range: 0-1023`: what a registry has, the last byte included; never more than it can have. */
function endOf({ headers }: Answer, most: number, otherwise: number): number {
  const match = /^(?:bytes=)?0-(\d{1,15})$/.exec(headers["range"] ?? "");
  if (match === null) return otherwise;
  const last = Number(match[1]);
  // `0-0` is what is said of nothing, too; a registry that has one byte is none.
  return last === 0 ? 0 : Math.min(last + 1, most);
}

async function* first(
  input: AsyncIterable<Uint8Array>,
  length: number,
): AsyncGenerator<Uint8Array> {
  let left = length;
  for await (const bytes of input) {
    yield bytes.subarray(0, left);
    left -= bytes.length;
    if (left <= 0) return;
  }
}
