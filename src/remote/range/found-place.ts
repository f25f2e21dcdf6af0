import type { Reply } from "../http/send.ts";

/** Where redirects led to the last time, which is asked first the next time. */
export class FoundPlace {
  readonly #first: URL;
  readonly #isSame: (one: URL, other: URL) => boolean;
  #found: URL | undefined;

  /** @param isSame which places are no other than the first, so that they need not be kept? */
  constructor(first: URL, isSame: (one: URL, other: URL) => boolean) {
    this.#first = first;
    this.#isSame = isSame;
  }

  /** @param open asks at a place, or from the beginning where there is none. */
  async ask(open: (place: URL | undefined) => Promise<Reply>): Promise<Reply> {
    const known = this.#found;
    const reply = await open(known);
    // What a redirect led to may have been signed for a while.
    const lost = known !== undefined && [400, 401, 403, 404, 410].includes(reply.status);
    if (!lost) return this.#keep(reply);
    reply.drop();
    this.#found = undefined;
    return this.#keep(await open(undefined));
  }

  #keep(reply: Reply): Reply {
    if (reply.status < 300 && !this.#isSame(reply.url, this.#first)) this.#found = reply.url;
    return reply;
  }
}
