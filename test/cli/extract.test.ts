import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { run } from "../support/run.ts";
import {
  containerdCounter,
  crioCounter,
  privateCopy,
  rich,
  samplePath,
  scratch,
} from "../support/samples.ts";

const owner = ["--permissions", "owner"];

async function extracted(sample: string, patterns: string[], ...flags: string[]) {
  const folder = scratch();
  const copy = privateCopy(sample);
  const words = ["extract", "-o", "json", ...owner, ...flags, "-C", folder, copy, ...patterns];
  const { code, out, err } = await run(words);
  return { folder, code, err, items: JSON.parse(out || '{"items":[]}').items as Item[] };
}

interface Item {
  name: string;
  status: string;
  sizeBytes: number;
  reason?: string;
}

const namesOf = (items: readonly Item[]): string[] => items.map(({ name }) => name);

describe("patterns", () => {
  it("are names", async () => {
    const { items } = await extracted(crioCounter, ["config.dump", "checkpoint/pstree.img"]);
    expect(namesOf(items).sort()).toEqual(["checkpoint/pstree.img", "config.dump"]);
  });

  it("are globs, in which * stays in its folder", async () => {
    const { items } = await extracted(crioCounter, ["checkpoint/core-*.img"]);
    expect(namesOf(items)).toEqual(["checkpoint/core-1.img", "checkpoint/core-14.img"]);
    expect(namesOf((await extracted(crioCounter, ["*.dump"])).items)).toEqual([
      "config.dump",
      "spec.dump",
    ]);
    expect((await extracted(crioCounter, ["*.img"])).code).toBe(2);
    expect((await extracted(crioCounter, ["**/*.img"])).items.length).toBeGreaterThan(20);
  });

  it("reach into an archive inside the archive with !", async () => {
    const { folder, items } = await extracted(containerdCounter, ["rootfs-diff.tar!tmp/count"]);
    expect(items).toMatchObject([{ name: "tmp/count", status: "written", sizeBytes: 3 }]);
    expect(readFileSync(join(folder, "tmp/count"), "utf8")).toMatch(/^\d+\n$/);
    const volume = await extracted(rich, ["volumes/*.tar!**/note.txt"]);
    expect(readFileSync(join(volume.folder, "note.txt"), "utf8")).toContain("volume-file-content");
  });

  it.each([["nothing.here"], ["rootfs-diff.tar!nothing"]])(
    "%s that matches nothing is an error of usage that says where to look",
    async (pattern) => {
      const copy = privateCopy(crioCounter);
      const { code, out, err } = await run(["extract", ...owner, "-C", scratch(), copy, pattern]);
      expect({ code, out }).toEqual({ code: 2, out: "" });
      expect(err).toContain(`no member matches "${pattern}"`);
      expect(err).toContain(`cryoscope images --nested ${copy}`);
    },
  );
});

describe("files", () => {
  it.each([
    [rich],
    [samplePath("podman/busybox-runc-gzip.tar.gz")],
    [samplePath("podman/busybox-crun-zstd.tar.zst")],
  ])("of %s are what tar unpacks, byte for byte, and private", async (sample) => {
    const { folder, items, code } = await extracted(sample, ["**"]);
    expect(code).toBe(0);
    const theirs = digestsByTar(sample);
    expect(theirs.size).toBeGreaterThan(30);
    for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
      const ours = statSync(join(folder, name));
      expect(ours.mode & 0o777, name).toBe(ours.isDirectory() ? 0o700 : 0o600);
      if (!ours.isFile()) continue;
      expect(digest(join(folder, name)), name).toBe(theirs.get(name));
      theirs.delete(name);
    }
    expect([...theirs.keys()]).toEqual([]);
    expect(items.every(({ status }) => status === "written")).toBe(true);
  });

  it("keep their bits with --same-mode, but for set-user-ID", async () => {
    const patterns = ["rootfs-diff.tar!tmp/setuid-tiny", "rootfs-diff.tar!tmp/rich.log"];
    const { folder } = await extracted(rich, patterns, "--same-mode");
    expect(statSync(join(folder, "tmp/setuid-tiny")).mode & 0o7777).toBe(0o755);
    expect(statSync(join(folder, "tmp/rich.log")).mode & 0o7777).toBe(0o640);
  });

  it("that exist are never written over", async () => {
    const folder = scratch();
    writeFileSync(join(folder, "config.dump"), "precious");
    const copy = privateCopy(crioCounter);
    const words = ["extract", ...owner, "-C", folder, copy, "config.dump", "spec.dump"];
    const { code, out } = await run(words);
    expect(code).toBe(4);
    expect(out).toMatch(/^refused +config\.dump +.*exists already/m);
    expect(out).toMatch(/^written +[\d.]+ KiB +spec\.dump$/m);
    expect(readFileSync(join(folder, "config.dump"), "utf8")).toBe("precious");
  });

  it("are not written where the folder is missing", async () => {
    const copy = privateCopy(crioCounter);
    const folder = join(scratch(), "missing");
    const { code, out } = await run(["extract", ...owner, "-C", folder, copy, "config.dump"]);
    expect(code).toBe(4);
    expect(out).toContain("cannot be written (ENOENT)");
    expect(existsSync(folder)).toBe(false);
  });
});

describe("--stdout", () => {
  it("writes one member as it is", async () => {
    const copy = privateCopy(rich);
    const words = ["extract", "--stdout", ...owner, copy];
    expect(await run([...words, "network.status"])).toEqual({ code: 0, out: "null", err: "" });
    const file = await run([...words, "rootfs-diff.tar!etc/created.conf"]);
    expect(file.out).toBe("created-in-rootfs\n");
  });

  it("writes nothing where the patterns name several, or folders only", async () => {
    const copy = privateCopy(rich);
    const words = ["extract", "--stdout", ...owner, copy];
    for (const pattern of ["*.dump", "artifacts"]) {
      const { code, out, err } = await run([...words, pattern]);
      expect({ code, out }).toEqual({ code: 2, out: "" });
      expect(err).toContain("--stdout takes one member");
      expect(err).toContain("  next     ");
    }
  });

  it("writes nothing to a terminal", async () => {
    const copy = privateCopy(rich);
    const { code, out } = await run(["extract", "--stdout", ...owner, copy, "ctr.log"], {
      columns: 80,
    });
    expect({ code, out }).toEqual({ code: 2, out: "" });
  });
});

/** SHA-256 of every file in an archive, as tar gives it: by name, without writing any. */
function digestsByTar(archive: string): Map<string, string> {
  const each = 'echo "$(sha256sum | cut -d " " -f 1) $TAR_FILENAME"';
  const lines = execFileSync("tar", ["-xf", archive, `--to-command=${each}`], { encoding: "utf8" });
  return new Map(
    lines
      .trim()
      .split("\n")
      .map((line) => [line.slice(65), line.slice(0, 64)]),
  );
}

function digest(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}
