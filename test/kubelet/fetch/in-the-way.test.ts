import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { endWell, sendOutput } from "../../support/fake-reader.ts";
import { fetching, name, nothingStays, sha256 } from "../../support/fetching.ts";
import { scratch } from "../../support/samples.ts";

describe("what is in the way here", () => {
  it("a file of that name stays as it is, and no pod is made", async () => {
    const folder = scratch();
    writeFileSync(join(folder, name), "mine");
    const fetch = await fetching({}, [], { folder });
    expect(fetch.code).toBe(4);
    expect(fetch.error).toMatchObject({ code: "exists" });
    expect(readFileSync(join(folder, name), "utf8")).toBe("mine");
    expect(fetch.reader.calls()).toEqual([]);
  });

  it("a part of an earlier one is not gone on with", async () => {
    const folder = scratch();
    writeFileSync(join(folder, `${name}.partial`), "mine");
    const fetch = await fetching({}, [], { folder });
    expect(fetch.code).toBe(4);
    expect(readFileSync(join(folder, `${name}.partial`), "utf8")).toBe("mine");
  });

  it("a file that appears meanwhile is not replaced", async () => {
    const folder = scratch();
    const sha256sum = async (socket: Parameters<typeof endWell>[0]): Promise<void> => {
      writeFileSync(join(folder, name), "mine");
      await sendOutput(socket, Buffer.from(`${sha256}  x\n`));
      endWell(socket);
    };
    const fetch = await fetching({ programs: { sha256sum } }, ["--remove-remote"], { folder });
    expect(fetch.code).toBe(4);
    expect(fetch.error).toMatchObject({ code: "exists" });
    expect(readdirSync(folder)).toEqual([name]);
    expect(readFileSync(join(folder, name), "utf8")).toBe("mine");
    expect(fetch.reader.ran.map(([program]) => program)).not.toContain("rm");
  });

  it("a disk without room for it is told before anything comes", async () => {
    const stat = async (socket: Parameters<typeof endWell>[0]): Promise<void> => {
      await sendOutput(socket, Buffer.from("999999999999999\n"));
      endWell(socket);
    };
    const fetch = await fetching({ programs: { stat } });
    expect(fetch.code).toBe(4);
    expect(fetch.error).toMatchObject({
      code: "disk-full",
      found: expect.stringContaining("free"),
    });
    expect(fetch.reader.ran.length).toBe(1);
    nothingStays(fetch);
  });

  it.each([
    ["missing", 2],
    ["file", 2],
    ["locked", 4],
  ])(
    "a folder that is of no use (%s) is told before the container is touched",
    async (kind, code) => {
      const folder = join(scratch(), kind);
      if (kind === "file") writeFileSync(folder, "");
      if (kind === "locked") mkdirSync(folder, { mode: 0o500 });
      const fetch = await fetching({}, [], { folder });
      if (kind === "locked" && process.getuid?.() === 0) return;
      expect(fetch.code).toBe(code);
      expect(fetch.reader.api.asked).toEqual([]);
      if (kind === "locked") chmodSync(folder, 0o700);
      else expect(existsSync(join(folder, name))).toBe(false);
    },
  );

  it("a file that is no archive is not fetched, and above all not removed", async () => {
    const fetch = await fetching({ path: "/etc/kubernetes/pki/ca.key" }, ["--remove-remote"]);
    expect(fetch.code).toBe(4);
    expect(fetch.error).toMatchObject({ code: "fetch-path", found: "/etc/kubernetes/pki/ca.key" });
    expect(fetch.reader.calls()).toEqual([]);
  });
});
