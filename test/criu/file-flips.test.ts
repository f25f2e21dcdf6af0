import fc from "fast-check";
import { expect, test } from "vitest";
import { ProblemLog } from "../../src/base/problem.ts";
import { type FileModel, readFileModel } from "../../src/criu/files/file-model.ts";
import { readFileTable } from "../../src/criu/files/file-table.ts";
import { readChunk } from "../../src/criu/files/queues.ts";
import { MemoryFolder } from "../support/memory-folder.ts";
import { crioCounter, rich } from "../support/samples.ts";

/** Images that the file model is read from. */
const ours =
  /^(files|fdinfo-\d+|ids-\d+|fs-\d+|mountpoints-\d+|pipes-data|fifo-data|sk-queues|tcp-stream-\w+|remap-fpath|ghost-file-\w+|filelocks|memfd|tty-info|tty-data)\.img$|^descriptors\.json$/;

const damage = fc.record({
  image: fc.nat(),
  flips: fc.array(fc.tuple(fc.nat(), fc.nat(7)), { minLength: 1, maxLength: 12 }),
  cut: fc.option(fc.nat(), { freq: 3 }),
});

interface Damage {
  image: number;
  flips: [number, number][];
  cut: number | null;
}

function damaged(original: MemoryFolder, names: string[], damages: Damage[]): MemoryFolder {
  const changes: Record<string, Uint8Array> = {};
  for (const { image, flips, cut } of damages) {
    const name = names[image % names.length] as string;
    const bytes = Uint8Array.from(changes[name] ?? original.images.get(name) ?? []);
    for (const [at, bit] of flips) {
      const place = at % bytes.length;
      bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
    }
    changes[name] = cut === null ? bytes : bytes.subarray(0, cut % (bytes.length + 1));
  }
  return original.with(changes);
}

async function queuedBytes(folder: MemoryFolder, { files }: FileModel): Promise<number> {
  let bytes = 0;
  for (const queue of files.flatMap(({ queues }) => queues)) {
    for (const chunk of queue.chunks) bytes += (await readChunk(folder, queue, chunk)).length;
  }
  return bytes;
}

test.each([
  ["rich", rich, [1, 2, 3, 4, 6]],
  ["CRI-O", crioCounter, [1, 14]],
])(
  "whatever is turned over or cut off in images of %s, files are read with their heads on",
  async (_name, sample, pids) => {
    const original = await MemoryFolder.of(sample);
    const names = [...original.names()].filter((name) => ours.test(name));
    expect(names.length).toBeGreaterThan(5);
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 4 }), async (damages) => {
        const folder = damaged(original, names, damages);
        // Whatever is thrown fails the test: damage is a problem, not an error.
        const context = { folder, problems: new ProblemLog() };
        const model = await readFileModel(context, pids, await readFileTable(context));
        const stored = [...folder.images.values()].reduce((sum, { length }) => sum + length, 0);
        expect(await queuedBytes(folder, model)).toBeLessThanOrEqual(stored);
        for (const { deleted } of model.files) {
          if (deleted?.how !== "ghost") continue;
          const chunks = deleted.ghost?.chunks ?? [];
          expect(chunks.reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(stored);
        }
      }),
      { seed: 20261122, numRuns: 400 },
    );
  },
);
