import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskMarked } from "../../src/base/mask.ts";
import { mayHoldSecret, secretWords } from "../../src/base/secret-words.ts";
import { secretTexts } from "../support/secret-texts.ts";

describe("words that announce secrets", () => {
  it("stand in every text that masking would change", () => {
    const beyond = fc.constantFrom("", "\u00a0", "é", "\n", "ſ", "K");
    let changed = 0;
    fc.assert(
      fc.property(secretTexts, beyond, secretTexts, (one, between, other) => {
        const text = one + between + other;
        if (maskMarked(text) === text) return;
        changed += 1;
        expect(mayHoldSecret(text), text).toBe(true);
      }),
      { numRuns: 20_000, seed: 11 },
    );
    expect(changed).toBeGreaterThan(2000);
  });

  it("are all needed", () => {
    const forms: Record<string, (word: string) => string> = {
      anything: (word) => `x_${word}orama=1`,
      "name end": (word) => `x_${word}=1`,
      blank: (word) => `${word} abcdef`,
      password: (word) => `x${word}u:p@h`,
    };
    for (const { word, behind } of secretWords) {
      const text = forms[behind]?.(word) ?? "";
      expect(maskMarked(text), text).not.toBe(text);
      expect(mayHoldSecret(text.toUpperCase()), text).toBe(true);
    }
  });

  it.each([
    "passing by",
    "pthread_key_create",
    "the author, mapping: pinned",
    "passes the key to basic",
    "http://example.com:80/x?y=me@example.com",
    "GLIBC_TUNABLES",
    '"monkey": "turkey", "pinned": 1',
    "-- pat on the back",
  ])("say little of %j", (text) => {
    expect(mayHoldSecret(text)).toBe(false);
  });

  it("are looked for in time that grows with the text, whatever is in it", () => {
    // Were it the square, this would take hours.
    const hostile = [
      "pwd",
      "pwd\\",
      "-pwd",
      "://",
      "://a:",
      "pwd\\\\\\\\",
      "pwd'  ",
      "--pwd\t",
      "s:/",
    ];
    for (const piece of hostile) {
      const text = piece.repeat(Math.ceil(2 ** 21 / piece.length));
      expect(mayHoldSecret(text), piece).toBe(piece === "--pwd\t");
    }
  });
});
