import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type ControlFrame,
  controlFrame,
  type DataPiece,
  FrameReader,
} from "../../../src/kubelet/fetch/websocket/frames.ts";
import { clientFrames, frame } from "../../support/web-socket.ts";

function read(...chunks: Buffer[]): (DataPiece | ControlFrame)[] {
  const reader = new FrameReader();
  return chunks.flatMap((chunk) => [...reader.read(chunk)]);
}

/** Messages out of pieces: kind and bytes, `first` begins one. */
function joined(pieces: readonly (DataPiece | ControlFrame)[]): string[] {
  const messages: string[] = [];
  for (const piece of pieces) {
    const bytes = piece.bytes.toString("hex");
    if (piece.kind !== "data") messages.push(`${piece.kind} ${bytes}`);
    else if (piece.first) messages.push(`${piece.opcode} ${bytes}`);
    else messages.push(`${messages.pop()}${bytes}`);
  }
  return messages;
}

describe("frames of a server", () => {
  it("come out the same however the bytes were cut", () => {
    const message = fc.record({
      parts: fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 3 }),
      opcode: fc.constantFrom(1, 2),
    });
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 5 }),
        fc.infiniteStream(fc.nat({ max: 40 })),
        (messages, cuts) => {
          const expected: string[] = [];
          const frames = messages.flatMap(({ parts, opcode }) => {
            const whole = Buffer.concat(parts).toString("hex");
            if (whole !== "") expected.push(`${opcode} ${whole}`);
            return parts.map((part, at) =>
              frame(part, { opcode: at === 0 ? opcode : 0, fin: at === parts.length - 1 }),
            );
          });
          const bytes = Buffer.concat(frames);
          const chunks: Buffer[] = [];
          for (let at = 0; at < bytes.length; ) {
            const size = 1 + (cuts.next().value as number);
            chunks.push(bytes.subarray(at, at + size));
            at += size;
          }
          expect(joined(read(...chunks))).toEqual(expected);
        },
      ),
    );
  });

  it("lets control frames stand between the parts of a message", () => {
    const bytes = Buffer.concat([
      frame("ab", { fin: false }),
      frame("p", { opcode: 9 }),
      frame("", { opcode: 0, fin: false }),
      frame("cd", { opcode: 0 }),
      frame("", { opcode: 10 }),
    ]);
    const pieces = read(bytes);
    expect(pieces.map(({ kind, bytes: own }) => `${kind} ${own}`)).toEqual([
      "data ab",
      "ping p",
      "data cd",
      "pong ",
    ]);
    expect(pieces.map((piece) => "first" in piece && piece.first)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it("reads lengths of two and of eight bytes, and hands over what there is of them", () => {
    for (const size of [125, 126, 65535, 65536, 200_000]) {
      const bytes = frame(Buffer.alloc(size, 7));
      expect(joined(read(bytes))).toEqual([`2 ${"07".repeat(size)}`]);
      const [piece] = read(bytes.subarray(0, 100));
      expect(piece?.bytes.length).toBeGreaterThan(80);
    }
  });

  it.each([
    ["a huge length", frame("", { claim: 2n ** 63n }), "9223372036854775808 bytes"],
    [
      "a length beyond all lengths",
      frame("", { claim: 2n ** 64n - 1n }),
      "18446744073709551615 bytes",
    ],
    [
      "one byte more than the most",
      frame("", { claim: 16n * 1024n * 1024n + 1n }),
      "16777217 bytes",
    ],
    ["a mask", frame("x", { masked: true }), "a masked frame"],
    ["a flag", frame("x", { flags: 0x40 }), "flags that were not agreed upon"],
    ["an unknown kind", frame("x", { opcode: 3 }), "unknown kind 3"],
    ["another unknown kind", frame("x", { opcode: 11 }), "unknown kind 11"],
    ["a control frame in parts", frame("x", { opcode: 9, fin: false }), "a control frame in parts"],
    ["a long control frame", frame("x".repeat(126), { opcode: 9 }), "a control frame in parts"],
    ["a continuation of nothing", frame("x", { opcode: 0 }), "a continuation of nothing"],
    [
      "a message within a message",
      Buffer.concat([frame("x", { fin: false }), frame("y")]),
      "a message within a message",
    ],
  ])("refuses %s", (_name, bytes, words) => {
    expect(() => read(bytes)).toThrow(words);
    // And also when it comes byte by byte.
    expect(() => read(...[...bytes].map((byte) => Buffer.of(byte)))).toThrow(words);
  });
});

describe("frames of ours", () => {
  it("are masked, each with a mask of its own", () => {
    const [one, other] = [
      controlFrame("pong", Buffer.from("abcde")),
      controlFrame("pong", Buffer.from("abcde")),
    ];
    expect(one.subarray(2, 6)).not.toEqual(other.subarray(2, 6));
    expect(clientFrames(Buffer.concat([one, controlFrame("close", Buffer.of(3, 232))]))).toEqual([
      { opcode: 10, payload: Buffer.from("abcde"), masked: true },
      { opcode: 8, payload: Buffer.of(3, 232), masked: true },
    ]);
  });
});
