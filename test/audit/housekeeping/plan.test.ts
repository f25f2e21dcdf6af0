import { describe, expect, it } from "vitest";
import { type PruneHolding, planPrune } from "../../../src/audit/housekeeping/plan.ts";
import { defaultPolicy, type Policy } from "../../../src/audit/policy/policy.ts";

const now = Date.parse("2026-11-22T00:00:00Z");
const day = 86_400_000;
const pinned = { reason: "pinned", detail: "there is a.tar.keep" } as const;

/** An archive of 1000 bytes, so many days old. */
function holding(name: string, days: number, parts: Partial<PruneHolding> = {}): PruneHolding {
  return {
    path: `/c/${name}`,
    folder: "/c",
    sizeBytes: 1000,
    diskBytes: 4096,
    modifiedAt: now - days * day,
    checkpointedAt: now - days * day,
    container: "app",
    pod: "cart-0",
    namespace: "shop",
    stays: null,
    ...parts,
  };
}

const none: Policy["thresholds"] = {
  ...defaultPolicy.thresholds,
  maxAge: null,
  maxArchivesPerContainer: null,
};

function plan(holdings: PruneHolding[], thresholds: Partial<Policy["thresholds"]>) {
  const policy = { ...defaultPolicy, thresholds: { ...none, ...thresholds } };
  const made = planPrune(holdings, policy, now);
  const names = (items: readonly { path: string }[]): string[] =>
    items.map(({ path }) => path.slice(3));
  return { ...made, goes: names(made.delete), stays: names(made.keep) };
}

describe("a plan to prune", () => {
  it("deletes nothing where there are no limits", () => {
    const { goes, stays, freesBytes } = plan([holding("a", 900), holding("b", 1)], {});
    expect({ goes, stays, freesBytes }).toEqual({ goes: [], stays: ["a", "b"], freesBytes: 0 });
  });

  it("deletes what is too old, oldest first, and says why and what it frees", () => {
    const made = plan([holding("new", 1), holding("old", 9), holding("older", 12)], {
      maxAge: 7 * 86_400,
    });
    expect(made.goes).toEqual(["older", "old"]);
    expect(made.delete[0]).toMatchObject({
      why: ["it is 12d old; 7d are allowed"],
      deleted: false,
      failure: null,
      checkpointedAt: "2026-11-10T00:00:00Z",
    });
    expect(made.freesBytes).toBe(8192);
    expect(made.executed).toBe(false);
  });

  it("believes no archive that makes itself older than its file", () => {
    const { goes } = plan([holding("a", 1, { checkpointedAt: 0 })], { maxAge: 7 * 86_400 });
    expect(goes).toEqual([]);
  });

  it("leaves the newest of each container, and each pod its own", () => {
    const made = plan(
      [
        holding("1", 1),
        holding("3", 3),
        holding("2", 2),
        holding("other", 9, { pod: "cart-1" }),
        holding("nameless", 9, { container: null }),
      ],
      { maxArchivesPerContainer: 2 },
    );
    expect(made.goes).toEqual(["3"]);
  });

  it("deletes of too many bytes the oldest, until the rest is small enough", () => {
    const four = [holding("4", 4), holding("1", 1), holding("3", 3), holding("2", 2)];
    expect(plan(four, { maxBytesPerContainer: 4000 }).goes).toEqual([]);
    expect(plan(four, { maxBytesPerContainer: 3999 }).goes).toEqual(["4"]);
    expect(plan(four, { maxBytesPerNamespace: 2000 }).goes).toEqual(["4", "3"]);
    expect(plan(four, { maxBytesPerDirectory: 0 }).goes).toEqual(["4", "3", "2", "1"]);
  });

  it("does not delete for one limit what goes for another anyway", () => {
    const three = [holding("old", 9), holding("2", 2), holding("1", 1)];
    const { goes } = plan(three, { maxAge: 7 * 86_400, maxBytesPerPod: 2000 });
    expect(goes).toEqual(["old"]);
  });

  it.each(["pinned", "hard-linked", "pre-dump", "not-private", "not-a-checkpoint"] as const)(
    "never deletes what is %s, and says so",
    (reason) => {
      const stays = { reason, detail: "because" };
      const made = plan([holding("a", 99, { stays }), holding("b", 98)], { maxAge: 86_400 });
      expect(made.goes).toEqual(["b"]);
      expect(made.keep).toMatchObject([
        { path: "/c/a", reason, detail: "because", why: ["it is 99d old; 24h are allowed"] },
      ]);
    },
  );

  it("counts what is pinned, and deletes newer ones in its stead", () => {
    const holdings = [holding("3", 3, { stays: pinned }), holding("2", 2), holding("1", 1)];
    expect(plan(holdings, { maxBytesPerContainer: 2000 }).goes).toEqual(["2"]);
    // Of the count, the oldest is the one too many; it stays, and no other goes for it.
    expect(plan(holdings, { maxArchivesPerContainer: 2 }).goes).toEqual([]);
  });

  it("lists what stays beyond a limit before what is within them", () => {
    const made = plan([holding("1", 1), holding("99", 99, { stays: pinned })], { maxAge: 86_400 });
    expect(made.stays).toEqual(["99", "1"]);
  });
});
