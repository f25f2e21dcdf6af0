import { type MessageName, messageSchema } from "../../../src/criu/schema/schema.ts";

/** A field as it stands on the wire. */
export interface WireField {
  number: number;
  /** 0 varint, 1 eight bytes, 2 with a length, 5 four bytes. */
  wire: number;
  value: bigint;
  /** Of wire type 2. */
  bytes: Buffer;
  /** A length that is not the true one. */
  lie?: bigint;
}

export function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

/** The fields of a message; undefined where it is none. */
export function readWire(message: Buffer): WireField[] | undefined {
  const found: WireField[] = [];
  let at = 0;
  const next = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[at++];
      if (byte === undefined) throw new RangeError();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) break;
    }
    return value;
  };
  const take = (length: number): Buffer => {
    if (at + length > message.length) throw new RangeError();
    at += length;
    return message.subarray(at - length, at);
  };
  try {
    while (at < message.length) {
      const key = next();
      const field: WireField = {
        number: Number(key >> 3n),
        wire: Number(key & 7n),
        value: 0n,
        bytes: Buffer.alloc(0),
      };
      if (field.number === 0) return undefined;
      if (field.wire === 0) field.value = next();
      else if (field.wire === 1) field.value = take(8).readBigUInt64LE();
      else if (field.wire === 5) field.value = BigInt(take(4).readUInt32LE());
      else if (field.wire === 2) field.bytes = take(Number(next()));
      else return undefined;
      found.push(field);
    }
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  return found;
}

export function writeWire(fields: readonly WireField[]): Buffer {
  const pieces: Buffer[] = [];
  for (const { number, wire, value, bytes, lie } of fields) {
    pieces.push(varint((BigInt(number) << 3n) | BigInt(wire)));
    if (wire === 0) pieces.push(varint(value));
    else if (wire === 2) pieces.push(varint(lie ?? BigInt(bytes.length)), bytes);
    else if (wire === 1 || wire === 5) {
      const fixed = Buffer.alloc(8);
      fixed.writeBigUInt64LE(BigInt.asUintN(64, value));
      pieces.push(fixed.subarray(0, wire === 1 ? 8 : 4));
    }
  }
  return Buffer.concat(pieces);
}

/** The message inside a field, where the schema says that there is one. */
export function innerMessage(
  name: MessageName | undefined,
  field: WireField,
): MessageName | undefined {
  if (name === undefined || field.wire !== 2) return undefined;
  return messageSchema(name).byId.get(field.number)?.message;
}
