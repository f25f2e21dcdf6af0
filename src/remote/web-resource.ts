import { collectRefusal } from "./collect-refusal.ts";
import type { Errand } from "./faults.ts";
import { allowRedirect, follow, located } from "./http/redirects.ts";
import { type Ask, type HttpMeans, open, type Reply } from "./http/send.ts";
import { FoundPlace } from "./range/found-place.ts";
import type { Resource } from "./range/resource.ts";
import type { WebAddress } from "./web-address.ts";

/**
 * Sends a request where redirects lead. What proves who we are goes to the address's own origin.
 * @throws {ExchangeFailure} where no answer begins.
 */
export function travel(
  { url: first, authorization }: WebAddress,
  errand: Errand,
  ask: Omit<Ask, "url">,
  means: HttpMeans & { plainHttp: boolean },
  start = first,
): Promise<Reply> {
  const once = (url: URL): Promise<Reply> => {
    const proof =
      authorization !== undefined && url.origin === first.origin ? { authorization } : {};
    return open({ ...ask, url, headers: { ...ask.headers, ...proof } }, means);
  };
  return follow(errand, start, once, (location, from) => {
    const url = located(errand, location, from);
    allowRedirect(errand.party, from, url, means.plainHttp);
    return url;
  });
}

/** What lies at a web address. */
export class WebResource implements Resource {
  readonly url: URL;
  readonly errand: Errand;
  readonly #address: WebAddress;
  readonly #means: HttpMeans & { plainHttp: boolean };
  readonly #found: FoundPlace;

  constructor(address: WebAddress, errand: Errand, means: HttpMeans & { plainHttp: boolean }) {
    this.url = address.url;
    this.errand = errand;
    this.#address = address;
    this.#means = means;
    this.#found = new FoundPlace(address.url, (one, other) => one.href === other.href);
  }

  async get(headers: Readonly<Record<string, string>>): Promise<Reply> {
    const ask = { method: "GET", headers } as const;
    return this.#found.ask((place) => travel(this.#address, this.errand, ask, this.#means, place));
  }

  async refusal(reply: Reply): Promise<Error> {
    const { errand, url } = this;
    return collectRefusal(errand, "reading the archive", reply, url, this.#means.clock);
  }
}
