import { type Errand, insecure, senseless } from "../faults.ts";
import type { Reply } from "./send.ts";

const mostRedirects = 5;
const statuses: readonly number[] = [301, 302, 303, 307, 308];

/**
 * Asks, and again where an answer says that it is elsewhere.
 * @param ask sends the question to a place; what proves who we are is its own business.
 * @param next makes a place of a Location, or refuses it.
 */
export async function follow<T extends Pick<Reply, "status" | "headers"> & Partial<Reply>>(
  errand: Errand,
  first: URL,
  ask: (url: URL) => Promise<T>,
  next: (location: string | undefined, from: URL) => URL,
): Promise<T> {
  let url = first;
  for (let step = 0; step <= mostRedirects; step += 1) {
    const answer = await ask(url);
    if (!statuses.includes(answer.status)) return answer;
    answer.drop?.();
    url = next(answer.headers["location"], url);
  }
  throw senseless(
    errand,
    `the ${errand.party} redirects without end`,
    first,
    `${mostRedirects + 1} redirects`,
    `${mostRedirects}`,
  );
}

/**
 * A place that an answer named, made whole.
 * @throws {RemoteError} where it names none.
 */
export function located(errand: Errand, location: string | undefined, from: URL): URL {
  if (location !== undefined && URL.canParse(location, from.href)) {
    const url = new URL(location, from);
    if (url.protocol === "https:" || url.protocol === "http:") return url;
  }
  const found = location === undefined ? "no Location" : "a Location that is no web address";
  const what = `the ${errand.party} does not say where to send to`;
  throw senseless(errand, what, from, found, "a Location");
}

/** Is it this machine itself? */
export function isLoopback({ hostname }: URL): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

/** Addresses of this machine and of its own link, where clouds keep what machines may know. */
function isNear(url: URL): boolean {
  const { hostname } = url;
  return (
    isLoopback(url) ||
    /^(?:0\.|169\.254\.)/.test(hostname) ||
    /^\[(?:::|fe[89ab][0-9a-f]:|::ffff:(?:7f|a9fe|0:))/.test(hostname)
  );
}

/**
 * Refuses a redirect that gives up encryption, and one that sends us from outside to what only this
 * machine reaches.
 * @param clear may it be without TLS?
 */
export function allowRedirect(party: string, from: URL, to: URL, clear: boolean): void {
  const plain = to.protocol !== "https:";
  if (plain && (from.protocol === "https:" || !(clear || isLoopback(to)))) {
    throw insecure(to, `the ${party} sends us to a place that is not encrypted`);
  }
  if (isNear(to) && !isNear(from)) {
    throw senseless(
      { party },
      `the ${party} sends us to this machine`,
      from,
      `a redirect to ${to.host}`,
      "a place that others reach too",
    );
  }
}
