import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { run } from "../support/run.ts";
import { scratch } from "../support/samples.ts";
import { member, paxHeader, privateFile, tar } from "../support/tar-builder.ts";

it("extract writes of a sparse file only what is stored of it", async () => {
  const size = 1024 ** 3;
  const archive = privateFile(
    tar([
      paxHeader([
        ["GNU.sparse.map", "4096,3"],
        ["GNU.sparse.size", `${size}`],
        ["GNU.sparse.name", "huge"],
      ]),
      member({ name: "GNUSparseFile.0/huge", body: "abc" }),
    ]),
  );
  const folder = scratch();
  const { code } = await run(["extract", archive, "huge", "-C", folder, "--permissions", "owner"]);
  expect(code).toBe(0);
  const file = join(folder, "huge");
  const stats = statSync(file);
  expect(stats.size).toBe(size);
  expect(stats.blocks * 512).toBeLessThan(1024 ** 2);
  expect(stats.mode & 0o777).toBe(0o600);
  expect(readFileSync(file).subarray(4094, 4101).toString("latin1")).toBe("\0\0abc\0\0");
});
