import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/base/json-object.ts";
import { parseKubeletDocument } from "../../../src/kubelet/config/document.ts";
import {
  type Layer,
  mergeDropIns,
  mergePatch,
  originOf,
} from "../../../src/kubelet/config/merge.ts";
import { overlay } from "../../../src/kubelet/config/overlay.ts";

const head = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

async function layer(origin: string, text: string): Promise<Layer> {
  const parsed = await parseKubeletDocument({ path: origin, text: head + text });
  if ("why" in parsed) throw new Error(parsed.why);
  return { origin, value: parsed.value };
}

/** Fields of the documents of the Kubernetes page on merging of configuration directories. */
describe("the worked examples of the Kubernetes page", () => {
  const common = "port: 20250\nserializeImagePulls: false\n";
  it.each([
    {
      name: "fields and structures",
      main: `${common}authorization:\n  mode: Webhook\n  webhook:\n    cacheAuthorizedTTL: "5m"\n    cacheUnauthorizedTTL: "30s"\naddress: "192.168.0.1"\n`,
      over: `authorization:\n  mode: AlwaysAllow\n  webhook:\n    cacheAuthorizedTTL: "8m"\n    cacheUnauthorizedTTL: "45s"\naddress: "192.168.0.8"\n`,
      result: {
        address: "192.168.0.8",
        authorization: {
          mode: "AlwaysAllow",
          webhook: { cacheAuthorizedTTL: "8m", cacheUnauthorizedTTL: "45s" },
        },
      },
    },
    {
      name: "lists",
      main: `${common}clusterDNS:\n  - "192.168.0.9"\n  - "192.168.0.8"\n`,
      over: `clusterDNS:\n  - "192.168.0.2"\n  - "192.168.0.3"\n  - "192.168.0.5"\n`,
      result: { clusterDNS: ["192.168.0.2", "192.168.0.3", "192.168.0.5"] },
    },
    {
      name: "maps, and lists in maps",
      main: `${common}featureGates:\n  AllAlpha: false\n  MemoryQoS: true\nstaticPodURLHeader:\n  a:\n  - "X: 1"\n  - "Y: 2"\n  b:\n  - "X: 3"\n  - "Y: 4"\n`,
      over: `featureGates:\n  MemoryQoS: false\n  KubeletTracing: true\n  DynamicResourceAllocation: true\nstaticPodURLHeader:\n  b:\n  - "Y: 5"\n`,
      result: {
        featureGates: {
          AllAlpha: false,
          MemoryQoS: false,
          KubeletTracing: true,
          DynamicResourceAllocation: true,
        },
        staticPodURLHeader: { a: ["X: 1", "Y: 2"], b: ["Y: 5"] },
      },
    },
  ])("$name", async ({ main, over, result }) => {
    const base = await layer("main", main);
    const merged = mergeDropIns(base.value, [await layer("over", over)]);
    expect(merged).toEqual({
      apiVersion: "kubelet.config.k8s.io/v1beta1",
      kind: "KubeletConfiguration",
      port: 20250,
      serializeImagePulls: false,
      ...result,
    });
  });
});

const json = fc.letrec<{ object: JsonObject; value: unknown }>((tie) => ({
  object: fc.dictionary(fc.constantFrom("a", "b", "c", "__proto__"), tie("value"), {
    maxKeys: 3,
    noNullPrototype: false,
  }),
  value: fc.oneof(
    { depthSize: "small" },
    fc.integer(),
    fc.constant(null),
    fc.array(fc.integer(), { maxLength: 3 }),
    tie("object"),
  ),
})).object;
const layers = fc.array(
  json.map((value): Layer => ({ origin: "x", value })),
  { maxLength: 4 },
);
const text = (value: unknown): string => JSON.stringify(value);

const hasNull = (value: unknown): boolean =>
  value === null ||
  (typeof value === "object" && !Array.isArray(value) && Object.values(value).some(hasNull));

describe("merging", () => {
  it("is RFC 7386: its own examples", () => {
    const cases: [unknown, unknown, unknown][] = [
      [{ a: "b" }, { a: "c" }, { a: "c" }],
      [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
      [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
      [{ a: ["b"] }, { a: "c" }, { a: "c" }],
      [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
      [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
      [
        ["a", "b"],
        ["c", "d"],
        ["c", "d"],
      ],
      [{ a: "foo" }, null, null],
      [{ e: null }, { a: 1 }, { e: null, a: 1 }],
      [[1, 2], { a: "b", c: null }, { a: "b" }],
      [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
    ];
    for (const [target, patch, result] of cases) expect(mergePatch(target, patch)).toEqual(result);
  });

  it("takes nothing from the base, whatever the drop-ins hold", () => {
    fc.assert(
      fc.property(json, layers, (base, dropIns) => {
        const merged = mergeDropIns(base, dropIns);
        for (const key of Object.keys(base)) expect(Object.hasOwn(merged, key)).toBe(true);
      }),
    );
  });

  it("without drop-ins is the base; the same drop-in twice counts once", () => {
    fc.assert(
      fc.property(json, json, (base, value) => {
        expect(text(mergeDropIns(base, []))).toBe(text(base));
        const one = { origin: "x", value };
        expect(text(mergeDropIns(base, [one, one]))).toBe(text(mergeDropIns(base, [one])));
      }),
    );
  });

  it("lets the last drop-in win, where it says something", () => {
    fc.assert(
      fc.property(json, layers, json, (base, dropIns, value) => {
        fc.pre(!hasNull(value));
        const merged = mergeDropIns(base, [...dropIns, { origin: "last", value }]);
        expect(text(overlay(merged, value))).toBe(text(merged));
      }),
    );
  });

  it("does not pollute prototypes", () => {
    const value = JSON.parse('{"__proto__":{"polluted":true}}') as JsonObject;
    mergeDropIns(value, [{ origin: "x", value }]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

describe("a null in a drop-in", () => {
  it("takes back what an earlier drop-in said, and not what the main file says", async () => {
    const main = await layer("main", "port: 1\n");
    const first = await layer("first", "port: 2\naddress: 10.0.0.1\n");
    const second = await layer("second", "port: null\naddress: null\n");
    expect(mergeDropIns(main.value, [first, second])).toMatchObject({ port: 1 });
    expect(originOf(["port"], main, [first, second])).toBe("main");
    expect(originOf(["address"], main, [first, second])).toBeUndefined();
    expect(originOf(["port"], main, [second, first])).toBe("first");
  });
});

describe("a file that the kubelet refuses", () => {
  const deep = `${head}a: ${"[".repeat(20_000)}`;
  const bomb = `${head}a0: &a0 [1]\n${Array.from({ length: 30 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}, *a${at}, *a${at}]\n`).join("")}`;
  it.each([
    ["empty", "", /empty/],
    ["of another kind", "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: Pod\n", /kind is Pod/],
    ["of another version", "apiVersion: v1\nkind: KubeletConfiguration\n", /apiVersion is v1/],
    ["without a kind", "port: 1\n", /kind is missing/],
    ["a list", "- 1\n", /no mapping/],
    ["no YAML", `${head}a: [1\nb: }`, /no YAML/],
    ["too deep", deep, /YAML/],
    ["multiplying", bomb, /YAML/],
  ])("%s", async (_, body, why) => {
    const parsed = await parseKubeletDocument({ path: "x", text: body });
    expect("why" in parsed ? parsed.why : "it passed").toMatch(why);
  });

  it("is none because of a key that stands there twice", async () => {
    const parsed = await parseKubeletDocument({ path: "x", text: `${head}port: 1\nport: 2\n` });
    expect(parsed).toMatchObject({ value: { port: 2 }, note: expect.stringMatching(/twice/) });
  });
});
