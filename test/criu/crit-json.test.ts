import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { openArchive } from "../../src/archive/open-archive.ts";
import type { ByteSource } from "../../src/base/byte-source.ts";
import { text } from "../../src/base/bytes.ts";
import { openCheckpoint } from "../../src/checkpoint/open-checkpoint.ts";
import { imageBytes } from "../../src/criu/crit/image-bytes.ts";
import { imageJson } from "../../src/criu/crit/image-json.ts";
import { criuDumps, sampleArchives } from "../support/samples.ts";

// What crit 4.2.1 printed for every image of every sample: `crit decode` as IMAGE.json and
// `crit decode --pretty` as IMAGE.pretty.json, one compressed tar for each archive. Left out is what
// crit cannot read: names that are no UTF-8, and more than one System V segment.
const goldens = fileURLToPath(new URL("../golden/crit/", import.meta.url));

async function json(source: ByteSource, pretty: boolean): Promise<string> {
  let result = "";
  for await (const piece of imageJson(source, pretty)) result += piece;
  return result;
}

const samples = [...sampleArchives(), ...criuDumps.map((dump) => ({ ...dump, folder: "criu" }))];

describe("decode and encode", () => {
  it("have a golden for every sample", () => {
    expect(readdirSync(goldens).length).toBe(samples.length);
  });

  for (const { folder, name, path } of samples) {
    it(`say what crit says of every image of ${name}`, async () => {
      const golden = `${goldens}${folder}-${name.replace(/\.tar.*$/, "")}.tar.gz`;
      expect(existsSync(golden)).toBe(true);
      const checkpoint = await openCheckpoint(path, { permissions: "any" });
      const expected = await openArchive(golden, { permissions: "any" });
      let compared = 0;
      for (const member of expected.members) {
        const match = /^\.\/(.+?)(\.pretty)?\.json$/.exec(member.name);
        if (match === null) continue;
        const image = match[1] as string;
        const top = checkpoint.archive.find(image);
        const source =
          top === undefined ? checkpoint.images?.open(image) : checkpoint.archive.open(top);
        if (source === undefined) throw new Error(`no ${image}`);
        const ours = await json(source, match[2] !== undefined);
        const theirs = text(await expected.read(member, 0, member.size)).replace(/\n$/, "");
        expect(ours, `${image}${match[2] ?? ""}`).toBe(theirs);
        // Back again, from the plain form and from the pretty one.
        const bytes = Buffer.concat([...imageBytes(ours)]);
        expect(bytes.equals(await source.read(0, source.size)), `${image} encoded`).toBe(true);
        compared += 1;
      }
      expect(compared).toBeGreaterThan(30);
      await expected.close();
      await checkpoint.close();
    });
  }

  // crit refuses the first three, and reads the last as one segment with the others as its bytes.
  it.each([
    ["files", "files.img"],
    ["files", "memfd.img"],
    ["processes", "core-30.img"],
    ["processes", "ipcns-shm-11.img"],
  ])("give back what crit cannot read: %s of %s", async (name, image) => {
    for (const { path } of criuDumps.filter((dump) => dump.name.startsWith(name))) {
      const checkpoint = await openCheckpoint(path, { permissions: "any" });
      const source = checkpoint.images?.open(image);
      if (source === undefined) throw new Error(`no ${image}`);
      for (const pretty of [false, true]) {
        const bytes = Buffer.concat([...imageBytes(await json(source, pretty))]);
        expect(bytes.equals(await source.read(0, source.size))).toBe(true);
      }
      await checkpoint.close();
    }
  });
});
