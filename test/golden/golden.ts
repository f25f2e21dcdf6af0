import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

const folder = fileURLToPath(new URL("expected/", import.meta.url));

export type GoldenMode = "compare" | "update";

/**
 * Goldens change only where somebody asks for it and reads what changed. A machine that tests a
 * change must not rewrite what it compares with.
 */
export function goldenMode(env: Readonly<Record<string, string | undefined>>): GoldenMode {
  if (env["CRYOSCOPE_UPDATE_GOLDENS"] !== "1") return "compare";
  if (["", "0", "false"].includes(env["CI"] ?? "")) return "update";
  throw new Error("CRYOSCOPE_UPDATE_GOLDENS is set on a CI machine, where goldens only compare");
}

/** Compares a text with the golden of that name, or writes it. */
export function expectGolden(name: string, text: string): void {
  const path = join(folder, name);
  if (goldenMode(process.env) === "update") {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return;
  }
  const hint = `${name} is missing: npm run golden, and read what it wrote`;
  expect(existsSync(path), hint).toBe(true);
  expect(text).toBe(readFileSync(path, "utf8"));
}

/** Names of all goldens, sorted. */
export function goldenNames(): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length))
    .sort();
}

export function readGolden(name: string): string {
  return readFileSync(join(folder, name), "utf8");
}
