import { imageTypes, type MessageName, messageSchema } from "../../../src/criu/schema/schema.ts";
import type { Random } from "../random.ts";
import { type Part, withBody } from "../subject.ts";
import { type Framing, hasMagic, readFraming, writeFraming } from "./framing.ts";
import { changePart, type Mutation, type Mutator, pickPart } from "./mutator.ts";
import { spellOut, strangeNumber, strangeText } from "./values.ts";
import { innerMessage, readWire, type WireField, writeWire } from "./wire.ts";

const isImage = ({ name, body }: Part): boolean =>
  body.length >= 8 && /(\.img|stats-\w+)$/.test(name) && hasMagic(body);

/** Page images and others without framing. */
const isRaw = ({ name, body }: Part): boolean => body.length > 0 && /pages-\d+\.img$/.test(name);

function changeImage(
  subject: Parameters<Mutator["apply"]>[0],
  mutation: Mutation,
  change: (framing: Framing) => void,
): void {
  changePart(subject, mutation, (part) => {
    const framing = readFraming(part.body);
    if (framing === undefined) return undefined;
    change(framing);
    return withBody(part, writeFraming(framing));
  });
}

const magic: Mutator = {
  op: "image-magic",
  weight: 1,
  choose(random, subject) {
    const part = pickPart(random, subject, isImage);
    const type = random.once(2) ? random.pick(imageTypes()).magic : random.word();
    return part && { part: part.name, word: random.below(2), magic: type };
  },
  apply: (subject, mutation) =>
    changeImage(subject, mutation, (framing) => {
      const changed = Buffer.from(framing.magic);
      const at = Math.min(Number(mutation["word"]) * 4, changed.length - 4);
      changed.writeUInt32LE(Number(mutation["magic"]) >>> 0, at);
      framing.magic = changed;
    }),
};

/** The length words: of an entry that is there, or behind all of them. */
const length: Mutator = {
  op: "image-length",
  weight: 3,
  choose(random, subject) {
    const part = pickPart(random, subject, isImage);
    if (part === undefined) return undefined;
    const entries = readFraming(part.body)?.entries ?? [];
    const entry = random.below(entries.length + 1);
    const value = strangeNumber(random, BigInt(entries[entry]?.bytes.length ?? 0));
    return { part: part.name, entry, length: Number(BigInt.asUintN(32, value)) };
  },
  apply: (subject, mutation) =>
    changeImage(subject, mutation, (framing) => {
      const entry = framing.entries[Number(mutation["entry"])];
      if (entry !== undefined) entry.lie = Number(mutation["length"]);
      else {
        const word = Buffer.alloc(4);
        word.writeUInt32LE(Number(mutation["length"]) >>> 0);
        framing.tail = Buffer.concat([framing.tail, word]);
      }
    }),
};

/** Entries again, many times, elsewhere, gone, empty. */
const entries: Mutator = {
  op: "image-entries",
  weight: 5,
  choose(random, subject) {
    const part = pickPart(random, subject, isImage);
    if (part === undefined) return undefined;
    const count = readFraming(part.body)?.entries.length ?? 0;
    if (count === 0) return undefined;
    const how = random.pick(["twice", "many", "drop", "swap", "empty", "payload"]);
    return { part: part.name, how, entry: random.below(count), to: random.below(count) };
  },
  apply: (subject, mutation) =>
    changeImage(subject, mutation, ({ entries: list }) => {
      const [from, to] = [Number(mutation["entry"]), Number(mutation["to"])];
      const entry = list[from];
      const other = list[to];
      if (entry === undefined || other === undefined) return;
      switch (mutation["how"]) {
        case "drop":
          list.splice(from, 1);
          break;
        case "swap":
          list[from] = other;
          list[to] = entry;
          break;
        case "empty":
          list[from] = { ...entry, bytes: Buffer.alloc(0) };
          break;
        case "payload":
          list[from] = { ...entry, payload: entry.payload.subarray(0, entry.payload.length >> 1) };
          break;
        default: {
          // Not so many that a case takes seconds because it is large.
          const room = Math.max(1, Math.floor(2 ** 19 / (entry.bytes.length + 1)));
          const copies = mutation["how"] === "many" ? Math.min(300, room) : 1;
          list.splice(to, 0, ...Array.from({ length: copies }, () => ({ ...entry })));
        }
      }
    }),
};

/** What is done to one field, on any depth. */
type FieldEdit =
  | { do: "set"; value: string }
  | { do: "text"; text: string }
  | { do: "bytes"; hex: string }
  | { do: "wire"; wire: number }
  | { do: "number"; number: number }
  | { do: "repeat"; times: number }
  | { do: "drop" }
  | { do: "length"; length: string }
  | { do: "nest"; times: number }
  | { do: "unknown"; number: number; wire: number; value: string };

interface Spot {
  path: number[];
  field: WireField;
  message: MessageName | undefined;
}

/** A field of a message, chosen with those inside of it. */
function pickField(
  random: Random,
  bytes: Buffer,
  message: MessageName | undefined,
): Spot | undefined {
  const fields = readWire(bytes);
  if (fields === undefined || fields.length === 0) return undefined;
  const at = random.below(fields.length);
  const field = fields[at] as WireField;
  const inner = innerMessage(message, field);
  if (inner !== undefined && field.bytes.length > 0 && !random.once(6)) {
    const deeper = pickField(random, field.bytes, inner);
    if (deeper !== undefined) return { ...deeper, path: [at, ...deeper.path] };
  }
  return { path: [at], field, message };
}

function pickEdit(random: Random, { field, message }: Spot, known: readonly bigint[]): FieldEdit {
  switch (random.below(12)) {
    case 0:
      return { do: "wire", wire: random.below(8) };
    case 1:
      return {
        do: "number",
        number: random.once(2) ? strangeId(random) : otherField(random, message),
      };
    case 2:
      return { do: "repeat", times: random.once(4) ? 2000 : 2 + random.below(4) };
    case 3:
      return { do: "drop" };
    case 4:
      return {
        do: "unknown",
        number: strangeId(random),
        wire: random.below(6),
        value: strangeNumber(random).toString(),
      };
    case 5:
      return random.once(8)
        ? { do: "nest", times: 2 ** (4 + random.below(9)) }
        : { do: "length", length: strangeNumber(random, BigInt(field.bytes.length)).toString() };
    default:
  }
  if (field.wire !== 2) {
    const value =
      random.once(3) && known.length > 0 ? random.pick(known) : strangeNumber(random, field.value);
    return { do: "set", value: value.toString() };
  }
  if (random.once(2)) return { do: "text", text: strangeText(random) };
  const bytes = Buffer.from(field.bytes);
  if (bytes.length > 0) bytes[random.below(bytes.length)] = random.below(256);
  if (bytes.length > 256) return { do: "text", text: strangeText(random) };
  return { do: "bytes", hex: bytes.toString("hex") };
}

const strangeId = (random: Random): number =>
  random.pick([1, 2, 15, 16, 99, 1000, 2047, 2 ** 29 - 1]);

function otherField(random: Random, message: MessageName | undefined): number {
  return message === undefined ? 1 : random.pick(messageSchema(message).fields).id;
}

/** Numbers that stand in other images: ids, pids and addresses that may be referred to. */
function knownNumbers(random: Random, parts: readonly Part[]): bigint[] {
  const found: bigint[] = [];
  for (let looked = 0; looked < 3; looked++) {
    const part = random.pick(parts);
    const entry = isImage(part) ? readFraming(part.body)?.entries[0] : undefined;
    const fields = entry && readWire(entry.bytes);
    for (const { wire, value } of fields ?? []) if (wire === 0) found.push(value);
  }
  return found;
}

const field: Mutator = {
  op: "image-field",
  weight: 30,
  choose(random, subject) {
    const part = pickPart(random, subject, isImage);
    if (part === undefined) return undefined;
    const list = readFraming(part.body)?.entries ?? [];
    if (list.length === 0) return undefined;
    const entry = random.below(list.length);
    const { bytes, message } = list[entry] as Framing["entries"][number];
    const spot = pickField(random, bytes, message);
    if (spot === undefined) return undefined;
    const edit = pickEdit(random, spot, knownNumbers(random, subject.parts));
    return { part: part.name, entry, path: spot.path, edit };
  },
  apply: (subject, mutation) =>
    changeImage(subject, mutation, (framing) => {
      const entry = framing.entries[Number(mutation["entry"])];
      const changed =
        entry && editAt(entry.bytes, mutation["path"] as number[], mutation["edit"] as FieldEdit);
      if (entry !== undefined && changed !== undefined) entry.bytes = changed;
    }),
};

function editAt(
  message: Buffer,
  [at = 0, ...path]: readonly number[],
  edit: FieldEdit,
): Buffer | undefined {
  const fields = readWire(message);
  const found = fields?.[at];
  if (fields === undefined || found === undefined) return undefined;
  if (path.length > 0) {
    const inner = editAt(found.bytes, path, edit);
    if (inner === undefined) return undefined;
    fields[at] = { ...found, bytes: inner };
  } else fields.splice(at, 1, ...editField(found, edit));
  return writeWire(fields);
}

function editField(found: WireField, edit: FieldEdit): WireField[] {
  switch (edit.do) {
    case "set":
      return [{ ...found, value: BigInt(edit.value) }];
    case "text":
      return [{ ...found, wire: 2, bytes: Buffer.from(spellOut(edit.text)) }];
    case "bytes":
      return [{ ...found, wire: 2, bytes: Buffer.from(edit.hex, "hex") }];
    case "wire":
      return [{ ...found, wire: edit.wire }];
    case "number":
      return [{ ...found, number: edit.number }];
    case "repeat":
      // A long text many times would be more memory than anybody has.
      return Array.from({ length: found.bytes.length > 2048 ? 2 : edit.times }, () => found);
    case "drop":
      return [];
    case "length":
      return [{ ...found, wire: 2, lie: BigInt(edit.length) }];
    case "nest": {
      // The same message in itself, as deep as a stack may not bear.
      let bytes = found.bytes;
      for (let depth = 0; depth < edit.times && bytes.length < 2 ** 16; depth++) {
        bytes = writeWire([{ ...found, wire: 2, bytes }]);
      }
      return [{ ...found, wire: 2, bytes }];
    }
    case "unknown": {
      const value = BigInt(edit.value);
      return [found, { number: edit.number, wire: edit.wire, value, bytes: Buffer.alloc(3, 0x41) }];
    }
  }
}

/** Page images and other raw bytes made shorter than the tables say, or longer. */
const pages: Mutator = {
  op: "pages-length",
  weight: 2,
  choose(random, subject) {
    const part = pickPart(random, subject, isRaw);
    if (part === undefined) return undefined;
    const size = part.body.length;
    return {
      part: part.name,
      length: random.once(2) ? random.below(size) : 4096 * random.below(size / 4096 + 2),
    };
  },
  apply: (subject, mutation) =>
    changePart(subject, mutation, (part) => {
      const size = Number(mutation["length"]);
      const more = Buffer.alloc(Math.max(0, size - part.body.length));
      return withBody(part, Buffer.concat([part.body.subarray(0, size), more]));
    }),
};

export const imageMutators: readonly Mutator[] = [magic, length, entries, field, pages];
