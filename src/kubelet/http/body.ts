import type { Readable } from "node:stream";
import { classify, ExchangeFailure } from "../../base/exchange-failure.ts";
import { formatBytes } from "../../base/units.ts";

/** A whole answer. */
export interface Answer {
  status: number;
  /** Names in lower case; of several values the first. */
  headers: Readonly<Record<string, string>>;
  /** Decoded as UTF-8. */
  body: string;
  protocol: "HTTP/1.1" | "HTTP/2";
}

/**
 * Reads a body to its end.
 * @param whole asked at the end: did the sender say that this is all?
 * @throws {ExchangeFailure} where it ends before it is whole, or is longer than `maxBytes`.
 */
export function collectBody(
  stream: Readable,
  head: Omit<Answer, "body">,
  maxBytes: number,
  signal: AbortSignal,
  whole: () => boolean,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const fail = (kind: "aborted" | "too-long" | "cut", found: string): void => {
      stop();
      stream.destroy();
      reject(new ExchangeFailure(kind, "answering", found, head.status));
    };
    const abort = (): void => fail("aborted", "given up");
    const stop = (): void => signal.removeEventListener("abort", abort);
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    stream.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) fail("too-long", `more than ${formatBytes(maxBytes)}`);
      else chunks.push(chunk);
    });
    const cut = (): void => fail("cut", `the connection ended after ${formatBytes(size)} of it`);
    stream.on("error", (error) => {
      stop();
      const { kind, message } = classify(error, "answering");
      reject(new ExchangeFailure(kind, "answering", message, head.status));
    });
    stream.on("close", cut);
    stream.on("end", () => {
      const declared = head.headers["content-length"];
      if (!whole() || (declared !== undefined && Number(declared) !== size)) return cut();
      stop();
      stream.off("close", cut);
      resolve({ ...head, body: Buffer.concat(chunks).toString() });
    });
  });
}
