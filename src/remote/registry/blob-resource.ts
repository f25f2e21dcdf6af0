import type { Clock } from "../../base/clock.ts";
import { collectRefusal } from "../collect-refusal.ts";
import { pulling } from "../faults.ts";
import { collect, type Reply } from "../http/send.ts";
import { FoundPlace } from "../range/found-place.ts";
import type { Resource } from "../range/resource.ts";
import { refused } from "./faults.ts";
import type { Layer } from "./find-layer.ts";
import type { Session } from "./session.ts";

/** A layer. Registries send us to a store for it, with an address that is signed for a while. */
export class BlobResource implements Resource {
  readonly errand = pulling;
  readonly url: URL;
  readonly size: number | undefined;
  readonly #session: Session;
  readonly #path: string;
  readonly #clock: Clock;
  readonly #found: FoundPlace;

  constructor(session: Session, { digest, size }: Layer, clock: Clock) {
    this.#session = session;
    this.#path = `/blobs/${digest}`;
    this.#clock = clock;
    this.url = session.path(this.#path);
    this.size = size;
    this.#found = new FoundPlace(this.url, (one, other) => one.origin === other.origin);
  }

  async get(headers: Readonly<Record<string, string>>): Promise<Reply> {
    return this.#found.ask((place) => this.#session.open(this.#path, headers, place));
  }

  async refusal(reply: Reply): Promise<Error> {
    const doing = "reading the layer";
    const { registry } = this.#session;
    if (reply.url.origin !== this.url.origin) {
      return collectRefusal(pulling, doing, reply, this.url, this.#clock);
    }
    return refused(pulling, doing, await collect(reply), registry);
  }
}
