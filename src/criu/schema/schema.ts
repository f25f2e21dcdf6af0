import imageTable from "./images.json" with { type: "json" };
import messageTable from "./messages.json" with { type: "json" };
import type { Messages } from "./types.ts";

export type MessageName = keyof Messages;

/** How a field's value looks in memory. */
type ScalarKind =
  | "uint32"
  | "int32"
  | "sint32"
  | "fixed32"
  | "bool"
  | "enum"
  | "uint64"
  | "int64"
  | "sint64"
  | "fixed64"
  | "string"
  | "bytes"
  | "message";

export interface Field {
  id: number;
  name: string;
  kind: ScalarKind;
  repeated: boolean;
  required: boolean;
  /** Is a list written as one field? */
  packed: boolean;
  /** Message of a `message` field. */
  message?: MessageName;
  /** Number → name of an `enum` field. */
  values?: ReadonlyMap<number, string>;
  /** crit's display hints: hex, flags, dict, dev, odev, ipadd, conv. */
  hints: Readonly<Record<string, string | boolean>>;
}

export interface MessageSchema {
  name: MessageName;
  fields: readonly Field[];
  byId: ReadonlyMap<number, Field>;
  /** Fields in the order of their numbers, which is that of the wire and of crit. */
  byNumber: readonly Field[];
}

/** What the images of one type hold. */
export interface ImageType {
  name: string;
  magic: number;
  message: MessageName;
  /** Message of the first entry, where it differs. */
  head?: MessageName;
  /** Kind of the raw bytes that follow an entry. */
  extra?: string;
}

interface RawField {
  id: number;
  type: string;
  rule?: string;
  options?: Record<string, unknown>;
}
interface RawNode {
  fields?: Record<string, RawField>;
  values?: Record<string, number>;
  nested?: Record<string, RawNode>;
}

const messages = messageTable.nested as unknown as Record<string, RawNode>;
const magics = imageTable.magic as Record<string, number>;
const types = imageTable.types as Record<string, Omit<ImageType, "name" | "magic">>;

export const imgCommonMagic = magics["IMG_COMMON"] as number;
export const imgServiceMagic = magics["IMG_SERVICE"] as number;

const compiled = new Map<string, MessageSchema>();

/** The schema of a message, prepared on first use: most commands need few of the 156. */
export function messageSchema(name: MessageName): MessageSchema {
  const known = compiled.get(name);
  if (known !== undefined) return known;
  const node = messages[name] as RawNode;
  const fields = Object.entries(node.fields ?? {}).map(([key, raw]) => field(key, raw, node));
  const byId = new Map(fields.map((entry) => [entry.id, entry]));
  const schema = { name, fields, byId, byNumber: fields.toSorted((a, b) => a.id - b.id) };
  compiled.set(name, schema);
  return schema;
}

function field(name: string, raw: RawField, owner: RawNode): Field {
  const result: Field = {
    id: raw.id,
    name,
    kind: raw.type as ScalarKind,
    repeated: raw.rule === "repeated",
    required: raw.rule === "required",
    // In proto2 a list is packed only where its schema says so.
    packed: raw.options?.["packed"] === true,
    hints: hints(raw.options ?? {}),
  };
  const target = owner.nested?.[raw.type] ?? messages[raw.type];
  if (target?.values !== undefined) {
    result.kind = "enum";
    result.values = new Map(Object.entries(target.values).map(([key, value]) => [value, key]));
  } else if (target !== undefined) {
    result.kind = "message";
    result.message = raw.type as MessageName;
  }
  return result;
}

function hints(options: Record<string, unknown>): Field["hints"] {
  const found: Record<string, string | boolean> = {};
  for (const [key, value] of Object.entries(options)) {
    const match = /^\(criu\)\.(\w+)$/.exec(key);
    if (match !== null) found[match[1] as string] = value as string | boolean;
  }
  return found;
}

const byMagic = new Map<number, ImageType>();
for (const [name, type] of Object.entries(types)) {
  const magic = magics[name];
  if (magic !== undefined) byMagic.set(magic, { name, magic, ...type });
}

/** The image type that a magic names. */
export function imageTypeOf(magic: number): ImageType | undefined {
  return byMagic.get(magic);
}

/** All image types by name. */
export function imageTypes(): ImageType[] {
  return [...byMagic.values()];
}
