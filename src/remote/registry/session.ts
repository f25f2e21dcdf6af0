import { ExchangeFailure } from "../../base/exchange-failure.ts";
import { type Errand, pushing, senseless, unanswered } from "../faults.ts";
import { allowRedirect, follow, isLoopback, located } from "../http/redirects.ts";
import {
  type Answer,
  type Ask,
  collect,
  type HttpMeans,
  open,
  type Reply,
  send,
} from "../http/send.ts";
import { type Challenge, parseChallenges } from "./challenge.ts";
import type { Credentials } from "./credentials.ts";
import { refused } from "./faults.ts";
import type { Reference } from "./reference.ts";
import { basicOf, tokenOf, tokenRequest } from "./token.ts";

type Repository = Pick<Reference, "registry" | "repository">;

export interface SessionOptions extends HttpMeans {
  errand: Errand;
  plainHttp: boolean;
  credentials: Credentials | undefined;
}

/** What to ask, where a path stands for a URL of the registry. */
type Wish = Omit<Ask, "url"> & {
  url: string | URL;
  doing: string;
  /** Bytes of the answer that are wanted at most. */
  most?: number;
};

/**
 * Speaks with one registry about one repository (OCI distribution specification 1.1): logs in when
 * it is asked to, again when a token has run out, and follows redirects. What proves who we are goes
 * to the registry, and to the token server that it names, and nowhere else.
 */
export class Session {
  readonly #base: URL;
  readonly #registry: string;
  readonly #repository: string;
  readonly #options: SessionOptions;
  #authorization: string | undefined;

  private constructor(base: URL, reference: Repository, options: SessionOptions) {
    this.#base = base;
    this.#registry = reference.registry;
    this.#repository = repositoryOf(reference);
    this.#options = options;
  }

  /**
   * Finds the way to the registry: TLS; none where it was asked for, or where the registry is on
   * this machine and speaks none.
   * @throws {RemoteError} where there is no registry.
   */
  static async open(reference: Repository, options: SessionOptions): Promise<Session> {
    const host = reference.registry === "docker.io" ? "registry-1.docker.io" : reference.registry;
    const at = (scheme: string): Session =>
      new Session(new URL(`${scheme}://${host}/`), reference, options);
    if (options.plainHttp) return at("http").#greet();
    const secure = at("https");
    try {
      await secure.#ping();
      return secure;
    } catch (error) {
      if (!(error instanceof ExchangeFailure)) throw error;
      const near = isLoopback(secure.#base) && options.ca === undefined;
      // Some servers answer TLS in clear text, some hang up.
      const clear = error.phase === "connecting" && ["not-tls", "cut"].includes(error.kind);
      if (clear && near) return at("http").#greet();
      throw unanswered(options.errand, "greeting it", secure.#url("/v2/"), error);
    }
  }

  async #greet(): Promise<this> {
    try {
      await this.#ping();
    } catch (error) {
      if (!(error instanceof ExchangeFailure)) throw error;
      throw unanswered(this.#options.errand, "greeting it", this.#url("/v2/"), error);
    }
    return this;
  }

  async #ping(): Promise<void> {
    const url = this.#url("/v2/");
    const answer = await send({ method: "GET", url }, this.#options);
    if (answer.status === 401) await this.#logIn(answer);
    else if (answer.status !== 200) {
      throw senseless(
        this.#options.errand,
        "there is no registry",
        url,
        `${answer.status}`,
        "200 or 401",
      );
    }
  }

  get registry(): string {
    return this.#registry;
  }

  /** A path of the repository, `/v2/NAME` + rest. */
  path(rest: string): URL {
    return this.#url(`/v2/${this.#repository}${rest}`);
  }

  /** A place that the registry named, made whole. */
  place(location: string | undefined, from: URL): URL {
    const url = located(this.#options.errand, location, from);
    allowRedirect("registry", from, url, this.#base.protocol === "http:");
    return url;
  }

  /**
   * Asks, and logs in anew where it is due.
   * @returns the answer, whatever its status.
   * @throws {Fault} where none comes.
   */
  async ask(wish: Wish): Promise<Answer> {
    const url = typeof wish.url === "string" ? this.path(wish.url) : wish.url;
    const answer = await this.#follow({ ...wish, url }, wish.doing);
    if (answer.status !== 401 || answer.url.origin !== this.#base.origin) return answer;
    await this.#logIn(answer);
    return this.#follow({ ...wish, url }, wish.doing);
  }

  /** @throws {ExchangeFailure} instead: whoever sends much tries again. */
  async attempt(wish: Wish): Promise<Answer> {
    const url = typeof wish.url === "string" ? this.path(wish.url) : wish.url;
    return this.#travel({ ...wish, url });
  }

  async #follow(ask: Ask, doing: string): Promise<Answer> {
    try {
      return await this.#travel(ask);
    } catch (error) {
      if (error instanceof ExchangeFailure)
        throw unanswered(this.#options.errand, doing, ask.url, error);
      throw error;
    }
  }

  /**
   * Opens a blob's bytes. What a store that the registry sends us to is told is signed in its address.
   * @param at where it was found last; asked first.
   * @throws {ExchangeFailure}
   */
  async open(
    rest: string,
    headers: Readonly<Record<string, string>>,
    at: URL | undefined,
  ): Promise<Reply> {
    const first = at ?? this.path(rest);
    const reply = await this.#openAt(first, headers);
    if (reply.status !== 401 || reply.url.origin !== this.#base.origin) return reply;
    await this.#logIn(await collect(reply));
    return this.#openAt(first, headers);
  }

  #openAt(first: URL, headers: Readonly<Record<string, string>>): Promise<Reply> {
    const ask = (url: URL): Promise<Reply> =>
      open({ method: "GET", url, headers: { ...headers, ...this.#proof(url) } }, this.#options);
    return follow(this.#options.errand, first, ask, (to, from) => this.place(to, from));
  }

  #travel({ most, ...wish }: Ask & { most?: number }): Promise<Answer> {
    const ask = (url: URL): Promise<Answer> => {
      const headers = { ...wish.headers, ...this.#proof(url) };
      return send({ ...wish, url, headers }, this.#options, most);
    };
    return follow(this.#options.errand, wish.url, ask, (to, from) => this.place(to, from));
  }

  #proof(url: URL): Record<string, string> {
    const ours = url.origin === this.#base.origin;
    return ours && this.#authorization !== undefined ? { authorization: this.#authorization } : {};
  }

  #url(path: string): URL {
    return new URL(path, this.#base);
  }

  async #logIn(answer: Answer): Promise<void> {
    const challenges = parseChallenges(answer.headers["www-authenticate"] ?? "");
    const bearer = challenges.find(({ scheme }) => scheme === "bearer");
    if (bearer !== undefined) {
      this.#authorization = `Bearer ${await this.#token(bearer, answer)}`;
      return;
    }
    const { credentials } = this.#options;
    const basic = challenges.some(({ scheme }) => scheme === "basic");
    const proof = basicOf(credentials);
    if (!basic || proof === undefined || this.#authorization === proof) {
      throw refused(this.#options.errand, "logging in", answer, this.#registry);
    }
    this.#authorization = proof;
  }

  /** Asks the token server for a token (Docker's token authentication specification, and OAuth2's). */
  async #token({ parameters }: Challenge, answer: Answer): Promise<string> {
    const realm = this.place(parameters["realm"], answer.url);
    const service = parameters["service"];
    const fields = new URLSearchParams({
      ...(service === undefined ? {} : { service }),
      scope: `repository:${this.#repository}:${this.#options.errand === pushing ? "pull,push" : "pull"}`,
    });
    const ask = tokenRequest(realm, fields, this.#options.credentials);
    let reply: Answer;
    try {
      reply = await send(ask, this.#options);
    } catch (error) {
      if (error instanceof ExchangeFailure)
        throw unanswered(this.#options.errand, "asking for a token", realm, error);
      throw error;
    }
    if (reply.status !== 200)
      throw refused(this.#options.errand, "asking for a token", reply, this.#registry);
    const token = tokenOf(reply.text);
    if (token !== undefined) return token;
    throw senseless(
      this.#options.errand,
      "the registry's token server gives no token",
      realm,
      "an answer without one",
      "JSON with a token",
    );
  }
}

/** Docker Hub keeps what has no folder in one of its own. */
function repositoryOf({ registry, repository }: Repository): string {
  return registry === "docker.io" && !repository.includes("/")
    ? `library/${repository}`
    : repository;
}
