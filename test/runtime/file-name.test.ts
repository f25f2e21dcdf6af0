import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type FileNameReading,
  fittingReadings,
  parseFileName,
} from "../../src/runtime/file-name.ts";

const readings = (path: string): string[] | undefined =>
  parseFileName(path)?.readings.map(
    ({ pod, namespace, container }) => `${namespace}/${pod}/${container}`,
  );

describe("the kubelet's file name", () => {
  it("has one reading where nothing but its own signs is a hyphen", () => {
    const path = "/var/lib/kubelet/checkpoints/checkpoint-web_shop-cart-2026-11-21T21:20:14Z.tar";
    expect(parseFileName(path)).toEqual({
      readings: [{ pod: "web", namespace: "shop", container: "cart" }],
      time: "2026-11-21T21:20:14Z",
    });
  });

  it("has as many readings as there are hyphens between namespace and time", () => {
    expect(readings("checkpoint-web-7f-x_kube-system-side-car-2026-11-21T21:20:14Z.tar")).toEqual([
      "kube/web-7f-x/system-side-car",
      "kube-system/web-7f-x/side-car",
      "kube-system-side/web-7f-x/car",
    ]);
  });

  it("leaves out readings that are no names: labels neither begin nor end with a hyphen", () => {
    expect(readings("checkpoint-a_b--c-2026-11-21T21:20:14Z.tar")).toBeUndefined();
    expect(readings("checkpoint-a_b-c--d-2026-11-21T21:20:14Z.tar")).toEqual(["b/a/c--d"]);
    const long = "n".repeat(64);
    expect(readings(`checkpoint-a_${long}-c-2026-11-21T21:20:14Z.tar`)).toBeUndefined();
  });

  it("has its namespace after the last underscore", () => {
    expect(readings("checkpoint-od_d_shop-cart-2026-11-21T21:20:14Z.tar")).toEqual([
      "shop/od_d/cart",
    ]);
  });

  it.each([
    ["2026-11-21T21:20:14Z"],
    ["2026-11-21T21:20:14+01:00"],
    ["2026-11-21T21:20:14-05:30"],
    ["2026-11-21T21:20:14.123456789Z"],
  ])("ends with the time in the node's own zone: %s", (time) => {
    const name = parseFileName(`checkpoint-web_shop-cart-${time}.tar`);
    expect(name).toMatchObject({ time, readings: [{ container: "cart" }] });
  });

  it.each([[".tar"], [".tar.gz"], [".tar.zst"]])("may end with %s", (suffix) => {
    expect(readings(`checkpoint-web_shop-cart-2026-11-21T21:20:14Z${suffix}`)).toHaveLength(1);
  });

  it.each([
    ["", "empty"],
    ["counter-runc.tar", "another name"],
    ["checkpoint-web_shop-cart.tar", "no time"],
    ["checkpoint-web_shop-cart-2026-13-45T99:20:14Z.tar", "no such time"],
    ["checkpoint-web_shop-cart-2026-11-21T21:20:14.tar", "a time without a zone"],
    ["checkpoint-web_shop-cart-2026-11-21T21:20:14Z", "no suffix"],
    ["checkpoint-web_shop-cart-2026-11-21T21:20:14Z.tar.xz", "a suffix of others"],
    ["checkpoint-web-shop-cart-2026-11-21T21:20:14Z.tar", "no underscore"],
    ["checkpoint-_shop-cart-2026-11-21T21:20:14Z.tar", "no pod"],
    ["checkpoint-web_shop-2026-11-21T21:20:14Z.tar", "no container"],
    ["checkpoint-web_SHOP-cart-2026-11-21T21:20:14Z.tar", "upper case"],
    ["checkpoint-web_sh\u001b[1mop-cart-2026-11-21T21:20:14Z.tar", "an escape"],
    ["old-checkpoint-web_shop-cart-2026-11-21T21:20:14Z.tar", "something before it"],
    ["checkpoint-web_shop-cart-2026-11-21T21:20:14Z.tar/x", "a folder of that name"],
  ])("is not %j: %s", (name) => {
    expect(parseFileName(name)).toBeUndefined();
  });
});

const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
const inner = fc.string({ unit: fc.constantFrom(...alphabet, "-"), maxLength: 20 });
const end = fc.constantFrom(...alphabet);
/** A DNS label, hyphens in it likelier than in life. */
const label = fc
  .tuple(end, fc.option(fc.tuple(inner, end)))
  .map(([first, rest]) => (rest === null ? first : `${first}${rest.join("")}`));
/** A pod's name is a DNS subdomain: labels with dots between them. */
const pod = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => labels.join("."));
const time = fc
  .tuple(
    fc.date({ min: new Date("2000-01-01"), max: new Date("2100-01-01"), noInvalidDate: true }),
    fc.constantFrom("Z", "+01:00", "-11:30"),
  )
  .map(([date, zone]) => `${date.toISOString().slice(0, 19)}${zone}`);
const named = fc.record({ pod, namespace: label, container: label });

const fileOf = ({ pod, namespace, container }: FileNameReading, at: string): string =>
  `checkpoint-${pod}_${namespace}-${container}-${at}.tar`;

describe("any pod, namespace and container", () => {
  it("is among the readings of its file name, with its time", () => {
    fc.assert(
      fc.property(named, time, (names, at) => {
        const parsed = parseFileName(fileOf(names, at));
        expect(parsed?.time).toBe(at);
        expect(parsed?.readings).toContainEqual(names);
        for (const reading of parsed?.readings ?? []) {
          expect(fileOf(reading, at)).toBe(fileOf(names, at));
        }
      }),
    );
  });

  it("is chosen by metadata that knows namespace or container", () => {
    fc.assert(
      fc.property(named, time, (names, at) => {
        const parsed = parseFileName(fileOf(names, at));
        if (parsed === undefined) throw new Error("no reading");
        expect(fittingReadings(parsed, names)).toEqual([names]);
        expect(fittingReadings(parsed, { namespace: names.namespace })).toEqual([names]);
        expect(fittingReadings(parsed, { container: names.container })).toEqual([names]);
      }),
    );
  });

  it("is not chosen by metadata that says something else", () => {
    fc.assert(
      fc.property(named, time, label, (names, at, other) => {
        const parsed = parseFileName(fileOf(names, at));
        if (parsed === undefined) throw new Error("no reading");
        fc.pre(parsed.readings.every(({ namespace }) => namespace !== other));
        expect(fittingReadings(parsed, { namespace: other })).toEqual([]);
        fc.pre(other !== names.pod);
        expect(fittingReadings(parsed, { pod: other })).toEqual([]);
      }),
    );
  });

  it("is never found in a text of another form", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!text.startsWith("checkpoint-"));
        expect(parseFileName(text)).toBeUndefined();
        expect(parseFileName(`checkpoint-${text}`)).toBeUndefined();
      }),
    );
  });
});
