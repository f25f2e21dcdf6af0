import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { fastClock } from "../support/clock.ts";
import {
  digestOf,
  type FakeRegistry,
  fakeRegistry,
  type RegistryOptions,
} from "../support/registry.ts";
import { type Ran, run } from "../support/run.ts";
import { crioCounter, rich, scratch } from "../support/samples.ts";
import { fakeStore, stored } from "../support/store.ts";

const marks = { "org.criu.checkpoint.container.name": "counter" };
const manifestType = "application/vnd.oci.image.manifest.v1+json";

/** Lays a blob down, and describes it. */
function blob(registry: FakeRegistry, bytes: Buffer, mediaType = ""): Record<string, unknown> {
  registry.blobs.set(digestOf(bytes), bytes);
  return { mediaType, digest: digestOf(bytes), size: bytes.length };
}

interface Wish {
  layers?: readonly Buffer[];
  annotations?: Record<string, string>;
  labels?: Record<string, string>;
  tag?: string;
}

/** Lays an image of layers down. */
function image(registry: FakeRegistry, wish: Wish = {}): Record<string, unknown> {
  const { layers = [readFileSync(crioCounter)], annotations, labels = {}, tag } = wish;
  const config = blob(registry, Buffer.from(JSON.stringify({ config: { Labels: labels } })));
  const described = layers.map((bytes) => blob(registry, bytes));
  const text = JSON.stringify({ mediaType: manifestType, config, layers: described, annotations });
  const bytes = Buffer.from(text);
  for (const name of [digestOf(bytes), ...(tag === undefined ? [] : [tag])]) {
    registry.manifests.set(name, bytes);
  }
  return { mediaType: manifestType, digest: digestOf(bytes), size: bytes.length };
}

async function ask(
  registry: FakeRegistry,
  at = ":1",
  more: Record<string, string> = {},
): Promise<Ran & { error: { code: string; next?: string; notes?: string[] } }> {
  const env = { HOME: scratch(), XDG_RUNTIME_DIR: scratch(), ...more };
  const words = ["inspect", `oci://${registry.host}/team/app${at}`, "-o", "json"];
  const ran = await run(words, { env, clock: fastClock(100, true) });
  return {
    ...ran,
    error: ran.out === "" ? JSON.parse(ran.err.slice(ran.err.indexOf("{"))).error : undefined,
  };
}

describe("an image of a checkpoint", () => {
  it.each<[string, Wish]>([
    ["annotations of its manifest", { annotations: marks }],
    ["labels of its configuration", { labels: { "io.podman.annotations.checkpoint.name": "c" } }],
    ["gzip", { annotations: marks, layers: [gzipSync(readFileSync(crioCounter))] }],
  ])("is read where it lies, known by its %s", async (_name, wish) => {
    const registry = await fakeRegistry();
    image(registry, { tag: "1", ...wish });
    const { code, out, err } = await ask(registry);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const { container, archive, problems } = JSON.parse(out);
    expect(container).toMatchObject({ name: "counter" });
    expect(archive).toMatchObject({ path: `oci://${registry.host}/team/app:1`, lockedDown: null });
    const codes = problems.map((each: { code: string }) => each.code);
    expect(codes).toEqual(["permissions-unchecked", "digest-unverified"]);
  });

  it("is found in a list, by its tag, its digest, or its layer's", async () => {
    const registry = await fakeRegistry();
    const one = image(registry, { annotations: marks });
    const other = image(registry, { layers: [Buffer.alloc(10), Buffer.alloc(20)] });
    const list = Buffer.from(JSON.stringify({ manifests: [other, one] }));
    registry.manifests.set("1", list);
    const layer = digestOf(readFileSync(crioCounter));
    for (const at of [":1", `@${one["digest"]}`, `:1@${one["digest"]}`, `@${layer}`]) {
      expect(await ask(registry, at)).toMatchObject({ code: 0 });
    }
    const two = image(registry, { annotations: { ...marks, second: "yes" } });
    registry.manifests.set("1", Buffer.from(JSON.stringify({ manifests: [one, two] })));
    const { code, error } = await ask(registry);
    expect(code).toBe(2);
    expect(error).toMatchObject({ code: "several" });
    expect(error.notes).toHaveLength(2);
  });

  it.each<[string, Wish, number, string]>([
    ["another image", { layers: [Buffer.alloc(9), Buffer.alloc(8)] }, 3, "no-checkpoint-image"],
    [
      "of several layers",
      { annotations: marks, layers: [Buffer.alloc(9), Buffer.alloc(8)] },
      2,
      "several",
    ],
    ["of none", { annotations: marks, layers: [] }, 3, "no-checkpoint-image"],
  ])("is told from %s", async (_name, wish, code, word) => {
    const registry = await fakeRegistry();
    image(registry, { tag: "1", ...wish });
    expect(await ask(registry)).toMatchObject({ code, error: { code: word } });
  });

  it("is what its digests say, or is not read", async () => {
    const registry = await fakeRegistry();
    const { digest } = image(registry, { annotations: marks, tag: "1" });
    const other = Buffer.from(JSON.stringify({ layers: [] }));
    registry.manifests.set(`${digest}`, other);
    expect(await ask(registry, `@${digest}`)).toMatchObject({ code: 5, error: { code: "digest" } });
    // A compressed layer is read whole, and so compared.
    const packed = gzipSync(readFileSync(rich), { level: 0 });
    image(registry, { annotations: marks, layers: [packed], tag: "1" });
    const damaged = Buffer.from(packed);
    // The operating system's field of the gzip header, which nobody reads.
    damaged[9] = 0x55;
    registry.blobs.set(digestOf(packed), damaged);
    expect(await ask(registry)).toMatchObject({ code: 5, error: { code: "registry-answer" } });
    registry.blobs.set(digestOf(packed), packed.subarray(1));
    expect(await ask(registry)).toMatchObject({ code: 5, error: { code: "registry-answer" } });
  });

  it("is not there", async () => {
    expect(await ask(await fakeRegistry())).toMatchObject({ code: 5, error: { code: "no-image" } });
  });
});

describe("a registry that asks who we are", () => {
  const basic = `Basic ${Buffer.from("me:secret").toString("base64")}`;
  const locked = (): RegistryOptions => ({
    authorization: { expected: () => basic, challenge: () => 'Basic realm="r"' },
  });

  it("is told from the file of podman login", async () => {
    const registry = await fakeRegistry(locked());
    image(registry, { annotations: marks, tag: "1" });
    expect(await ask(registry)).toMatchObject({ code: 5, error: { code: "unauthorized" } });
    const file = join(scratch(), "auth.json");
    const auth = Buffer.from("me:secret").toString("base64");
    writeFileSync(file, JSON.stringify({ auths: { [registry.host]: { auth } } }));
    expect(await ask(registry, ":1", { REGISTRY_AUTH_FILE: file })).toMatchObject({ code: 0 });
  });

  it("sends us to a store, which is not told", async () => {
    const store = await fakeStore();
    const layer = readFileSync(crioCounter);
    store.objects.set("/blob", stored(layer));
    const registry = await fakeRegistry({
      ...locked(),
      whim: ({ path, headers }) =>
        path.endsWith(digestOf(layer)) && headers.authorization === basic
          ? { status: 307, headers: { location: `${store.origin}/blob?X-Amz-Signature=S` } }
          : undefined,
    });
    image(registry, { annotations: marks, tag: "1" });
    const file = join(scratch(), "auth.json");
    const auth = Buffer.from("me:secret").toString("base64");
    writeFileSync(file, JSON.stringify({ auths: { [registry.host]: { auth } } }));
    const { code, out } = await ask(registry, ":1", { REGISTRY_AUTH_FILE: file });
    expect(code).toBe(0);
    expect(out).not.toContain("X-Amz");
    expect(store.asked.length).toBeGreaterThan(2);
    expect(store.asked.every(({ headers }) => headers.authorization === undefined)).toBe(true);
    // It is asked for the way once.
    expect(registry.calls().filter((call) => call.endsWith("blobs/DIGEST"))).toHaveLength(1);
  });
});
