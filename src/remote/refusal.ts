import { type Fault, RemoteError } from "../base/errors.ts";
import { maskText } from "../base/mask.ts";
import { clip } from "../base/text.ts";
import { type Errand, place } from "./faults.ts";
import type { Answer } from "./http/send.ts";

/** What a store says of its refusal. */
interface Said {
  code: string;
  message: string;
}

/**
 * What an answer means that is neither the bytes nor a redirect: with the code of S3, Google Cloud
 * Storage or Azure Blob Storage, where one of them answers.
 * @param asked the address as it was given, whose query must not be seen.
 * @param now milliseconds since 1970
 */
export function refusal(
  { party, again }: Errand,
  doing: string,
  answer: Answer,
  asked: URL,
  now: number,
): Fault {
  const { status } = answer;
  const said = saying(answer);
  const words = [said.code, said.message].filter((word) => word !== "").join(": ");
  const clean = clip(maskText(withoutQuery(words, [asked, answer.url])), 300);
  const found = clean === "" ? `${status}` : `${status} ${clean}`;
  const where = { url: place(answer.url) };
  const make = (code: string, what: string, next: string): Fault =>
    new RemoteError({ code, what, where, found, next });
  if ([400, 401, 403].includes(status) && hasExpired(said, asked, now)) {
    return make(
      "expired",
      `the signed address has expired${ended(asked)}`,
      "have a new one signed by whoever gave it to you",
    );
  }
  const known = reasons[status];
  if (known !== undefined) return make(...known);
  const hint = status >= 500 || status === 408 ? again : "see what it says";
  return make(`${party}-failed`, `the ${party} did not do what was asked while ${doing}`, hint);
}

const reasons: Readonly<Record<number, [code: string, what: string, next: string]>> = {
  401: [
    "unauthorized",
    "the server wants to know who we are",
    "give an address that is signed (a presigned URL), or https://USER:PASSWORD@HOST/…",
  ],
  403: [
    "forbidden",
    "the server does not let us do that",
    "see whether the address is signed for this, for this object and for now, and quoted for the shell whole",
  ],
  404: ["not-found", "there is nothing at that address", "see whether bucket and name are right"],
  405: [
    "not-allowed",
    "the server does not take such a request there",
    "an address is signed for reading or for writing, not for both",
  ],
  407: [
    "proxy-login",
    "the proxy wants to know who we are",
    "HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT",
  ],
  410: ["not-found", "what was at that address is gone", "see whether it was moved or deleted"],
  429: ["busy", "the server wants fewer requests", "try again later"],
};

/** Codes of S3 and its likes, of Azure (a header too), of Google's JSON. Bounded by the answer's text. */
function saying({ headers, text }: Answer): Said {
  const tag = (name: string): string =>
    new RegExp(`<${name}>([^<]{0,500})</${name}>`).exec(text)?.[1]?.trim() ?? "";
  const detail = tag("AuthenticationErrorDetail") || tag("Details");
  const code = headers["x-ms-error-code"] ?? tag("Code");
  const message = [tag("Message").split("\n")[0] ?? "", detail].filter(Boolean).join(" ");
  if (code !== "" || message !== "") return { code, message };
  return jsonSaying(text);
}

function jsonSaying(text: string): Said {
  try {
    const { error } = JSON.parse(text) as { error?: { code?: unknown; message?: unknown } };
    const message = typeof error?.message === "string" ? error.message : "";
    return { code: "", message };
  } catch {
    return { code: "", message: "" };
  }
}

function hasExpired({ code, message }: Said, asked: URL, now: number): boolean {
  if (/^(?:ExpiredToken|RequestExpired|TokenExpired)$/.test(code)) return true;
  if (/expired|not valid in the specified time frame/i.test(message)) return true;
  const end = endOf(asked);
  return end !== undefined && end < now;
}

function ended(asked: URL): string {
  const end = endOf(asked);
  return end === undefined ? "" : ` (it was valid until ${new Date(end).toISOString()})`;
}

/** Until when an address was signed: AWS and Google (V4), Azure (`se`), older ones (`Expires`). */
function endOf({ searchParams }: URL): number | undefined {
  for (const family of ["X-Amz", "X-Goog"]) {
    const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(
      searchParams.get(`${family}-Date`) ?? "",
    );
    const seconds = Number(searchParams.get(`${family}-Expires`) ?? Number.NaN);
    if (match === null || !(seconds >= 0 && seconds <= 10 ** 9)) continue;
    const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as number[];
    const start = Date.UTC(
      year as number,
      (month as number) - 1,
      day as number,
      hour as number,
      minute as number,
      second as number,
    );
    return start + seconds * 1000;
  }
  const azure = Date.parse(searchParams.get("se") ?? "");
  if (!Number.isNaN(azure)) return azure;
  const seconds = searchParams.get("Expires") ?? "";
  return /^\d{9,11}$/.test(seconds) ? Number(seconds) * 1000 : undefined;
}

/** A message without what stood in the query, which servers like to repeat. */
function withoutQuery(message: string, urls: readonly URL[]): string {
  let clean = message;
  for (const { search, searchParams } of urls) {
    if (search.length > 1) clean = clean.replaceAll(search, "?…").replaceAll(search.slice(1), "…");
    for (const value of searchParams.values()) {
      if (value.length >= 6) clean = clean.replaceAll(value, "…");
    }
  }
  return clean;
}
