import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultPolicy, type Policy } from "../../../src/audit/policy/policy.ts";
import { printPolicy } from "../../../src/audit/policy/print-policy.ts";
import { parsePolicy } from "../../../src/audit/policy/read-policy.ts";
import { unsafe } from "../../report/unsafe.ts";

const names = { rules: ["exposure/privileged", "attack/code"], detectors: ["private-key"] };
const text = (longest: number) =>
  fc.string({ unit: "binary", minLength: 1, maxLength: longest }).filter((it) => it !== "");
const awkward = fc.constantFrom(
  "no",
  "null",
  "1",
  "- a",
  "a: b",
  "#",
  "'",
  '"',
  "*",
  "~",
  "\u202e",
);
const word = fc.oneof(text(20), awkward);
const severity = fc.constantFrom("critical", "high", "medium", "low", "info");
const size = fc.oneof(
  fc.nat(),
  fc.nat(2 ** 20).map((it) => it * 1024),
  fc.nat(2 ** 12).map((it) => it * 1024 ** 3),
);
const orNull = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });
const some = <T>(of: fc.Arbitrary<T>) => fc.array(of, { maxLength: 3 });

const policies = fc.record({
  failOn: fc.oneof(severity, fc.constant("none")),
  rules: fc.dictionary(
    fc.constantFrom(...names.rules),
    fc.record({ enabled: fc.boolean(), severity }, { requiredKeys: [] }),
  ),
  thresholds: fc.record({
    maxAge: orNull(fc.nat()),
    maxArchivesPerContainer: orNull(fc.nat()),
    maxBytesPerContainer: orNull(size),
    maxBytesPerPod: orNull(size),
    maxBytesPerNamespace: orNull(size),
    maxBytesPerDirectory: orNull(size),
    minFreeBytes: orNull(size),
    clockSkew: fc.nat(100_000),
  }),
  expect: fc.record({
    runtimes: orNull(some(fc.constantFrom("cri-o", "podman"))),
    images: orNull(some(word)),
    namespaces: orNull(some(word)),
    listeners: orNull(some(fc.constantFrom("tcp/80", "udp/*"))),
    outbound: orNull(some(fc.constantFrom("tcp/10.0.0.0/8:5432"))),
    directories: some(word),
    writableHostPaths: some(word),
    capabilities: some(fc.constantFrom("CAP_KILL", "CAP_BPF")),
  }),
  secrets: fc.record({
    disabled: fc.constantFrom([], ["private-key"], ["acme"]),
    own: fc.constant([
      {
        id: "acme",
        title: "A \\ 'title'",
        keywords: ["acme", "{x}: #"],
        expression: "\"\\x41\\d{3}['#: ]",
        severity: "low",
      },
    ]),
  }),
  keep: fc.uniqueArray(word, { maxLength: 3 }),
  allow: some(
    fc.record(
      {
        rule: fc.constant("attack/*"),
        path: word,
        reason: word,
        expires: fc.constant("2027-01-31"),
      },
      { requiredKeys: ["rule", "reason"] },
    ),
  ),
}) as fc.Arbitrary<Policy>;

describe("printPolicy", () => {
  it("prints the default policy as one that is read back", async () => {
    const text = printPolicy(defaultPolicy);
    expect(await parsePolicy(text, { names })).toEqual(defaultPolicy);
    expect(text).toContain("\n  maxAge: 7d\n");
    expect(text).toContain("\n  minFreeBytes: 1Gi\n");
    expect(text).toMatch(/^ {2}# An archive is old/m);
  });

  it("prints any policy as one that is read back, and nothing unsafe", async () => {
    await fc.assert(
      fc.asyncProperty(policies, async (policy) => {
        const printed = printPolicy(policy);
        expect(printed).not.toMatch(unsafe);
        expect(await parsePolicy(printed, { names })).toEqual(policy);
      }),
      { numRuns: 100 },
    );
  });
});
