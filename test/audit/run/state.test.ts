import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../../src/audit/policy/policy.ts";
import {
  type AuditState,
  emptyState,
  type FileMark,
  questionHash,
  remember,
  unchangedSince,
} from "../../../src/audit/run/state.ts";
import { readState, writeState } from "../../../src/audit/run/state-file.ts";
import { scratch } from "../../support/samples.ts";
import { someAudit, someFinding } from "./support.ts";

const now = Date.parse("2026-11-22T00:00:00Z");
const mark: FileMark = { dev: "1", inode: "2", size: "3", modified: "4", changed: "5" };
const how = { memory: true, permissions: "root" };

function stateWith(finding = someFinding()): AuditState {
  const state = emptyState(questionHash(defaultPolicy, how));
  const seen = remember(someAudit({ findings: [finding] }), mark, "2026-11-22T00:00:00Z");
  if (seen !== undefined) state.archives["/a.tar"] = seen;
  return state;
}

describe("what an audit remembers", () => {
  it("is known again while the file is the same", () => {
    const state = stateWith();
    expect(unchangedSince(state, "/a.tar", mark, now)).toMatchObject({
      counts: { bySeverity: { high: 1, medium: 0 }, allowed: 0 },
      container: "app",
    });
    expect(unchangedSince(state, "/b.tar", mark, now)).toBeUndefined();
    expect(unchangedSince(state, "__proto__", mark, now)).toBeUndefined();
  });

  it.each(Object.keys(mark))("is forgotten with another %s", (key) => {
    const other = { ...mark, [key]: "9" };
    expect(unchangedSince(stateWith(), "/a.tar", other, now)).toBeUndefined();
  });

  it("is forgotten when an allowance ends", () => {
    const allowed = { reason: "looked at", expires: "2026-11-30" };
    const state = stateWith(someFinding({ allowed }));
    expect(unchangedSince(state, "/a.tar", mark, Date.parse("2026-11-30T23:59:59Z"))).toBeDefined();
    expect(
      unchangedSince(state, "/a.tar", mark, Date.parse("2026-12-01T00:00:00Z")),
    ).toBeUndefined();
  });

  it("is nothing of an archive that was not read, or not whole", () => {
    const fault = { kind: "broken", code: null, message: "x", next: null } as const;
    expect(remember(someAudit({ fault }), mark, "")).toBeUndefined();
    const problem = { severity: "error", code: "x", message: "x" } as const;
    expect(remember(someAudit({ problems: [problem] }), mark, "")).toBeUndefined();
    const note = { severity: "note", code: "x", message: "x" } as const;
    expect(remember(someAudit({ problems: [note] }), mark, "")).toBeDefined();
  });

  it("belongs to one question", () => {
    const asked = questionHash(defaultPolicy, how);
    expect(questionHash({ ...defaultPolicy, failOn: "low" }, how)).toBe(asked);
    const others = [
      questionHash({ ...defaultPolicy, rules: { "attack/x": { enabled: false } } }, how),
      questionHash(defaultPolicy, { ...how, memory: false }),
      questionHash(defaultPolicy, { ...how, permissions: "any" }),
    ];
    expect(new Set([asked, ...others]).size).toBe(4);
  });
});

describe("the file of a state", () => {
  const file = (): string => join(scratch(), "state.json");
  const write = (path: string, state = stateWith()): Promise<void> =>
    writeState(path, state, () => {});

  it("comes back as it was, private, and replaces the one before", async () => {
    const path = file();
    expect(await readState(path)).toBeUndefined();
    await write(path, emptyState("before"));
    await write(path);
    expect(await readState(path)).toEqual(stateWith());
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(path, ".."))).toEqual(["state.json"]);
  });

  it.each([
    ["text", "not a state"],
    ["another document", '{"apiVersion":"cryoscope/v1","kind":"AuditReport"}'],
    ["a list", "[]"],
    ["a number", "7"],
    ["no archives", '{"apiVersion":"cryoscope/v1","kind":"AuditState","tool":"","question":""}'],
    [
      "an archive without counts",
      JSON.stringify({ ...emptyState("q"), archives: { "/a": { ...mark, counts: {} } } }),
    ],
    [
      "counts that are none",
      JSON.stringify({
        ...emptyState("q"),
        archives: {
          "/a": {
            ...stateWith().archives["/a.tar"],
            counts: { allowed: 0, bySeverity: { high: "1" } },
          },
        },
      }),
    ],
  ])("is not overwritten where it is none: %s", async (_, content) => {
    const path = file();
    writeFileSync(path, content, { mode: 0o600 });
    await expect(readState(path)).rejects.toThrow(/is no state of an audit/);
    expect(readFileSync(path, "utf8")).toBe(content);
  });

  it("is not believed where others can write it", async () => {
    const path = file();
    await write(path);
    chmodSync(path, 0o620);
    await expect(readState(path)).rejects.toThrow(/others can change/);
  });

  it("is no link, and no folder", async () => {
    const path = file();
    await write(path);
    const link = `${path}.link`;
    symlinkSync(path, link);
    await expect(readState(link)).rejects.toThrow(/a symbolic link/);
    await expect(readState(join(path, ".."))).rejects.toThrow(/no regular file/);
  });

  it("leaves nothing behind when it cannot be written", async () => {
    const path = file();
    // A folder with something in it cannot be replaced by a file.
    mkdirSync(join(path, "inside"), { recursive: true });
    const told: string[] = [];
    const failing = writeState(path, stateWith(), (_, state) => told.push(state));
    await expect(failing).rejects.toThrow(/cannot be written to/);
    expect(readdirSync(join(path, ".."))).toEqual(["state.json"]);
    expect(told).toEqual(["begun", "done"]);
    expect(existsSync(join(path, "inside"))).toBe(true);
  });
});
