// Takes a real archive apart and puts it together again with a few bytes changed.
import { readFileSync } from "node:fs";

const block = 512;

/** Fields of a header that a recipe sets; what it leaves out is as the runtimes write it. */
const plain = { type: "0", mode: 0o600, mtime: 1_763_760_014, linkName: "" };

/** A member: header, content, padding. */
export function member(name, content = "", fields = {}) {
  const body = Buffer.from(content);
  const { type, mode, mtime, linkName, size = body.length } = { ...plain, ...fields };
  const header = Buffer.alloc(block);
  const octal = (value, at, length) =>
    header.write(`${value.toString(8).padStart(length - 1, "0")}\0`, at, length, "latin1");
  header.write(name, 0, 100);
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(mtime, 136, 12);
  header.write(type, 156, 1);
  header.write(linkName, 157, 100);
  header.write("ustar\x0000", 257, 8, "latin1");
  return Buffer.concat([sign(header), body, padding(body.length)]);
}

/** Writes the checksum that fits. */
export function sign(header) {
  header.fill(" ", 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, 8, "latin1");
  return header;
}

export const padding = (length) => Buffer.alloc((block - (length % block)) % block);
export const endMarker = Buffer.alloc(2 * block);

/** A whole tar of members. */
export const tar = (...members) => Buffer.concat([...members, endMarker]);

/** A PAX header with one record; it speaks for the member after it. */
export function pax(key, value) {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length += 1;
  return member("PaxHeaders/0", `${length}${rest}`, { type: "x" });
}

/** The members of a plain tar, in order. */
export class Parts {
  constructor(path) {
    this.list = [];
    const bytes = readFileSync(path);
    for (let at = 0; at + block <= bytes.length && bytes[at] !== 0; ) {
      const size = Number.parseInt(bytes.toString("latin1", at + 124, at + 135), 8);
      const end = at + block + size + padding(size).length;
      const name = bytes.toString("utf8", at, bytes.indexOf(0, at));
      this.list.push({ name, size, bytes: Buffer.from(bytes.subarray(at, end)) });
      at = end;
    }
  }

  part(name) {
    const found = this.list.find((each) => each.name === name);
    if (found === undefined) throw new Error(`the sample has no ${name}`);
    return found;
  }

  content(name) {
    const { bytes, size } = this.part(name);
    return bytes.subarray(block, block + size);
  }

  /** Other content under the same header. */
  replace(name, content) {
    const body = Buffer.from(content);
    const found = this.part(name);
    const header = Buffer.from(found.bytes.subarray(0, block));
    header.write(`${body.length.toString(8).padStart(11, "0")}\0`, 124, 12, "latin1");
    found.bytes = Buffer.concat([sign(header), body, padding(body.length)]);
    found.size = body.length;
    return this;
  }

  /** Changes a JSON document. */
  edit(name, change) {
    const value = JSON.parse(this.content(name).toString());
    change(value);
    return this.replace(name, JSON.stringify(value));
  }

  /** Another member in the place of one. */
  swap(name, bytes) {
    this.part(name).bytes = bytes;
    return this;
  }

  /** Bytes as they are, at the end. */
  add(...bytes) {
    for (const each of bytes) this.list.push({ name: "", size: 0, bytes: each });
    return this;
  }

  drop(name) {
    this.list.splice(this.list.indexOf(this.part(name)), 1);
    return this;
  }

  bytes(end = endMarker) {
    return Buffer.concat([...this.list.map((part) => part.bytes), end]);
  }
}
