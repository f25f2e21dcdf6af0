import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { removeTree } from "../../src/archive/remove-tree.ts";
import { scratch } from "../support/samples.ts";

it("removes folders that forbid it, and what links lead to stays", () => {
  const folder = scratch();
  const kept = join(folder, "kept");
  mkdirSync(kept);
  writeFileSync(join(kept, "file"), "");
  chmodSync(kept, 0o555);
  const tree = join(folder, "tree");
  mkdirSync(join(tree, "bin/inner"), { recursive: true });
  writeFileSync(join(tree, "bin/inner/sh"), "");
  symlinkSync(kept, join(tree, "bin/link"));
  for (const path of ["bin/inner", "bin"]) chmodSync(join(tree, path), 0o555);
  removeTree(tree);
  expect(existsSync(tree)).toBe(false);
  expect(existsSync(join(kept, "file"))).toBe(true);
  removeTree(tree);
});
