import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { everyManual, manPage, pageName } from "../../bin/dev/manuals/index.ts";
import { bold, filled, guarded, literal, prose, quoted } from "../../bin/dev/manuals/roff.ts";
import { exitCodes } from "../../src/cli/exit-codes.ts";
import type { CommandManual } from "../../src/cli/manual/command-manual.ts";
import { run } from "../support/run.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const manuals = everyManual();
const release = { version: "1.2.3", date: "2026-11-22" };
const page = (words: string): string =>
  manPage(manuals.find((it) => it.words === words) as CommandManual, manuals, release);

describe("text for man(1)", () => {
  it.each([
    ["--pid", "\\-\\-pid"],
    ["a\\b", "a\\eb"],
    ["it's", "it\\(aqs"],
    ["2^53 ~ `x`", "2\\(ha53 \\(ti \\(gax\\(ga"],
    ["…é😀", "\\[u2026]\\[u00E9]\\[u1F600]"],
    ["\u001b[31m", "\\[u001B][31m"],
  ])("what is literal: %j", (text, expected) => {
    expect(literal(text)).toBe(expected);
  });

  it("prose has options and code in bold, and minus signs only in names", () => {
    expect(prose("read-only, with --no-color (`a-b`) or -")).toBe(
      "read-only, with \\fB\\-\\-no\\-color\\fR (\\fBa\\-b\\fR) or \\-",
    );
    expect(prose("rootfs-diff.tar's end")).toBe("rootfs\\-diff.tar\\(aqs end");
    expect(bold("x-y")).toBe("\\fBx\\-y\\fR");
  });

  it("no line begins with what roff would take for a request, wherever it is broken", () => {
    expect(guarded(".keep")).toBe("\\&.keep");
    expect(guarded("'tis")).toBe("\\&'tis");
    const lines = filled(`${"word ".repeat(40)}${".so ".repeat(40)}'x`).split("\n");
    expect(lines.length).toBeGreaterThan(4);
    for (const line of lines) expect(line).toMatch(/^(\\&|[^.'])/);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it("arguments of macros keep their quotes", () => {
    expect(quoted("NAME")).toBe("NAME");
    expect(quoted("EXIT STATUS")).toBe('"EXIT STATUS"');
    expect(quoted('a "b"')).toBe('"a \\(dqb\\(dq"');
  });
});

describe("manual pages", () => {
  it.each(manuals.map((manual) => [pageName(manual), manual] as const))(
    "%s is ASCII, and has what a page has",
    (name, manual) => {
      const text = manPage(manual, manuals, release);
      expect(text).toMatch(/^[\n -~]*$/);
      expect(text).toContain(`.TH ${name.toUpperCase()} 1 2026-11-22 "cryoscope 1.2.3"`);
      for (const title of ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", '"EXIT STATUS"']) {
        expect(text).toContain(`\n.SH ${title}\n`);
      }
      for (const [flags] of manual.options) {
        expect(text).toContain(`\\fB${literal(/--[\w-]+/.exec(flags)?.[0] ?? "")}\\fR`);
      }
      for (const line of text.split("\n")) {
        expect(line, "an unknown request").toMatch(
          /^([^.']|$)|^\.(\\"|TH|SH|TP|PP|RS|RE|nf|fi|br|nh|ad)( |$)/,
        );
      }
    },
  );

  it("tell choices, defaults, exit codes of the command's own, and other pages", () => {
    const text = page("memory search").replaceAll("\n", " ");
    expect(text).toContain("one of table, json, jsonl, yaml; default: table");
    expect(text).toContain(".TP \\fB1\\fR nothing was found .TP");
    expect(text).toContain("\\fBcryoscope\\-memory\\fR(1)");
    expect(page("memory")).toContain("\\fBcryoscope\\-memory\\-search\\fR(1)");
    expect(page("restore image")).toContain("REGISTRY_AUTH_FILE");
  });

  it("are named in package.json, from which npm installs them", () => {
    const manifest = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as { man: string[] };
    expect(manifest.man.toSorted()).toEqual(
      manuals.map((manual) => `dist/man/${pageName(manual)}.1`).sort(),
    );
    for (const path of manifest.man) expect(existsSync(root + path), path).toBe(true);
  });
});

describe("help", () => {
  it("says what the manual says, in any width", async () => {
    for (const columns of [60, 80, 200]) {
      const { out } = await run(["memory", "search", "--help"], { columns });
      const text = out.replace(/\s+/g, " ");
      const manual = manuals.find(({ words }) => words === "memory search") as CommandManual;
      for (const paragraph of manual.about) expect(text).toContain(paragraph);
      expect(text).toContain("1 nothing was found");
      for (const [line, says] of manual.examples) expect(out).toContain(`  # ${says}\n  ${line}\n`);
    }
  });

  it("of each command tells all exit codes of the whole between them", () => {
    const codes = new Set(manuals.flatMap(({ exits }) => exits.map(([code]) => code)));
    expect([...codes].sort()).toEqual(Object.values(exitCodes).sort());
    for (const { exits, words } of manuals) {
      expect(
        exits.map(([code]) => code),
        words,
      ).toContain(0);
    }
  });

  it("lists commands by their one line", async () => {
    const { out } = await run(["restore", "-h"], { columns: 200 });
    expect(out).toMatch(/^ {2}plan \[options\] <archive> +say whether it will come back/m);
  });
});
