import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { writeSparse } from "../bench/archives.js";
import { fastClock } from "../support/clock.ts";
import { type Ran, run } from "../support/run.ts";
import { crioCounter, privateCopy, rich, scratch } from "../support/samples.ts";
import { fakeStore, type Store, type StoreOptions, stored, storedFile } from "../support/store.ts";
import { privateFile } from "../support/tar-builder.ts";

const name = "/bucket/checkpoint-counter-lab-node_default-counter-2026-11-21T21%3A20%3A14Z.tar";
const GiB = 2 ** 30;

/** A store with the sample, and its address with a query that nobody may see. */
async function place(options: StoreOptions = {}): Promise<{ store: Store; url: string }> {
  const store = await fakeStore(options);
  store.objects.set(name, stored(readFileSync(crioCounter)));
  return { store, url: `${store.origin}${name}?X-Amz-Signature=TOPSECRET` };
}

async function ask(words: readonly string[]): Promise<Ran> {
  const ran = await run(words, { clock: fastClock(100, true) });
  expect(ran.out + ran.err).not.toContain("TOPSECRET");
  return ran;
}

const ranges = ({ asked }: Store): number => asked.filter(({ headers }) => headers.range).length;

describe("an archive in a store", () => {
  it("is inspected as if it were here, by its name too", async () => {
    const { store, url } = await place();
    const there = await ask(["inspect", url, "-o", "json"]);
    expect(there).toMatchObject({ code: 0, err: "" });
    const words = ["inspect", privateCopy(crioCounter), "-o", "json", "--permissions", "owner"];
    const { archive, problems, ...one } = JSON.parse(there.out);
    const { archive: file, problems: none, ...other } = JSON.parse((await run(words)).out);
    expect(one).toEqual(other);
    expect(one.fileName.readings).toHaveLength(1);
    expect(archive).toEqual({
      ...file,
      path: `${store.origin}${name}?…`,
      mode: null,
      uid: null,
      gid: null,
      modifiedAt: null,
      lockedDown: null,
    });
    expect(none).toEqual([]);
    expect(problems).toMatchObject([
      { code: "permissions-unchecked", message: expect.stringContaining("--permissions any") },
    ]);
    expect(ranges(store)).toBeLessThan(8);
    expect((await ask(["inspect", url])).out).toContain("read as with --permissions any");
  });

  it("of 64 GiB costs less than a megabyte", async () => {
    const { store, url } = await place();
    const file = join(scratch(), "large.tar");
    writeSparse(file, 64 * GiB);
    const object = storedFile(file);
    expect(object.size).toBeGreaterThan(64 * GiB);
    store.objects.set(name, object);
    const { code, out } = await ask(["inspect", url, "-o", "json"]);
    expect(code).toBe(0);
    expect(JSON.parse(out).memory.pageBytes).toBeGreaterThan(64 * GiB);
    expect(store.sent()).toBeLessThan(2 ** 20);
    expect(store.asked.length).toBeLessThan(12);
    expect(store.connections()).toBeLessThan(4);
    // The rules that read no memory are as cheap.
    const before = store.sent();
    expect((await ask(["audit", url, "--no-memory", "-o", "json"])).code).toBeLessThan(2);
    expect(store.sent() - before).toBeLessThan(2 ** 20);
  });

  it("is not fetched where that is more than is allowed, which is said before", async () => {
    const { store, url } = await place();
    const file = join(scratch(), "large.tar");
    writeSparse(file, 64 * GiB);
    store.objects.set(name, storedFile(file));
    for (const words of [
      ["memory", "secrets", url, "--max-download", "1GiB"],
      ["memory", "dump", url, "--max-download", "1GiB", "-C", scratch()],
      ["restore", "image", url, "--max-download", "1GiB", "--output-file", `oci:${scratch()}/x`],
      ["audit", url],
      ["audit", url, "--no-memory", "--custody"],
    ]) {
      const before = store.sent();
      const { code, out, err } = await ask(words);
      expect(code).toBe(4);
      expect(out + err).toMatch(/more than was allowed[\s\S]*64\.0 GiB[\s\S]*1?\.0 GiB/);
      expect(store.sent() - before).toBeLessThan(2 ** 20);
    }
  });

  it("says what it will fetch, and that it did not check who may read it", async () => {
    const { url } = await place();
    const said = await ask(["memory", "strings", url, "--limit", "1"]);
    expect(said.err).toMatch(/up to [\d.]+ KiB will be fetched from http:.*\?…/);
    expect((await ask(["memory", "strings", url, "--limit", "1", "-q"])).err).toBe("");
    const { out } = await ask(["audit", url, "--no-memory", "-o", "json", "--fail-on", "none"]);
    expect(out).toContain('"locked-down/unchecked"');
  });

  it.each([
    ["list", "-o", "json"],
    ["images", "-o", "json"],
    ["ps", "-o", "json"],
    ["env", "-o", "json"],
    ["files", "-o", "json"],
    ["sockets", "-o", "json"],
    ["mounts", "-o", "json"],
    ["memory", "ls", "-o", "json"],
    ["memory", "secrets", "-o", "json"],
    ["decode", "inventory.img"],
    ["restore", "plan", "-o", "json"],
    ["restore", "manifest", "--image", "r.example/a:1"],
  ])("answers %s %s", async (...words) => {
    const { url } = await place();
    const verb = words[0] === "memory" || words[0] === "restore" ? 2 : 1;
    const all = (path: string): string[] => [...words.slice(0, verb), path, ...words.slice(verb)];
    const there = await ask(all(url));
    const copy = privateCopy(crioCounter);
    const here = await run([...all(copy), "--permissions", "owner"]);
    expect(there.code).toBe(here.code);
    expect(there.out.length).toBeGreaterThan(100);
    if (words.includes("decode")) expect(there.out).toBe(here.out);
    if (words.includes("ps")) {
      expect(JSON.parse(there.out).items).toEqual(JSON.parse(here.out).items);
    }
  });

  it("is audited, compared and taken into custody without its query", async () => {
    const { url } = await place();
    const { out } = await ask(["audit", url, "--custody", "-o", "json", "--fail-on", "none"]);
    const { custody } = JSON.parse(out).archives[0];
    expect(custody.archiveSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(custody.command).toContain("?…");
    const words = [
      "diff",
      privateCopy(crioCounter),
      url,
      "--permissions",
      "owner",
      "--no-findings",
    ];
    expect((await ask([...words, "-o", "json"])).code).toBe(0);
  });

  it("is extracted", async () => {
    const { url } = await place();
    const { code, out } = await ask(["extract", url, "config.dump", "--stdout"]);
    expect(code).toBe(0);
    const here = ["extract", privateCopy(crioCounter), "config.dump", "--stdout"];
    expect(out).toBe((await run([...here, "--permissions", "owner"])).out);
  });
});

describe("an archive that goes by once", () => {
  it("is compressed: what is fetched is said before", async () => {
    const { store, url } = await place();
    const packed = gzipSync(readFileSync(rich), { level: 0 });
    store.objects.set(name, stored(packed));
    const { code, err, out } = await ask(["inspect", url, "-o", "json"]);
    expect(code).toBe(0);
    expect(err).toMatch(/^cryoscope: fetching [\d.]+ [KM]iB from http:.*\?…\n$/);
    expect(JSON.parse(out).archive).toMatchObject({
      compression: "gzip",
      sizeBytes: packed.length,
    });
    const refused = await ask(["inspect", url, "--max-download", "100k"]);
    expect(refused).toMatchObject({ code: 4, out: "" });
    expect((await ask(["inspect", url, "-q"])).err).toBe("");
  });

  it("comes from a server that gives no parts", async () => {
    const { store, url } = await place({ whole: true });
    store.objects.set(name, stored(readFileSync(rich)));
    const { code, out } = await ask(["inspect", url, "-o", "json"]);
    expect(code).toBe(0);
    expect(JSON.parse(out).problems.map(({ code: word }: { code: string }) => word)).toEqual([
      "permissions-unchecked",
      "file-name-disagrees",
    ]);
    expect(store.asked).toHaveLength(2);
  });
});

describe("a server that proves who it is", () => {
  it("is believed by its authority alone", async () => {
    const { store, url } = await place({ tls: true });
    const ca = privateFile(store.ca, "ca.pem");
    expect((await ask(["inspect", url, "--ca-file", ca])).code).toBe(0);
    const none = await ask(["inspect", url, "-o", "json"]);
    expect(none).toMatchObject({ code: 5, out: "" });
    expect(JSON.parse(none.err).error).toMatchObject({
      code: "server-unreachable",
      next: expect.stringContaining("--ca-file"),
    });
  });

  it("has to, unless it is this machine or somebody says so", async () => {
    const { code, err } = await ask([
      "inspect",
      "http://store.example/a.tar?TOPSECRET",
      "-o",
      "json",
    ]);
    expect(code).toBe(4);
    expect(JSON.parse(err).error).toMatchObject({ code: "insecure" });
  });

  it("is told who we are where the address says", async () => {
    const { store, url } = await place();
    const { code } = await ask(["inspect", url.replace("//", "//me:TOPSECRET@")]);
    expect(code).toBe(0);
    const [{ headers } = { headers: {} }] = store.asked as { headers: Record<string, string> }[];
    expect(headers["authorization"]).toBe(
      `Basic ${Buffer.from("me:TOPSECRET").toString("base64")}`,
    );
  });
});
