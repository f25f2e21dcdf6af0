import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { RefusedError } from "../../src/base/errors.ts";
import { settleFile, whole } from "../../src/restore/new-file.ts";
import { scratch } from "../support/samples.ts";

describe("what is not whole", () => {
  it("goes away, folder and all, when the disk is full", async () => {
    const folder = scratch();
    const told: string[] = [];
    const writing = whole(
      join(folder, "image"),
      (path, state) => told.push(`${state} ${path.slice(folder.length + 1)}`),
      async (part) => {
        mkdirSync(join(part, "blobs"), { recursive: true });
        writeFileSync(join(part, "blobs/layer"), "memory");
        throw Object.assign(new Error("full"), { code: "ENOSPC", syscall: "write" });
      },
    );
    const fault = await writing.catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(RefusedError);
    expect((fault as RefusedError).detail).toMatchObject({ code: "disk-full", found: "ENOSPC" });
    expect(readdirSync(folder)).toEqual([]);
    expect(told).toEqual(["begun image.partial", "done image.partial"]);
  });

  it("is told from faults and bugs, which stay what they are", async () => {
    const folder = scratch();
    const bug = new TypeError("ours");
    const writing = whole(
      join(folder, "image"),
      () => {},
      () => Promise.reject(bug),
    );
    await expect(writing).rejects.toBe(bug);
  });
});

describe("a file that is whole", () => {
  it("replaces nothing that came meanwhile", async () => {
    const folder = scratch();
    writeFileSync(join(folder, "part"), "new");
    writeFileSync(join(folder, "image"), "mine");
    const settling = settleFile(join(folder, "part"), join(folder, "image"));
    await expect(settling).rejects.toThrow(/exists already/);
    expect(readFileSync(join(folder, "image"), "utf8")).toBe("mine");
  });
});
