import { describe, expect, it } from "vitest";
import { dark, light, type Palette } from "../../../src/report/html/palette.ts";

/** Contrast of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio"). */
function contrast(a: string, b: string): number {
  const [bright, dim] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (bright + 0.05) / (dim + 0.05);
}

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const texts = ["text", "dim", "accent", "ok", "critical", "high", "medium", "low", "info"] as const;
const fills = ["fill1", "fill2", "fill3", "fill4", "fill5", "fill6", "fill7"] as const;

describe.each<[string, Palette]>([
  ["light", light],
  ["dark", dark],
])("the %s palette", (_, palette) => {
  it("can be read: 4.5 to 1 for text on the page and on cards", () => {
    for (const name of texts) {
      expect(contrast(palette[name], palette.page), name).toBeGreaterThanOrEqual(4.5);
      expect(contrast(palette[name], palette.card), name).toBeGreaterThanOrEqual(4.5);
    }
  });

  it("can be seen: 3 to 1 for bars on cards", () => {
    for (const name of fills) {
      expect(contrast(palette[name], palette.card), name).toBeGreaterThanOrEqual(3);
    }
  });
});
