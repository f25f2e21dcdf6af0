import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { run } from "../support/run.ts";
import { crioCounter, privateCopy } from "../support/samples.ts";
import { fakeStore, stored } from "../support/store.ts";

const bytes = readFileSync(crioCounter);
const name = "/bucket/checkpoint-counter-lab-node_default-counter-2026-11-21T21%3A20%3A14Z.tar";

describe("an archive in a store", () => {
  it("is inspected as if it were here", async () => {
    const store = await fakeStore();
    store.objects.set(name, stored(bytes));
    const url = `${store.origin}${name}?X-Amz-Signature=TOPSECRET`;
    const there = await run(["inspect", url, "-o", "json"]);
    expect(there).toMatchObject({ code: 0, err: "" });
    const here = await run([
      "inspect",
      privateCopy(crioCounter),
      "-o",
      "json",
      "--permissions",
      "owner",
    ]);
    const one = JSON.parse(there.out);
    const other = JSON.parse(here.out);
    for (const key of ["container", "processes", "memory", "sizes", "fileName"])
      expect(one[key]).toEqual(other[key]);
    expect(there.out).not.toContain("TOPSECRET");
  });
});
