import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { everyRule } from "../src/audit/every-rule.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const text = readFileSync(join(root, "docs/security.md"), "utf8");
const rooms = "archive|hostile|cli|audit|report|tui|memory|base|restore|kubelet|node|e2e";
const named = new RegExp(
  `\`((?:${rooms})/[\\w./-]+|[\\w-]+\\.test\\.ts)\`(?:: \\*([^*]+)\\*)?`,
  "g",
);

describe("docs/security.md", () => {
  it("names tests that are there, with the words that they have", () => {
    const claims = [...text.matchAll(named)].map(([, file = "", words]) => ({ file, words }));
    expect(claims.length).toBeGreaterThan(40);
    for (const { file, words } of claims) {
      const path = join(root, "test", file);
      expect(existsSync(path), file).toBe(true);
      if (words !== undefined) expect(readFileSync(path, "utf8"), file).toContain(words);
    }
  });

  it("names rules that are there", () => {
    const ids = everyRule.map(({ id }) => id);
    const claims = [...text.matchAll(/`((?:locked-down|integrity|hostile)\/[a-z-]+)`/g)];
    expect(claims.length).toBeGreaterThan(1);
    for (const [, id = ""] of claims) expect(ids).toContain(id);
    for (const [, group = ""] of text.matchAll(/`([a-z-]+)\/\*`/g)) {
      expect(ids.some((id) => id.startsWith(`${group}/`))).toBe(true);
    }
  });
});
