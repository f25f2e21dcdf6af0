import { gunzipSync } from "node:zlib";
import {
  base256,
  gnuSparse,
  gnuSparseBlock,
  header,
  type member,
  paxRecord,
} from "../../support/tar-builder.ts";
import type { Random } from "../random.ts";
import {
  type Part,
  readParts,
  type Subject,
  subjectBytes,
  withBody,
  withChecksum,
} from "../subject.ts";
import { changePart, type Mutation, type Mutator, partIndex, pickPart } from "./mutator.ts";
import { spellOut, strangeNumber, strangeText } from "./values.ts";

/** Fields of a ustar header: offset and length. */
const fields = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  mtime: [136, 12],
  checksum: [148, 8],
  flag: [156, 1],
  linkName: [157, 100],
  magic: [257, 8],
  owner: [265, 32],
  major: [329, 8],
  minor: [337, 8],
  prefix: [345, 155],
} as const satisfies Record<string, readonly [number, number]>;
type FieldName = keyof typeof fields;
const numeric: readonly FieldName[] = ["mode", "uid", "gid", "size", "mtime", "major", "minor"];
const flags = [
  "0",
  "\0",
  "1",
  "2",
  "3",
  "4",
  "5",
  "6",
  "7",
  "A",
  "D",
  "K",
  "L",
  "M",
  "N",
  "S",
  "V",
  "X",
  "g",
  "x",
  "\x80",
];

const isArchive = ({ shape }: Subject): boolean => shape === "archive";

/** What to write into a field, as Latin-1. */
function strangeField(random: Random, field: FieldName): string {
  const length = fields[field][1];
  if (field === "flag") return random.pick(flags);
  if (field === "magic")
    return random.pick(["ustar\x0000", "ustar  \0", "\0".repeat(8), "ustar\0\0\0"]);
  if (numeric.includes(field) || field === "checksum") {
    const value = strangeNumber(random);
    switch (random.below(5)) {
      case 0:
        return base256(random.once(2) ? -value : value, length).toString("latin1");
      case 1:
        return random.pick([
          "\0".repeat(length),
          " ".repeat(length),
          "9".repeat(length),
          "-1",
          "0x10",
          "7".repeat(length),
        ]);
      default:
        return value.toString(8).padStart(length - 1, random.pick(["0", " "]));
    }
  }
  return Buffer.from(spellOut(strangeText(random)).slice(0, length)).toString("latin1");
}

const headerField: Mutator = {
  op: "tar-field",
  weight: 12,
  choose(random, subject) {
    if (!isArchive(subject)) return undefined;
    const part = pickPart(random, subject, () => true);
    if (part === undefined) return undefined;
    const field = random.pick(Object.keys(fields) as FieldName[]);
    const value = strangeField(random, field);
    return { part: part.name, field, value, mend: field !== "checksum" && !random.once(12) };
  },
  apply: (subject, mutation) =>
    changePart(subject, mutation, (part) => {
      const [at, length] = fields[mutation["field"] as FieldName];
      const changed = Buffer.from(part.header);
      if (changed.length === 0) return undefined;
      changed.fill(0, at, at + length);
      changed.write(String(mutation["value"]).slice(0, length), at, "latin1");
      return { ...part, header: mutation["mend"] === true ? withChecksum(changed) : changed };
    }),
};

/** What stands before a member: headers of PAX, long names of GNU. */
const paxKeys = [
  "path",
  "linkpath",
  "size",
  "uid",
  "gid",
  "mtime",
  "atime",
  "hdrcharset",
  "comment",
  "uname",
  "GNU.sparse.major",
  "GNU.sparse.minor",
  "GNU.sparse.name",
  "GNU.sparse.realsize",
  "GNU.sparse.size",
  "GNU.sparse.map",
  "GNU.sparse.numblocks",
  "GNU.sparse.offset",
  "GNU.sparse.numbytes",
  "SCHILY.xattr.user.a",
  "__proto__",
  "",
];

function paxValue(random: Random, key: string): string {
  if (key === "GNU.sparse.map")
    return random.pick([
      "0,1",
      "0,512,1024,512",
      "1",
      "0,9999999999999",
      "5,5,1,1",
      ",",
      "0,0,".repeat(500),
    ]);
  if (random.once(2)) return strangeNumber(random).toString();
  return random.once(6) ? `${random.below(99)}.${random.word()}` : strangeText(random);
}

const pax: Mutator = {
  op: "tar-pax",
  weight: 8,
  choose(random, subject) {
    if (!isArchive(subject)) return undefined;
    const part = pickPart(random, subject, () => true);
    if (part === undefined) return undefined;
    const count = random.once(40) ? 2 ** random.below(9) : 1 + random.below(4);
    const records = Array.from({ length: count }, () => {
      const key = random.pick(paxKeys);
      return [key, paxValue(random, key)];
    });
    return {
      part: part.name,
      flag: random.once(5) ? "g" : "x",
      records,
      damage: random.once(6) ? random.below(40) : -1,
    };
  },
  apply(subject, mutation) {
    const at = partIndex(subject, mutation);
    if (at === -1) return;
    const records = mutation["records"] as [string, string][];
    const body = Buffer.concat(records.map(([key, value]) => paxRecord(key, spellOut(value))));
    const damage = Number(mutation["damage"]);
    if (damage >= 0 && damage < body.length) body[damage] = 0x39;
    const type = String(mutation["flag"]);
    subject.parts.splice(
      at,
      0,
      extra(`pax of ${mutation.part}`, { name: "PaxHeaders/0", type, body }),
    );
  },
};

function extra(name: string, entry: Parameters<typeof member>[0]): Part {
  const body = Buffer.from((entry.body as Buffer | string | undefined) ?? "");
  return { name, header: header(entry), body };
}

const longName: Mutator = {
  op: "tar-long-name",
  weight: 4,
  choose(random, subject) {
    if (!isArchive(subject)) return undefined;
    const part = pickPart(random, subject, () => true);
    if (part === undefined) return undefined;
    const count = random.once(10) ? 1 + random.below(20) : 1;
    return { part: part.name, flag: random.pick(["L", "K"]), text: strangeText(random), count };
  },
  apply(subject, mutation) {
    const at = partIndex(subject, mutation);
    if (at === -1) return;
    const body = Buffer.from(`${spellOut(String(mutation["text"]))}\0`);
    const entry = {
      name: "././@LongLink",
      type: String(mutation["flag"]),
      body,
      magic: "ustar  \0",
    };
    const parts = Array.from({ length: Number(mutation["count"]) }, () =>
      extra(`long name of ${mutation.part}`, entry),
    );
    subject.parts.splice(at, 0, ...parts);
  },
};

/** Makes a member sparse in GNU's old form. */
const sparse: Mutator = {
  op: "tar-sparse",
  weight: 3,
  choose(random, subject) {
    if (!isArchive(subject)) return undefined;
    const part = pickPart(random, subject, ({ body }) => body.length > 0);
    if (part === undefined) return undefined;
    const number = (): number =>
      Number(strangeNumber(random, BigInt(part.body.length)) & 0xffffffffffffn);
    const segments = Array.from({ length: random.below(5) }, () => [number(), number()]);
    return {
      part: part.name,
      segments,
      realSize: number(),
      more: random.once(3) ? random.below(4) : 0,
    };
  },
  apply: (subject, mutation) =>
    changePart(subject, mutation, (part) => {
      const segments = (mutation["segments"] as [number, number][]).slice(0, 4);
      const more = Number(mutation["more"]);
      const entry = { name: part.name, size: part.body.length };
      const made = header(gnuSparse(entry, segments, Number(mutation["realSize"]), more > 0));
      const blocks = Array.from({ length: more }, (_, index) =>
        gnuSparseBlock(segments, index + 1 < more),
      );
      return { ...part, header: made, body: Buffer.concat([...blocks, part.body]) };
    }),
};

/** Members twice, elsewhere, gone; blocks of zeros between them. */
const order: Mutator = {
  op: "tar-order",
  weight: 6,
  choose(random, subject) {
    if (!isArchive(subject)) return undefined;
    const part = pickPart(random, subject, () => true);
    const how = random.pick(["twice", "many", "move", "drop", "drop", "zeros", "empty"]);
    return part && { part: part.name, how, to: random.below(subject.parts.length + 1) };
  },
  apply(subject, mutation) {
    const at = partIndex(subject, mutation);
    const part = subject.parts[at];
    if (part === undefined) return;
    const { parts } = subject;
    const to = Number(mutation["to"]);
    const zeros = { name: "zeros", header: Buffer.alloc(512), body: Buffer.alloc(0) };
    switch (mutation["how"]) {
      case "drop":
        parts.splice(at, 1);
        break;
      case "move":
        parts.splice(at, 1);
        parts.splice(to, 0, part);
        break;
      case "zeros":
        parts.splice(to, 0, zeros);
        break;
      case "empty":
        parts[at] = { ...part, body: Buffer.alloc(0) };
        break;
      default: {
        const copies = mutation["how"] === "many" && part.body.length < 4096 ? 200 : 1;
        parts.splice(to, 0, ...Array.from({ length: copies }, () => ({ ...part })));
      }
    }
  },
};

/** A member takes the name of another. */
const rename: Mutator = {
  op: "tar-rename",
  weight: 4,
  choose(random, subject) {
    if (!isArchive(subject)) return undefined;
    const part = pickPart(random, subject, () => true);
    const other = pickPart(random, subject, () => true);
    if (part === undefined || other === undefined) return undefined;
    return { part: part.name, name: random.once(3) ? strangeName(random, other.name) : other.name };
  },
  apply: (subject, mutation) =>
    changePart(subject, mutation, (part) => {
      if (part.header.length === 0) return undefined;
      const changed = Buffer.from(part.header);
      changed.fill(0, 0, 100).write(String(mutation["name"]).slice(0, 100), 0, "utf8");
      return { ...part, header: withChecksum(changed) };
    }),
};

function strangeName(random: Random, name: string): string {
  const other = strangeNumber(random).toString();
  return random.pick([
    `./${name}`,
    `/${name}`,
    `../${name}`,
    `checkpoint/${name}`,
    `${name}/`,
    `x/${name}`,
    name.replace(/\d+/, other),
    name.replace(/-.*/, `-${other}.img`),
    `checkpoint/pages-${other}.img`,
    `checkpoint/core-${other}.img`,
    `checkpoint/pagemap-shmem-${other}.img`,
    `checkpoint/tmpfs-dev-${other}.tar.gz.img`,
    `checkpoint/ghost-file-${other}.img`,
    "rootfs-diff.tar",
    "deleted.files",
    "devshm-checkpoint.tar",
    "volumes/x.tar",
    spellOut(strangeText(random)),
  ]);
}

const end: Mutator = {
  op: "tar-end",
  weight: 2,
  choose: (random, subject) =>
    isArchive(subject)
      ? { blocks: random.below(5), tail: random.pick(["", "", "again", "noise", "big"]) }
      : undefined,
  apply(subject, mutation) {
    const zeros = Buffer.alloc(512 * Number(mutation["blocks"]));
    const first = subject.parts[0];
    const again = first === undefined ? Buffer.alloc(0) : Buffer.concat([first.header, first.body]);
    const tails: Record<string, Buffer> = {
      again,
      noise: Buffer.alloc(700, 0x41),
      big: Buffer.alloc(2 ** 17),
    };
    subject.end = Buffer.concat([zeros, tails[String(mutation["tail"])] ?? Buffer.alloc(0)]);
  },
};

/** A change inside of an archive inside the archive. */
export function nestedMutator(inner: {
  choose(random: Random, subject: Subject): Mutation | undefined;
  apply(subject: Subject, mutation: Mutation): void;
}): Mutator {
  return {
    op: "nested",
    weight: 8,
    choose(random, subject) {
      const part = pickPart(
        random,
        subject,
        ({ body, name }) => isNested(name) && inside(body) !== undefined,
      );
      const nested = part && inside(part.body);
      const mutation = nested && inner.choose(random, nested);
      return mutation && { part: part.name, inner: mutation };
    },
    apply: (subject, mutation) =>
      changePart(subject, mutation, (part) => {
        const nested = inside(part.body);
        if (nested === undefined) return undefined;
        inner.apply(nested, mutation["inner"] as Mutation);
        return withBody(part, subjectBytes(nested));
      }),
  };
}

const isNested = (name: string): boolean => /\.tar(\.gz)?(\.img)?$|deleted\.files/.test(name);

function inside(body: Buffer): Subject | undefined {
  const gzip = body[0] === 0x1f && body[1] === 0x8b;
  let tar: Buffer;
  try {
    tar = gzip ? gunzipSync(body) : body;
  } catch {
    return undefined;
  }
  const { parts, end: rest } = readParts(tar);
  if (parts.length === 0) return undefined;
  const edits = { tar: [], packed: [] };
  return {
    shape: "archive",
    fileName: "",
    parts,
    end: rest,
    packing: gzip ? "gzip" : "none",
    edits,
  };
}

export const tarMutators: readonly Mutator[] = [
  headerField,
  pax,
  longName,
  sparse,
  order,
  rename,
  end,
];
