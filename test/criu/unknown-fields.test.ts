import { expect, it } from "vitest";
import { BufferSource } from "../../src/archive/buffer-source.ts";
import { imageBytes } from "../../src/criu/crit/image-bytes.ts";
import { type DecodeReport, imageJson } from "../../src/criu/crit/image-json.ts";
import { unknownFields } from "../../src/criu/decode.ts";
import { encodeMessage } from "../../src/criu/encode.ts";
import { imageTypes, imgCommonMagic, type MessageName } from "../../src/criu/schema/schema.ts";

/** Field 1000 as a varint, field 1001 as bytes: no CRIU of today writes such. */
const later = [Uint8Array.of(0xc0, 0x3e, 0x07), Uint8Array.of(0xca, 0x3e, 0x02, 0x68, 0x69)];

function image(type: string, message: MessageName, value: object): Buffer {
  const { magic } = imageTypes().find(({ name }) => name === type) as { magic: number };
  const entry = encodeMessage(message, value as Record<string, unknown>);
  const head = Buffer.alloc(12);
  head.writeUInt32LE(imgCommonMagic, 0);
  head.writeUInt32LE(magic, 4);
  head.writeUInt32LE(entry.length, 8);
  return Buffer.concat([head, entry]);
}

it.each([false, true])(
  "fields of a newer CRIU survive both ways and are counted (pretty: %s)",
  async (pretty) => {
    const sigset = { uid: 0, euid: 0, signum: 0, pid_type: 0, pid: 0, [unknownFields]: [later[0]] };
    const bytes = image("EVENTFD_FILE", "eventfd_file_entry", {
      id: 3,
      flags: 2,
      fown: sigset,
      counter: 2n ** 63n + 5n,
      [unknownFields]: later,
    });
    const report: DecodeReport = { entries: 0, unknownFields: 0 };
    let json = "";
    for await (const piece of imageJson(new BufferSource(bytes), pretty, report)) json += piece;
    expect(report).toEqual({ entries: 1, unknownFields: 3 });
    expect(JSON.parse(json).entries[0]["(unknown fields)"]).toEqual(["wD4H", "yj4CaGk="]);
    expect(Buffer.concat([...imageBytes(json)]).equals(bytes)).toBe(true);
  },
);
