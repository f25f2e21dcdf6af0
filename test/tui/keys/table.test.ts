import { describe, expect, it } from "vitest";
import type { Scope } from "../../../src/tui/keys/binding.ts";
import * as cluster from "../../../src/tui/keys/cluster.ts";
import * as images from "../../../src/tui/keys/images.ts";
import * as memory from "../../../src/tui/keys/memory.ts";
import * as restore from "../../../src/tui/keys/restore.ts";
import * as table from "../../../src/tui/keys/table.ts";

const scopes = Object.entries({ ...table, ...images, ...memory, ...cluster, ...restore }) as [
  string,
  Scope,
][];

describe("the key table", () => {
  it.each(scopes)("%s binds each key once", (_, { bindings }) => {
    const keys = bindings.flatMap((binding) => binding.keys);
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
  });

  it.each(scopes)("%s binds nothing that a terminal cannot tell apart", (_, { bindings }) => {
    const same = ["ctrl-m", "ctrl-i", "ctrl-h", "ctrl-j", "ctrl-["];
    expect(bindings.flatMap(({ keys }) => keys).filter((key) => same.includes(key))).toEqual([]);
  });

  it("never takes Ctrl-C, Ctrl-Z, Esc, ? and : away from what they mean everywhere", () => {
    const kept = ["ctrl-c", "ctrl-z", "esc", "?", ":"];
    for (const [name, { bindings }] of scopes) {
      if (name === "everywhere") continue;
      expect(bindings.flatMap(({ keys }) => keys).filter((key) => kept.includes(key))).toEqual([]);
    }
  });
});
