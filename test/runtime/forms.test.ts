import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Inspection } from "../../src/checkpoint/inspection.ts";
import { run } from "../support/run.ts";
import { containerdCounter, crioCounter, privateCopy, rich, scratch } from "../support/samples.ts";

/** Unpacks a sample with tar into a private folder. */
function unpacked(sample: string): string {
  const folder = join(scratch(), "unpacked");
  mkdirSync(folder, { mode: 0o700 });
  execFileSync("tar", ["-xf", sample, "-C", folder, "--no-same-owner"]);
  return folder;
}

/** Packs a folder with tar, as anybody would. */
function packed(folder: string, ...members: string[]): string {
  const archive = join(scratch(), "packed.tar");
  execFileSync("tar", ["-cf", archive, "-C", folder, ...members]);
  chmodSync(archive, 0o600);
  return archive;
}

async function inspected(path: string): Promise<Inspection> {
  const { code, out, err } = await run(["inspect", "-o", "json", "--permissions", "owner", path]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return JSON.parse(out) as Inspection;
}

const bare = { engine: "criu", ociRuntime: null };
const nobody = { id: null, name: null, pod: null, namespace: null, image: null };

describe("CRIU images alone", () => {
  it("in a folder", async () => {
    const images = join(unpacked(rich), "checkpoint");
    const { runtime, container, processes, memory, archive, problems } = await inspected(images);
    expect(runtime).toMatchObject(bare);
    expect(container).toMatchObject(nobody);
    expect(processes).toHaveLength(6);
    expect(memory.pageBytes).toBe(83 * 4096);
    expect(memory.pageImages[0]?.member).toBe("pages-1.img");
    expect(archive.path).toBe(images);
    expect(problems).toEqual([]);
  });

  it("in a tar, at its top", async () => {
    const { runtime, processes, problems } = await inspected(
      packed(join(unpacked(crioCounter), "checkpoint"), "."),
    );
    expect(runtime).toMatchObject(bare);
    expect(processes.map(({ comm }) => comm)).toEqual(["counter", "sleep"]);
    expect(problems).toEqual([]);
  });

  it("in a tar, in the folder `checkpoint`", async () => {
    const { runtime, processes } = await inspected(packed(unpacked(crioCounter), "checkpoint"));
    expect(runtime).toMatchObject(bare);
    expect(processes).toHaveLength(2);
  });

  it("are listed as one, and not as a folder of archives", async () => {
    const images = join(unpacked(crioCounter), "checkpoint");
    const { out } = await run(["list", "-o", "json", "--permissions", "owner", images]);
    expect(JSON.parse(out).items).toMatchObject([
      { path: images, engine: "criu", pageBytes: 34 * 4096, fault: null },
    ]);
  });
});

describe("an archive that somebody unpacked", () => {
  it.each([
    ["cri-o", crioCounter],
    ["containerd", containerdCounter],
    ["podman", rich],
  ])("of %s says the same as the archive", async (engine, sample) => {
    const folder = await inspected(unpacked(sample));
    const archive = await inspected(privateCopy(sample));
    expect(folder.runtime).toEqual(archive.runtime);
    expect(folder.runtime.engine).toBe(engine);
    expect(folder.processes).toEqual(archive.processes);
    expect(folder.memory).toEqual(archive.memory);
    expect(folder.container).toMatchObject({
      id: archive.container.id,
      name: archive.container.name,
      pod: archive.container.pod,
    });
  });
});

describe("containerd's rootfs-diff.tar", () => {
  it("is gzip, and is told by its bytes", async () => {
    const diff = join(unpacked(containerdCounter), "rootfs-diff.tar");
    expect([...readFileSync(diff).subarray(0, 2)]).toEqual([0x1f, 0x8b]);
    const { out } = await run([
      "images",
      "--nested",
      "-o",
      "json",
      "--permissions",
      "owner",
      privateCopy(containerdCounter),
    ]);
    const items = JSON.parse(out).items as { name: string; members?: { name: string }[] }[];
    const members = items.find(({ name }) => name === "rootfs-diff.tar")?.members;
    expect(members?.map(({ name }) => name)).toContain("tmp/count");
  });
});

describe("the file name beside the metadata", () => {
  const renamed = (name: string, sample = crioCounter): string => {
    const copy = privateCopy(sample);
    const path = join(dirname(copy), name);
    renameSync(copy, path);
    return path;
  };

  it("that agree: the name's readings are shown, metadata has chosen", async () => {
    const { container, fileName, problems } = await inspected(privateCopy(crioCounter));
    expect(fileName?.readings).toEqual([
      { pod: "counter-lab-node", namespace: "default", container: "counter" },
    ]);
    expect(container).toMatchObject({ pod: "counter-lab-node", namespace: "default" });
    expect(problems).toEqual([]);
  });

  it("that disagree: both are shown, metadata is believed, and a problem says so", async () => {
    const path = renamed("checkpoint-other-pod_prod-web-2026-11-21T21:20:14Z.tar");
    const { container, fileName, problems } = await inspected(path);
    expect(container).toMatchObject({
      namespace: "default",
      pod: "counter-lab-node",
      name: "counter",
    });
    expect(fileName?.readings).toEqual([{ pod: "other-pod", namespace: "prod", container: "web" }]);
    expect(problems).toMatchObject([{ severity: "warning", code: "file-name-disagrees" }]);
    expect(problems[0]?.message).toContain("prod/other-pod/web");
    expect(problems[0]?.message).toContain("default/counter-lab-node/counter");
    const { out } = await run(["inspect", "--permissions", "owner", path]);
    expect(out).toContain("! the file name says prod/other-pod/web");
  });

  it("that is silent: a name with one reading speaks for it", async () => {
    const images = packed(join(unpacked(crioCounter), "checkpoint"), ".");
    const path = join(dirname(images), "checkpoint-web_shop-cart-2026-11-21T21:20:14+01:00.tar");
    renameSync(images, path);
    const { container, runtime, problems } = await inspected(path);
    expect(runtime.engine).toBe("criu");
    expect(container).toMatchObject({ namespace: "shop", pod: "web", name: "cart" });
    expect(problems).toEqual([]);
  });

  it("that is silent: of a name with several readings only the pod is sure", async () => {
    const images = packed(join(unpacked(crioCounter), "checkpoint"), ".");
    const path = join(dirname(images), "checkpoint-web_a-b-c-2026-11-21T21:20:14Z.tar");
    renameSync(images, path);
    const { container, fileName } = await inspected(path);
    expect(container).toMatchObject({ namespace: null, pod: "web", name: null });
    expect(fileName?.readings).toHaveLength(2);
  });

  it("of an archive that the gate keeps shut: the name alone is shown in a list", async () => {
    const path = renamed("checkpoint-web_shop-cart-2026-11-21T21:20:14Z.tar");
    chmodSync(path, 0o644);
    const { code, out } = await run(["list", "-o", "json", "--permissions", "owner", path]);
    expect(code).toBe(0);
    expect(JSON.parse(out).items).toMatchObject([
      { engine: null, namespace: "shop", pod: "web", container: "cart", lockedDown: false },
    ]);
  });
});

describe("no checkpoint at all", () => {
  it("a tar without CRIU images is shown with what it has, and fails", async () => {
    const folder = scratch();
    writeFileSync(join(folder, "notes.txt"), "nothing to see");
    const archive = packed(folder, "notes.txt");
    const { code, out, err } = await run([
      "inspect",
      "-o",
      "json",
      "--permissions",
      "owner",
      archive,
    ]);
    expect(code).toBe(3);
    expect(err).toContain("the archive holds no CRIU images");
    expect(JSON.parse(out)).toMatchObject({ runtime: { engine: "unknown" }, processes: [] });
  });

  it("a folder of archives is named as one", async () => {
    const folder = join(scratch(), "archives");
    mkdirSync(folder, { mode: 0o700 });
    cpSync(crioCounter, join(folder, "a.tar"));
    const { code, err } = await run(["inspect", "--permissions", "owner", folder]);
    expect(code).toBe(3);
    expect(err).toContain(`cryoscope list ${folder}`);
  });
});
