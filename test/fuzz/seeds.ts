import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { BufferSource } from "../../src/archive/buffer-source.ts";
import { ArchiveError } from "../../src/base/errors.ts";
import { imageJson } from "../../src/criu/crit/image-json.ts";
import { readFraming } from "./mutators/framing.ts";
import { readSchemasOf } from "./schemas.ts";
import { readParts, type Subject, unpack, withBody } from "./subject.ts";

/** What a target is given. */
export type SeedKind = "archive" | "tar" | "image" | "crit" | "log" | "policy";

export interface Seed {
  /** Path below the repository, with what was made of it behind a `#`. */
  name: string;
  kind: SeedKind;
  /** How often it is taken: small ones are faster. */
  weight: number;
  subject: Subject;
}

const noEdits = (): Subject["edits"] => ({ tar: [], packed: [] });

function file(name: string, body: Buffer, fileName = "input"): Subject {
  const parts = [{ header: Buffer.alloc(0), name, body }];
  return {
    shape: "file",
    fileName,
    parts,
    end: Buffer.alloc(0),
    packing: "none",
    edits: noEdits(),
  };
}

function archive(fileName: string, bytes: Buffer): Subject {
  const { parts, end } = readParts(unpack(bytes));
  const packing = bytes[0] === 0x1f ? "gzip" : "none";
  return { shape: "archive", fileName, parts, end, packing, edits: noEdits() };
}

/** Logs and page images are most of a sample; a few lines and pages find as much, and faster. */
function slim(subject: Subject): Subject {
  const parts = subject.parts.map((part) => {
    if (!/(dump|restore)\.log$/.test(part.name)) return part;
    const lines = part.body.toString("utf8").split("\n");
    if (lines.length < 120) return part;
    return withBody(part, Buffer.from([...lines.slice(0, 60), ...lines.slice(-60)].join("\n")));
  });
  return { ...subject, parts, packing: "none" };
}

function sampleArchives(root: string): Seed[] {
  return ["containerd", "crio", "podman", "criu"].flatMap((folder) =>
    readdirSync(join(root, "samples", folder))
      // Node 20 cannot unpack zstd; the fuzzer packs others in its frames.
      .filter((name) => /\.tar(\.gz)?$/.test(name))
      .sort()
      .map((fileName): Seed => {
        const name = `samples/${folder}/${fileName}`;
        return archiveSeed(name, fileName, readFileSync(join(root, name)));
      }),
  );
}

function archiveSeed(name: string, fileName: string, bytes: Buffer): Seed {
  const subject = slim(archive(fileName, bytes));
  const size = subject.parts.reduce((sum, { body }) => sum + body.length, 0);
  return { name, kind: "archive", weight: 2 ** 20 / (size + 2 ** 17), subject };
}

/** Archives with little in their members, for what looks at headers alone. */
function small(archives: readonly Seed[]): Seed[] {
  return archives.map(({ name, subject }): Seed => {
    const parts = subject.parts
      .slice(0, 40)
      .map((part) => withBody(part, part.body.subarray(0, 600)));
    return { name: `${name}#small`, kind: "tar", weight: 1, subject: { ...subject, parts } };
  });
}

async function hostileArchives(root: string): Promise<Seed[]> {
  const url = pathToFileURL(join(root, "samples/hostile/archives.js")).href;
  const { recipes } = (await import(url)) as typeof import("../../samples/hostile/archives.js");
  return recipes.flatMap(({ rule, file: fileName, bytes }) => {
    const seed = archiveSeed(`samples/hostile/archives.js#${rule}`, fileName, bytes());
    // All are much alike, and some are no tar that can be cut into parts.
    return seed.subject.parts.length > 5 ? [{ ...seed, weight: seed.weight / 8 }] : [];
  });
}

/** Images of all types that the samples have: the smallest few of each. */
function images(archives: readonly Seed[]): Seed[] {
  const byType = new Map<string, { name: string; part: string; body: Buffer }[]>();
  for (const { name, subject } of archives) {
    for (const { name: part, body } of subject.parts) {
      const type = body.length < 65_536 ? readFraming(body)?.type.name : undefined;
      if (type === undefined) continue;
      byType.set(type, [...(byType.get(type) ?? []), { name, part, body }]);
    }
  }
  return [...byType].sort().flatMap(([, all]) =>
    all
      .sort((a, b) => a.body.length - b.body.length)
      .filter((_, at, { length }) => at < 2 || at === length - 1 || at === length >> 1)
      .map(({ name, part, body }): Seed => {
        const size = 2 ** 10 / (body.length + 2 ** 10);
        return { name: `${name}#${part}`, kind: "image", weight: size, subject: file(part, body) };
      }),
  );
}

async function critTexts(seeds: readonly Seed[]): Promise<Seed[]> {
  const made: Seed[] = [];
  for (const [at, { name, subject, weight }] of seeds.entries()) {
    let json = "";
    try {
      const source = new BufferSource(subject.parts[0]?.body ?? Buffer.alloc(0));
      for await (const piece of imageJson(source, at % 2 === 1)) json += piece;
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      continue;
    }
    if (json.length > 20_000) continue;
    made.push({
      name: `${name}#json`,
      kind: "crit",
      weight,
      subject: file("text", Buffer.from(json)),
    });
  }
  return made;
}

function logs(root: string, archives: readonly Seed[]): Seed[] {
  const folder = "test/diagnose/excerpts";
  const excerpts = readdirSync(join(root, folder))
    .sort()
    .map((name): Seed => {
      const body = readFileSync(join(root, folder, name));
      return {
        name: `${folder}/${name}`,
        kind: "log",
        weight: 1,
        subject: file("text", body, name),
      };
    });
  const dumps = archives.flatMap(({ name, subject }): Seed[] => {
    const body = subject.parts.find((part) => part.name === "dump.log")?.body;
    if (body === undefined) return [];
    return [{ name: `${name}#dump.log`, kind: "log", weight: 0.3, subject: file("text", body) }];
  });
  return [...excerpts, ...dumps];
}

/** All seeds, the same in every run. `root` is the repository. */
export async function loadSeeds(root: string): Promise<Seed[]> {
  readSchemasOf(root);
  const samples = sampleArchives(root);
  const hostile = await hostileArchives(root);
  const single = images(samples);
  const policy = readFileSync(join(root, "test/fuzz/seeds/policy.yaml"));
  return [
    ...samples,
    ...hostile,
    ...small(samples),
    ...single,
    ...(await critTexts(single)),
    ...logs(root, samples),
    {
      name: "test/fuzz/seeds/policy.yaml",
      kind: "policy",
      weight: 1,
      subject: file("text", policy),
    },
  ];
}
