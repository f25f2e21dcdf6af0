import { describe, expect, it } from "vitest";
import { fastClock } from "../support/clock.ts";
import { type Ran, run } from "../support/run.ts";
import { crioCounter, privateCopy } from "../support/samples.ts";
import { fakeStore, type Store, type StoreOptions } from "../support/store.ts";
import { privateFile } from "../support/tar-builder.ts";

const path = "/reports/node-1.json";
const secret = "X-Amz-Signature=TOPSECRET";

async function send(
  options: StoreOptions = {},
  words: readonly string[] = ["inspect", "-o", "json"],
): Promise<Ran & { store: Store }> {
  const store = await fakeStore(options);
  const url = `${store.origin}${path}?${secret}`;
  const archive = privateCopy(crioCounter);
  const tls = options.tls === true ? ["--ca-file", privateFile(store.ca, "ca.pem")] : [];
  const ran = await run(
    [...words, archive, "--permissions", "owner", "--output-file", url, ...tls],
    { clock: fastClock(100, true) },
  );
  expect(ran.out + ran.err).not.toContain("TOPSECRET");
  return { ...ran, store };
}

const puts = ({ store }: { store: Store }): number =>
  store.asked.filter(({ method }) => method === "PUT").length;

describe("a report", () => {
  it("is put where it is told to, and replaces nothing", async () => {
    const { code, out, err, store } = await send();
    expect({ code, out, err }).toEqual({ code: 0, out: "", err: "" });
    const [asked] = store.asked;
    expect(asked).toMatchObject({
      method: "PUT",
      headers: { "if-none-match": "*", "content-type": "application/json" },
    });
    expect(JSON.parse(`${asked?.body}`)).toMatchObject({ kind: "Inspection" });
    expect(asked?.headers["content-length"]).toBe(`${asked?.body.length}`);
  });

  it("goes by TLS, with the type of its form", async () => {
    const { code, store } = await send({ tls: true }, ["audit", "--no-memory", "-o", "sarif"]);
    expect(code).toBe(0);
    expect(store.asked[0]?.headers["content-type"]).toBe("application/sarif+json");
  });

  it("is not put over another", async () => {
    const ran = await send({
      whim: (_asked, _count, response) => {
        response.writeHead(412).end();
        return true;
      },
    });
    expect(ran.code).toBe(5);
    expect(ran.err).toContain('"code":"exists"');
    expect(puts(ran)).toBe(1);
  });

  it("is sent again where that may help, and a lost answer is told", async () => {
    const ran = await send({
      whim: (asked, count, response) => {
        if (count === 1) response.writeHead(503, { "retry-after": "1" }).end();
        else if (count === 2) response.destroy();
        else return false;
        return asked.method === "PUT";
      },
    });
    expect(ran.code).toBe(0);
    expect(puts(ran)).toBe(3);
    const lost = await send({
      whim: (_asked, count, response) => {
        if (count === 1) response.destroy();
        else response.writeHead(412).end();
        return true;
      },
    });
    expect(lost.code).toBe(5);
    expect(lost.err).toContain("may be this very report");
  });

  it("is put into a store that knows no condition, which is said", async () => {
    const ran = await send({
      whim: ({ headers }, _count, response) => {
        if (headers["if-none-match"] === undefined) return false;
        response.writeHead(501).end("<Error><Code>NotImplemented</Code></Error>");
        return true;
      },
    });
    expect(ran.code).toBe(0);
    expect(ran.err).toContain("cannot be told to replace nothing");
    expect(ran.store.objects.size).toBe(1);
  });

  it.each([
    [
      403,
      "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>",
      "expired",
    ],
    [
      403,
      `<Error><Code>SignatureDoesNotMatch</Code><Message>?${secret}</Message></Error>`,
      "forbidden",
    ],
    [404, "<Error><Code>NoSuchBucket</Code></Error>", "not-found"],
    [400, "<Error><Code>EntityTooLarge</Code></Error>", "server-failed"],
  ])("is refused with the store's words: %d %s", async (status, body, word) => {
    const ran = await send({
      whim: (_asked, _count, response) => {
        response.writeHead(status).end(body);
        return true;
      },
    });
    expect(ran.code).toBe(5);
    const { error } = JSON.parse(ran.err) as { error: { code: string; found: string } };
    expect(error.code).toBe(word);
    expect(error.found).toMatch(new RegExp(`^${status} `));
    expect(puts(ran)).toBe(1);
  });

  it("is given up after some failures", async () => {
    const ran = await send({
      whim: (_asked, _count, response) => {
        response.writeHead(500).end();
        return true;
      },
    });
    expect(ran.code).toBe(5);
    expect(puts(ran)).toBe(5);
  });

  it("goes nowhere without TLS, nor as memory", async () => {
    const archive = privateCopy(crioCounter);
    const to = (url: string): string[] => ["--permissions", "owner", "--output-file", url];
    const plain = await run([
      "audit",
      archive,
      ...to("http://store.example/x?secret=1"),
      "-o",
      "json",
    ]);
    expect(plain).toMatchObject({ code: 4, out: "" });
    expect(plain.err).toContain('"code":"insecure"');
    const read = ["memory", "read", archive, "--pid", "1", "0x1000", "16", "--raw"];
    const raw = await run([...read, ...to("https://store.example/x?secret=1")]);
    expect(raw.code).toBe(2);
    expect(plain.err + raw.err).not.toContain("secret=1");
  });

  it("may be larger than what is held in memory", async () => {
    const { openUpload } = await import("../../src/cli/upload.ts");
    const store = await fakeStore();
    const io = { env: {}, ...fastClock(1) } as never;
    const output = await openUpload(`${store.origin}${path}`, io, { output: "json" });
    const piece = Buffer.alloc(3 * 1024 * 1024, "x");
    for (let left = 6; left > 0; left -= 1) await output.write(piece);
    await output.write("end");
    await output.close();
    expect(store.asked[0]?.body.length).toBe(18 * 1024 * 1024 + 3);
    expect(`${store.asked[0]?.body.subarray(-4)}`).toBe("xend");
  });
});
