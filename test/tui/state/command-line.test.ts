import { describe, expect, it } from "vitest";
import { meantBy } from "../../../src/tui/state/command-line.ts";

const app = { readonly: false, stack: [] };

describe("the command line", () => {
  it.each([
    ["check", { does: "unwind", kind: "checkpoints" }],
    ["cp", { does: "unwind", kind: "checkpoints" }],
    ["nod lab", { does: "push", screen: { kind: "nodes", argument: { context: "lab" } } }],
    [
      "checkpoint a/b/c",
      { does: "push", screen: { kind: "new-checkpoint", argument: { target: "a/b/c" } } },
    ],
    ["proc", { does: "unwind", kind: "checkpoint", command: "tab-processes" }],
    ["s", { does: "refuse", why: "there is no :s; ? shows what there is" }],
    ["open", { does: "refuse", why: ":open takes a path" }],
    ["  ", undefined],
  ])("%j means %j", (text, meant) => {
    expect(meantBy(text, app)).toEqual(meant);
  });

  it("makes nothing where nothing may be changed, also by its other name", () => {
    for (const text of ["checkpoint a/b", "new"]) {
      expect(meantBy(text, { ...app, readonly: true })).toMatchObject({ does: "refuse" });
    }
  });

  it("goes back to the nodes that are there, unless another cluster is named", () => {
    const there = { ...app, stack: [{ id: 1, kind: "nodes", state: undefined }] };
    expect(meantBy("nodes", there)).toEqual({ does: "unwind", kind: "nodes" });
    expect(meantBy("nodes lab", there)).toMatchObject({ does: "push" });
  });
});
