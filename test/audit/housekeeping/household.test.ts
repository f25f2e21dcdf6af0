import { describe, expect, it } from "vitest";
import { evaluateHousehold } from "../../../src/audit/housekeeping/evaluate-household.ts";
import type { Holding, HoldingFolder } from "../../../src/audit/housekeeping/holding.ts";
import { defaultPolicy, type Policy } from "../../../src/audit/policy/policy.ts";

const now = Date.parse("2026-11-22T00:00:00Z");
const day = 86_400_000;

function holding(path: string, parts: Partial<Holding> = {}): Holding {
  return {
    path: `/var/checkpoints/${path}`,
    folder: "/var/checkpoints",
    sizeBytes: 1000,
    modifiedAt: now - day,
    checkpointedAt: now - day,
    container: "app",
    pod: "cart-0",
    namespace: "shop",
    ...parts,
  };
}

const folder: HoldingFolder = {
  path: "/var/checkpoints",
  freeBytes: 2 ** 40,
  totalBytes: null,
  partials: [],
};

function found(
  holdings: Holding[],
  thresholds: Partial<Policy["thresholds"]> = {},
  folders: HoldingFolder[] = [folder],
): string[] {
  const policy = { ...defaultPolicy, thresholds: { ...defaultPolicy.thresholds, ...thresholds } };
  return evaluateHousehold({ holdings, folders }, policy, now).map(
    ({ ruleId, message }) => `${ruleId}: ${message}`,
  );
}

describe("housekeeping", () => {
  it("has nothing to say of a few new archives", () => {
    expect(found([holding("a"), holding("b"), holding("c", { container: null })])).toEqual([]);
  });

  it("tells of an old archive, by the later of its two times", () => {
    const old = now - 10 * day;
    expect(
      found([
        holding("old", { modifiedAt: old, checkpointedAt: old }),
        holding("unknown", { modifiedAt: old, checkpointedAt: null }),
        holding("copied lately", { checkpointedAt: old }),
        holding("claims to be new", { modifiedAt: old }),
        holding("claims to come", { modifiedAt: old, checkpointedAt: now + 100 * day }),
      ]),
    ).toEqual([
      "housekeeping/old-archive: the archive is 10d old; 7d are allowed",
      "housekeeping/old-archive: the archive is 10d old; 7d are allowed",
    ]);
  });

  it("counts archives by container, in all folders", () => {
    const six = Array.from({ length: 6 }, (_, at) => holding(`${at}`, { folder: `/${at % 2}` }));
    const other = Array.from({ length: 5 }, (_, at) => holding(`o${at}`, { pod: "cart-1" }));
    const nameless = Array.from({ length: 6 }, (_, at) => holding(`n${at}`, { container: null }));
    expect(found([...six, ...other, ...nameless])).toEqual([
      "housekeeping/many-archives: there are 6 archives of container shop/cart-0/app; at most 5 may stay",
    ]);
  });

  it.each([
    ["maxBytesPerContainer", "container shop/cart-0/app"],
    ["maxBytesPerPod", "pod shop/cart-0"],
    ["maxBytesPerNamespace", "namespace shop"],
    ["maxBytesPerDirectory", "directory /var/checkpoints"],
  ] as const)("adds bytes up: %s", (name, who) => {
    const three = [holding("a"), holding("b"), holding("c")];
    expect(found(three, { [name]: 3000 })).toEqual([]);
    expect(found(three, { [name]: 2999 })).toEqual([
      `housekeeping/many-bytes: the archives of ${who} take 2.9 KiB; 2.9 KiB are allowed`,
    ]);
  });

  it("tells of a disk that is nearly full, and not of one that says nothing", () => {
    const full = { ...folder, freeBytes: 2 ** 29 };
    expect(found([], {}, [full, { ...folder, freeBytes: null }])).toEqual([
      "housekeeping/low-space: 512.0 MiB are free in /var/checkpoints; 1.0 GiB should be",
    ]);
    expect(found([], { minFreeBytes: null }, [full])).toEqual([]);
  });

  it("tells of parts of archives that nobody writes any more", () => {
    const part = (name: string, age: number) => ({
      path: `/var/checkpoints/${name}`,
      sizeBytes: 5,
      modifiedAt: now - age,
    });
    const partials = [part("old.partial", 2 * 3_600_000), part("new.partial", 60_000)];
    expect(found([], {}, [{ ...folder, partials }])).toEqual([
      "housekeeping/partial-file: /var/checkpoints/old.partial is a part of an archive (5 B) that nobody has written to for 2h",
    ]);
  });

  it("asks no rule that the policy switches off, and marks what it allows", () => {
    const old = [holding("a", { modifiedAt: now - 9 * day, checkpointedAt: null })];
    const rules = { "housekeeping/old-archive": { enabled: false } };
    const household = { holdings: old, folders: [folder] };
    expect(evaluateHousehold(household, { ...defaultPolicy, rules }, now)).toEqual([]);
    const allow = [{ rule: "housekeeping/*", reason: "evidence" }];
    expect(evaluateHousehold(household, { ...defaultPolicy, allow }, now)).toMatchObject([
      { allowed: { reason: "evidence", expires: null } },
    ]);
  });
});
