import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decode, settle } from "../../../src/tui/keys/decode.ts";

const keys = (text: string): (string | undefined)[] =>
  decode(text).inputs.map((input) => (input.type === "key" ? input.key : input.type));

describe("decode", () => {
  it("names keys as the key table does", () => {
    expect(keys("aA/ \r\t\u007f\u0008")).toEqual([
      "a",
      "A",
      "/",
      "space",
      "enter",
      "tab",
      "backspace",
      "backspace",
    ]);
    expect(keys("\u0003\u0006\u001a")).toEqual(["ctrl-c", "ctrl-f", "ctrl-z"]);
    expect(keys("\u001b[A\u001bOB\u001b[Z\u001b[5~\u001b[6~")).toEqual([
      "up",
      "down",
      "shift-tab",
      "pgup",
      "pgdn",
    ]);
    expect(keys("\u001b[1~\u001b[4~\u001b[H\u001bOF\u001bOP\u001b[11~")).toEqual([
      "home",
      "end",
      "home",
      "end",
      "f1",
      "f1",
    ]);
    expect(keys("\u001b[1;5C\u001b[1;3D\u001b[1;2A")).toEqual([
      "ctrl-right",
      "alt-left",
      "shift-up",
    ]);
    expect(keys("é漢😀")).toEqual(["é", "漢", "😀"]);
  });

  it("takes no letter of an unknown sequence for a key", () => {
    expect(keys("\u001b[?62;22c\u001b[200;3u\u001b[I\u001b[99z\u001bP1$r0m\u001b\\q")).toEqual([
      "q",
    ]);
    expect(keys("\u001b[M !!j")).toEqual(["j"]);
  });

  it("keeps mouse events apart from keys", () => {
    expect(decode("\u001b[<64;10;5M\u001b[<65;1;1M\u001b[<0;3;4M\u001b[<0;3;4m").inputs).toEqual([
      { type: "mouse", event: "wheel-up", column: 9, row: 4 },
      { type: "mouse", event: "wheel-down", column: 0, row: 0 },
      { type: "mouse", event: "click", column: 2, row: 3 },
    ]);
  });

  it("gives pasted text whole, whatever is in it", () => {
    expect(decode("\u001b[200~q:q\r\u001b[A\u001b[201~x").inputs).toEqual([
      { type: "paste", text: "q:q\r\u001b[A" },
      { type: "key", key: "x" },
    ]);
  });

  it("reads the background that the terminal tells", () => {
    expect(decode("\u001b]11;rgb:ffff/ffff/ffff\u0007").inputs).toEqual([
      { type: "background", light: true },
    ]);
    expect(decode("\u001b]11;rgb:1e/1e/2e\u001b\\").inputs).toEqual([
      { type: "background", light: false },
    ]);
  });

  it("takes Esc and a quick key for what they are: nothing is bound to Alt", () => {
    expect(keys("\u001bq\u001b\u001b[A")).toEqual(["esc", "q", "esc", "up"]);
    expect(settle("\u001b[")).toEqual([
      { type: "key", key: "esc" },
      { type: "key", key: "[" },
    ]);
  });

  it("takes a lone escape for the key once nothing follows", () => {
    expect(decode("\u001b")).toEqual({ inputs: [], rest: "\u001b" });
    expect(settle("\u001b")).toEqual([{ type: "key", key: "esc" }]);
    expect(settle("\u001b[1;")).toEqual([]);
  });

  it("gives up a sequence without an end", () => {
    const endless = `\u001b[${"1;".repeat(500)}`;
    expect(decode(endless).rest.length).toBeLessThan(300);
    expect(decode(`\u001b]52;${"x".repeat(5000)}`).rest).toBe("");
  });

  it("says the same however the bytes were cut", () => {
    const sequences = [
      "a",
      "\u001b[A",
      "\u001b[1;5C",
      "\u001bOP",
      "\u001b[<64;1;1M",
      "é",
      "\u001b[200~x\u001b[201~",
      "\u001b]11;rgb:00/00/00\u0007",
      "\u001b[M abc",
    ];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...sequences)),
        fc.infiniteStream(fc.integer({ min: 1, max: 5 })),
        (parts, cuts) => {
          const text = parts.join("");
          const whole = decode(text);
          const found = [];
          let rest = "";
          for (let at = 0; at < text.length; ) {
            const length = cuts.next().value as number;
            const piece = decode(rest + text.slice(at, at + length));
            found.push(...piece.inputs);
            rest = piece.rest;
            at += length;
          }
          expect(found).toEqual(whole.inputs);
          expect(rest).toBe("");
        },
      ),
    );
  });

  it("survives any bytes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
        const { rest, inputs } = decode(`\u001b${text}`);
        expect(rest.length).toBeLessThanOrEqual(text.length + 1);
        for (const input of inputs) if (input.type === "key") expect(input.key).not.toBe("");
      }),
    );
  });
});
