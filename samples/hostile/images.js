// Just enough of CRIU's images and of protobuf to put something into one.

/** Two magic numbers, then entries: a length of four bytes and a message each. */
const headBytes = 8;

export function varint(value) {
  const bytes = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(rest)]);
}

/** A field: a number, or the bytes of a text or a message. */
export function field(number, value) {
  const scalar = typeof value === "number" || typeof value === "bigint";
  if (scalar) return Buffer.concat([varint(number << 3), varint(value)]);
  const bytes = Buffer.from(value);
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

/** A message of fields by number. */
export const message = (fields) =>
  Buffer.concat(Object.entries(fields).map(([number, value]) => field(Number(number), value)));

/** A message with its length before it. */
export function entry(bytes) {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** The messages of an image. */
export function entries(image) {
  const found = [];
  for (let at = headBytes; at < image.length; ) {
    const end = at + 4 + image.readUInt32LE(at);
    found.push(image.subarray(at + 4, end));
    at = end;
  }
  return found;
}

export const withEntries = (image, messages) =>
  Buffer.concat([image.subarray(0, headBytes), ...messages.map(entry)]);

/** The image with fields put behind those of one of its messages: they are added, or win. */
export function extended(image, fields, index = 0) {
  const messages = entries(image);
  messages[index] = Buffer.concat([messages[index], message(fields)]);
  return withEntries(image, messages);
}

export const appended = (image, ...messages) =>
  Buffer.concat([image, ...messages.map((fields) => entry(message(fields)))]);
