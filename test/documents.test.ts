import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { madeDocuments } from "../bin/dev/manuals/documents.ts";
import { anchor } from "../bin/dev/manuals/markdown.ts";
import { defaultPolicy } from "../src/audit/policy/policy.ts";
import { parsePolicy } from "../src/audit/policy/read-policy.ts";
import { codeBlocks } from "./support/examples/blocks.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const documents = [
  ...readdirSync(root).filter((name) => name.endsWith(".md")),
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md"))
    .map((path) => `docs/${path}`),
].sort();

describe("documents that are made (npm run docs)", () => {
  const made = madeDocuments(root);

  it.each(Object.keys(made))("%s is as its sources say", (path) => {
    expect(read(path)).toBe(made[path]);
  });

  it("has a page for every schema, and none besides", () => {
    const pages = documents.filter((path) => path.startsWith("docs/json/"));
    expect(pages).toEqual(pages.filter((path) => made[path] !== undefined));
  });
});

describe("README", () => {
  it("names every document", () => {
    const index = read("README.md").split("\n## Documents\n")[1] ?? "";
    const named = [...index.matchAll(/\]\((docs\/[^)#]+)\)/g)].map(([, path]) => path);
    const there = documents.filter((path) => /^docs\/[^/]+$/.test(path));
    expect(named.toSorted()).toEqual(there);
  });
});

describe("links", () => {
  it.each(documents)("of %s lead somewhere", (document) => {
    const text = read(document).replace(/```[\s\S]*?```/g, "");
    for (const [, target = ""] of text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
      const [path = "", heading] = target.split("#");
      const file = path === "" ? document : join(dirname(document), path);
      expect(existsSync(join(root, file)), target).toBe(true);
      if (heading === undefined || !file.endsWith(".md")) continue;
      const anchors = [...read(file).matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
        anchor(title ?? ""),
      );
      expect(anchors, target).toContain(heading);
    }
  });
});

describe("code in documents", () => {
  const blocks = documents.flatMap((document) =>
    codeBlocks(read(document)).map((block) => ({ ...block, document })),
  );

  it("JSON is JSON", () => {
    for (const { language, lines, document, line } of blocks) {
      if (language === "json") {
        expect(() => JSON.parse(lines.join("\n")), `${document}:${line}`).not.toThrow();
      }
    }
  });

  const policies = blocks.filter(({ lines }) => lines.includes("kind: AuditPolicy"));

  it.each(policies.map((it) => [`${it.document}:${it.line}`, it.lines.join("\n")] as const))(
    "the policy of %s is one, and says something",
    async (_place, text) => {
      const read = async (): Promise<string> => "apiVersion: cryoscope/v1\nkind: AuditPolicy\n";
      // One that only takes back what another says is as the default is, without the other.
      const taken = await parsePolicy(text, { read });
      if (!text.includes("extends:")) expect(taken).not.toEqual(defaultPolicy);
    },
  );

  it("policies are shown for every part of one", () => {
    expect(policies.length).toBeGreaterThan(5);
  });
});
