import { type Fault, RemoteError } from "../base/errors.ts";
import { ExchangeFailure } from "../base/exchange-failure.ts";
import { type RemoteAccess, type RemoteHooks, worldClock } from "./access.ts";
import { readAuthorities } from "./authorities.ts";
import { collectRefusal } from "./collect-refusal.ts";
import { place, unanswered, uploading } from "./faults.ts";
import { type Answer, type Body, collect, type HttpMeans, type Reply } from "./http/send.ts";
import { wayOut } from "./http/way-out.ts";
import { mayPass, Passing, Patience, retryAfter } from "./retry.ts";
import { parseAddress, type WebAddress } from "./web-address.ts";
import { travel } from "./web-resource.ts";

/** What was put somewhere. */
interface PutResult {
  /** Where, as people may see it. */
  shown: string;
  sizeBytes: number;
  /** Is it as it was asked for? Some stores cannot be told to replace nothing. */
  guarded: boolean;
}

/** Milliseconds that a store may take to write what it was sent. */
const patience = 120_000;

/** How a store is reached, and whether what is there may be replaced. */
type UploadAccess = Pick<RemoteAccess, "caFile" | "plainHttp" | "env"> & {
  replace?: boolean;
};

/**
 * Puts bytes at a web address, as object stores take them by presigned URLs: whole or not at all, and
 * never over what is there, unless it is to be replaced, where the store knows `If-None-Match`. Tries
 * again where it may pass.
 * @throws {RemoteError} where the store refuses or cannot be reached, {TimeoutError} where it says
 * nothing, {RefusedError} where it would go without TLS.
 */
export async function putObject(
  text: string,
  body: Body,
  { replace = false, ...access }: UploadAccess = {},
  { clock = worldClock }: Pick<RemoteHooks, "clock"> = {},
): Promise<PutResult> {
  const plainHttp = access.plainHttp === true;
  const address = parseAddress(text, plainHttp);
  const ca = access.caFile === undefined ? undefined : await readAuthorities(access.caFile);
  const way = wayOut(access.env ?? {}, ca);
  const { signal } = new AbortController();
  const means = { clock, signal, patience, ca, agent: way.agent, plainHttp };
  try {
    const guarded = await new Upload(address, body, means, !replace).run();
    return { shown: place(address.url), sizeBytes: body.length, guarded: guarded || replace };
  } finally {
    way.close();
  }
}

class Upload {
  readonly #address: WebAddress;
  readonly #body: Body;
  readonly #means: HttpMeans & { plainHttp: boolean };
  #guarded: boolean;
  /** May an attempt whose answer was lost have done it? */
  #maybe = false;

  /** @param guarded is nothing to be replaced? */
  constructor(
    address: WebAddress,
    body: Body,
    means: HttpMeans & { plainHttp: boolean },
    guarded: boolean,
  ) {
    this.#guarded = guarded;
    this.#address = address;
    this.#body = body;
    this.#means = means;
  }

  /** @returns whether the store was asked to replace nothing. */
  async run(): Promise<boolean> {
    const patience = new Patience(this.#means.clock, this.#means.signal);
    for (;;) {
      try {
        if (await this.#attempt()) return this.#guarded;
      } catch (error) {
        await patience.after(this.#passing(error));
      }
    }
  }

  /** False where it is to be asked again in other words. */
  async #attempt(): Promise<boolean> {
    const { url } = this.#address;
    const headers = {
      ...(this.#guarded ? { "if-none-match": "*" } : {}),
      ...(isAzure(url) ? { "x-ms-blob-type": "BlockBlob" } : {}),
    };
    const ask = { method: "PUT", headers, body: this.#body } as const;
    const reply = await travel(this.#address, uploading, ask, this.#means);
    try {
      return await this.#judge(reply);
    } finally {
      // An answer may come before all was sent.
      reply.drop();
    }
  }

  async #judge(reply: Reply): Promise<boolean> {
    const { status, headers } = reply;
    if (status === 200 || status === 201 || status === 204) return true;
    const answer = await collect(reply);
    if (this.#guarded && knowsNoGuard(answer)) {
      this.#guarded = false;
      return false;
    }
    if (status === 412 || (status === 409 && /AlreadyExists/.test(answer.text))) {
      throw this.#exists(answer);
    }
    const again = { ...answer, body: textOf(answer), drop: reply.drop };
    const doing = "storing the report";
    const { clock } = this.#means;
    const fault = await collectRefusal(uploading, doing, again, this.#address.url, clock);
    const conflict = status === 409 && /ConditionalRequestConflict/.test(answer.text);
    if (!mayPass(status) && !conflict) throw fault;
    throw new Passing(fault, retryAfter(headers["retry-after"], clock.now()));
  }

  #exists({ url, status }: Answer): Fault {
    return new RemoteError({
      code: "exists",
      what: "something of that name is in the store already, and nothing is ever replaced",
      where: { url: place(url) },
      found: this.#maybe
        ? `${status}; it may be this very report: the answer to an earlier attempt was lost`
        : `${status}`,
      next: "choose another name: a node and a time in it make it the only one",
    });
  }

  #passing(error: unknown): Passing {
    if (error instanceof Passing) return error;
    if (!(error instanceof ExchangeFailure)) throw error;
    const fault = unanswered(uploading, "storing the report", this.#address.url, error);
    if (error.kind !== "cut") throw fault;
    this.#maybe ||= error.phase !== "connecting";
    return new Passing(fault);
  }
}

/** Azure takes no blob without its type, which others do not know. */
function isAzure({ hostname, searchParams }: URL): boolean {
  return (
    /\.blob\.core\.[\w.-]+$/.test(hostname) || (searchParams.has("sv") && searchParams.has("sig"))
  );
}

/** Stores that do not know conditions say so in this way (S3's error codes). */
function knowsNoGuard({ status, text }: Answer): boolean {
  return status === 501 || (status === 400 && /NotImplemented|If-None-Match/i.test(text));
}

async function* textOf({ text }: Answer): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
