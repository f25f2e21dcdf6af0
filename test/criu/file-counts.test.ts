import { describe, expect, it } from "vitest";
import { openArchive } from "../../src/archive/open-archive.ts";
import { text } from "../../src/base/bytes.ts";
import { openCheckpoint } from "../../src/checkpoint/open-checkpoint.ts";
import { sampleArchives } from "../support/samples.ts";

type Entry = { [key: string]: unknown };

// What crit 4.2.1 printed of every image (test/golden/crit) is the other opinion.
describe.each(sampleArchives())("$folder/$name", ({ folder, name, path }) => {
  it("has the files, descriptors, mounts, locks and queues that crit counts", async () => {
    const stem = `${folder}-${name.replace(/\.tar.*$/, "")}`;
    const golden = new URL(`../golden/crit/${stem}.tar.gz`, import.meta.url).pathname;
    const expected = await openArchive(golden, { permissions: "any" });
    const crit = new Map<string, Entry[]>();
    for (const member of expected.members) {
      const match = /^\.\/(.+?)\.json$/.exec(member.name);
      if (match === null || match[1]?.endsWith(".pretty")) continue;
      const json = text(await expected.read(member, 0, member.size));
      crit.set(match[1] as string, (JSON.parse(json) as { entries: Entry[] }).entries);
    }
    await expected.close();
    const checkpoint = await openCheckpoint(path, { permissions: "any" });
    const model = await checkpoint.files();

    const entries = (image: string): Entry[] => crit.get(image) ?? [];
    expect(model.files.length).toBe(entries("files.img").length);
    expect(model.files.length).toBeGreaterThan(2);
    for (const { id, descriptors } of model.tables) {
      const fds = entries(`fdinfo-${id}.img`).map(({ fd }) => fd);
      expect(descriptors.map(({ fd }) => fd)).toEqual(fds.sort((a, b) => Number(a) - Number(b)));
    }
    const mountImages = [...crit.keys()].filter((image) => image.startsWith("mountpoints-"));
    expect(model.mounts.mounts.length).toBe(mountImages.flatMap(entries).length);
    expect(model.locks.length).toBe(entries("filelocks.img").length);
    expect(model.files.filter(({ deleted }) => deleted).length).toBe(
      entries("remap-fpath.img").length,
    );
    const kinds = entries("files.img").filter(({ type }) => String(type).endsWith("SK"));
    expect(model.sockets.length).toBe(kinds.length);
    const packets = model.sockets
      .flatMap(({ queues }) => queues)
      .filter(({ image }) => image === "sk-queues.img")
      .flatMap(({ chunks }) => chunks);
    expect(packets.length).toBe(entries("sk-queues.img").length);
    expect(checkpoint.problems.filter(({ severity }) => severity === "error")).toEqual([]);
    await checkpoint.close();
  });
});
