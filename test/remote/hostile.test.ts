import { readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { fastClock } from "../support/clock.ts";
import { run } from "../support/run.ts";
import { crioCounter } from "../support/samples.ts";
import { fakeStore, type StoreOptions, type StoreWhim, stored } from "../support/store.ts";

const bytes = readFileSync(crioCounter);

/** Inspects an archive behind such a server; what went wrong, and how often it was asked. */
async function meet(
  whim: StoreWhim,
  options: StoreOptions = {},
): Promise<{ code: number; word: string; found: string; asked: number; sent: number }> {
  const store = await fakeStore({ whim, ...options });
  store.objects.set("/a.tar", stored(bytes));
  const url = `${store.origin}/a.tar?X-Amz-Signature=TOPSECRET`;
  const { code, out, err } = await run(["inspect", url, "-o", "json"], {
    clock: fastClock(100, true),
  });
  expect(out + err).not.toContain("TOPSECRET");
  const asked = store.asked.length;
  const sent = store.sent();
  if (code === 0) return { code, word: "", found: "", asked, sent };
  const fault = out === "" ? JSON.parse(err).error : JSON.parse(out).problems.at(-1);
  return { code, word: fault.code, found: fault.found ?? fault.message, asked, sent };
}

const range = (size: number | string, from = 0, to = 65_535): Record<string, string> => ({
  "content-range": `bytes ${from}-${to}/${size}`,
});

/** An answer of its own to every question. */
function always(
  status: number,
  headers: Record<string, string | number> = {},
  body: string | Buffer = "",
): StoreWhim {
  return (_asked, _count, response) => {
    response.writeHead(status, headers).end(body);
    return true;
  };
}

/** The first answer as it should be; then this. */
function then(act: (response: ServerResponse, count: number) => void): StoreWhim {
  return (_asked, count, response) => {
    if (count === 1) return false;
    act(response, count);
    return true;
  };
}

const some = Buffer.alloc(65_536);

describe("a server that refuses", () => {
  const xml = (code: string, message = ""): string =>
    `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  it.each<[string, number, StoreWhim, string, RegExp]>([
    [
      "S3, expired",
      5,
      always(403, {}, xml("AccessDenied", "Request has expired")),
      "expired",
      /AccessDenied/,
    ],
    ["S3, its token", 5, always(400, {}, xml("ExpiredToken")), "expired", /ExpiredToken/],
    [
      "Google's",
      5,
      always(403, {}, `<Error><Code>AccessDenied</Code><Details>x</Details></Error>`),
      "forbidden",
      /403 AccessDenied: x/,
    ],
    [
      "Azure",
      5,
      always(
        403,
        { "x-ms-error-code": "AuthenticationFailed" },
        "<AuthenticationErrorDetail>Signature not valid in the specified time frame</AuthenticationErrorDetail>",
      ),
      "expired",
      /AuthenticationFailed/,
    ],
    ["nobody known", 5, always(401), "unauthorized", /401/],
    ["nothing there", 5, always(404, {}, xml("NoSuchKey")), "not-found", /NoSuchKey/],
    [
      "a message that repeats the query",
      5,
      always(400, {}, xml("Bad", "?X-Amz-Signature=TOPSECRET")),
      "server-failed",
      /Bad: …?\?…/,
    ],
    [
      "a message that is a terminal's",
      5,
      always(418, {}, xml("\u001b[31mTea")),
      "server-failed",
      /418/,
    ],
    ["a busy one", 5, always(503), "server-failed", /503/],
    ["one that asks for too long", 5, always(429, { "retry-after": 3600 }), "busy", /429/],
  ])("is told with its words: %s", async (_name, code, whim, word, found) => {
    const met = await meet(whim);
    expect(met).toMatchObject({ code, word });
    expect(met.found).toMatch(found);
    expect(met.found).not.toContain("\u001b");
    if (_name === "a busy one") expect(met.asked).toBe(5);
    else expect(met.asked).toBe(1);
  });
});

describe("a server that lies", () => {
  it.each<[string, StoreWhim, number, string]>([
    [
      "another range",
      always(206, { ...range(1e6, 100, 65_635), etag: '"1"' }, some),
      5,
      "server-answer",
    ],
    ["no Content-Range", always(206, {}, some), 5, "server-answer"],
    ["a range that is none", always(206, range(1e6, 9, 3), some), 5, "server-answer"],
    ["more than was asked for", always(206, range(1e6, 0, 99_999), some), 5, "server-answer"],
    [
      "a size beyond all numbers",
      always(206, range("99999999999999999999"), some),
      5,
      "server-answer",
    ],
    ["a size that is not known", always(206, range("*"), some), 5, "server-answer"],
    ["no length", always(200, { "transfer-encoding": "chunked" }, some), 5, "server-answer"],
    [
      "another coding",
      always(206, { ...range(1e6), "content-encoding": "br" }, some),
      5,
      "server-answer",
    ],
    [
      "several parts",
      always(206, { "content-type": "multipart/byteranges; boundary=x" }),
      5,
      "server-answer",
    ],
    ["to be somewhere without end", always(302, { location: "/a.tar" }), 5, "server-answer"],
    ["to be nowhere", always(302), 5, "server-answer"],
    ["to be a file here", always(302, { location: "file:///etc/shadow" }), 5, "server-answer"],
    [
      "to be without TLS elsewhere",
      always(302, { location: "http://store.example/a?TOPSECRET" }),
      4,
      "insecure",
    ],
    ["that it is empty", always(416, { "content-range": "bytes */0" }), 3, ""],
    [
      "that nothing is there of its range",
      always(416, { "content-range": "bytes */9" }),
      5,
      "server-failed",
    ],
    [
      "headers without end",
      always(206, { ...range(1e6), "x-long": "x".repeat(100_000) }, some),
      5,
      "server-cut",
    ],
    [
      "no HTTP",
      (_a, _c, { socket }) => {
        socket?.end("\u0000\u0001 HTTP no\r\n\r\n");
        return true;
      },
      5,
      "server-cut",
    ],
  ])("is found out: %s", async (_name, whim, code, word) => {
    const met = await meet(whim);
    expect(met.code).toBe(code);
    if (word !== "") expect(met.word).toBe(word);
    expect(met.asked).toBeLessThan(8);
  });

  it("is found out where it says so in the middle", async () => {
    const size = bytes.length;
    const answer = (headers: Record<string, string>, status = 206, length = 16_384) =>
      then((response) => response.writeHead(status, headers).end(Buffer.alloc(length)));
    const first = 81_920;
    const right = range(size, first, first + 16_383);
    for (const [whim, word] of [
      [answer({ ...right, etag: '"v2"' }), "changed"],
      [answer({ ...range(size + 1, first, first + 16_383), etag: '"v1"' }), "changed"],
      [answer({}, 412), "changed"],
      [answer({ etag: '"v1"' }, 200), "server-answer"],
      [answer({ ...right, etag: '"v1"' }, 206, 20_000), "server-answer"],
    ] as const) {
      const met = await meet(whim);
      expect(met).toMatchObject({ word, code: 5 });
    }
  });

  it("cannot keep us with bytes without end", async () => {
    const endless = then((response) => {
      response.writeHead(206, { ...range(bytes.length, 81_920, 98_303), etag: '"v1"' });
      const more = (): void => {
        while (!response.destroyed && response.write(some));
        if (!response.destroyed) response.once("drain", more);
      };
      more();
    });
    const met = await meet(endless);
    expect(met).toMatchObject({ code: 5, word: "server-answer" });
    expect(met.sent).toBeLessThan(16 * 2 ** 20);
  });

  it("cannot keep us with crumbs, silence or drips", async () => {
    const crumbs: StoreWhim = ({ headers }, count, response) => {
      const [from = 0] = (headers.range ?? "").match(/\d+/g)?.map(Number) ?? [];
      if (count === 1) return false;
      response.writeHead(206, { ...range(bytes.length, from, from), etag: '"v1"' }).end("x");
      return true;
    };
    const crumbled = await meet(crumbs);
    expect(crumbled.code).toBe(5);
    expect(crumbled.asked).toBe(6);
    expect(await meet(() => true)).toMatchObject({ code: 6, word: "server-silent", asked: 1 });
    const drips = then((response) => {
      response.writeHead(206, { ...range(bytes.length, 81_920, 98_303), etag: '"v1"' });
      const timer = setInterval(() => response.write("x"), 20);
      response.on("close", () => clearInterval(timer));
    });
    expect(await meet(drips)).toMatchObject({ code: 6, word: "server-silent" });
  });
});

describe("a way that fails now and then", () => {
  it("is gone on with where it stopped", async () => {
    const whim: StoreWhim = (_asked, count, response) => {
      if (count % 3 === 0) response.socket?.destroy();
      else if (count % 3 === 2) response.writeHead(503, { "retry-after": "1" }).end();
      return count % 3 !== 1;
    };
    expect(await meet(whim)).toMatchObject({ code: 0 });
  });

  it("leads on by redirects, and each place is asked once", async () => {
    const other = await fakeStore();
    other.objects.set("/b", stored(bytes));
    const met = await meet(always(307, { location: `${other.origin}/b?X-Amz-Signature=OTHER` }));
    expect(met).toMatchObject({ code: 0, asked: 1 });
    expect(other.asked.length).toBeGreaterThan(2);
  });

  it("is less sure of what has no ETag, which is said", async () => {
    const store = await fakeStore({ etag: () => undefined });
    store.objects.set("/a.tar", stored(bytes));
    const { out } = await run(["inspect", `${store.origin}/a.tar`, "-o", "json"]);
    expect(JSON.parse(out).problems.at(-1)).toMatchObject({ code: "version-unsure" });
  });
});
