import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { processIo } from "../src/cli/io.ts";
import { buildProgram } from "../src/cli/program.ts";
import { crioCounter, privateCopy, scratch } from "./support/samples.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const readme = readFileSync(join(root, "README.md"), "utf8");

describe("README", () => {
  it("has a library example that runs as it stands", () => {
    const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
    const library = new URL("../dist/index.js", import.meta.url).href;
    const archive = privateCopy(crioCounter);
    const script = join(scratch(), "example.mjs");
    const code = example
      .replace('from "cryoscope"', `from ${JSON.stringify(library)}`)
      .replace('"cart.tar"', JSON.stringify(archive));
    expect(code).not.toBe(example);
    writeFileSync(script, code);
    const output = execFileSync(process.execPath, [script], { encoding: "utf8" });
    expect(output).toBe(
      "default/counter-lab-node/counter from cri-o\n" +
        "2 processes, 139264 bytes of pages\n" +
        "checkpoint/pages-1.img\n" +
        "found in pid 1\n".repeat(2),
    );
  });

  it("names every command, and only commands that there are", () => {
    const commands = buildProgram(
      processIo(async () => 70),
      () => {},
    ).commands.map((command) => command.name());
    const rows = [...readme.matchAll(/^\| `([a-z]+)[ `]/gm)].map(([, name]) => name);
    const policies = ["root", "owner", "any"];
    // A command with others below it has a row for each.
    const named = [...new Set(rows)];
    expect(named.filter((name) => !policies.includes(name as string)).sort()).toEqual(
      commands.sort(),
    );
  });

  it("links to files that are there", () => {
    for (const document of [
      "README.md",
      "ARCHITECTURE.md",
      "CONTRIBUTING.md",
      "SECURITY.md",
      "samples/README.md",
      ...readdirSync(join(root, "docs"))
        .filter((name) => name.endsWith(".md"))
        .map((name) => `docs/${name}`),
    ]) {
      const text = readFileSync(join(root, document), "utf8");
      for (const [, target] of text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
        expect(
          existsSync(join(root, document, "..", target as string)),
          `${document}: ${target}`,
        ).toBe(true);
      }
    }
  });
});
