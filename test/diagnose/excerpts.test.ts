import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { explained } from "../support/explained.ts";

const folder = new URL("excerpts/", import.meta.url);

/** Real logs, cut to the lines that tell; the first line says where each is from. */
const excerptsOf = (ending: string): { name: string; expected: string; text: string }[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => {
      const text = readFileSync(new URL(name, folder), "utf8");
      const [, expected = ""] = /^# [\w-]+: ([\w-]+);/.exec(text) ?? [];
      return { name, expected, text };
    });
const excerpts = excerptsOf(".log");

describe("failures that were provoked for real", () => {
  it("are many", () => {
    expect(excerpts.length).toBeGreaterThanOrEqual(15);
    expect(new Set(excerpts.map(({ expected }) => expected)).size).toBeGreaterThanOrEqual(15);
  });

  it.each(excerpts)("$name is $expected", ({ expected, text }) => {
    const { finding, errors, criu, kernel, operation } = explained(text);
    expect(finding).toMatchObject({ id: expected });
    expect(criu.version).toBe("4.2.1");
    expect(kernel).toEqual({ release: "6.18.0", machine: "x86_64" });
    expect(["dump", "restore"]).toContain(operation);
    const roles = new Map(errors.map(({ message, role }) => [message, role]));
    expect(errors.filter(({ role }) => role === "cause")).toHaveLength(1);
    for (const [message, role] of roles) {
      if (message.includes("RLIMIT_NOFILE")) expect(role).toBe("harmless");
      if (message.endsWith("FAILED.")) expect(role).toBe("consequence");
      if (message.startsWith("Dump files")) expect(role).toBe("consequence");
    }
  });
});

describe("what runtimes and kubelets really said", () => {
  it.each(excerptsOf(".txt"))("$name is $expected", ({ expected, text }) => {
    const { finding, outcome } = explained(text);
    expect(finding).toMatchObject({ id: expected });
    expect(outcome).toBe("failed");
  });
});
