import { describe, expect, it } from "vitest";
import type { Candidate, Detector, Judgement } from "../../../src/memory/secrets/detector.ts";
import { detectors } from "../../../src/memory/secrets/detectors.ts";
import { artificialIntelligence } from "./examples/artificial-intelligence.ts";
import { assignment } from "./examples/assignment.ts";
import { chat } from "./examples/chat.ts";
import { cloud } from "./examples/cloud.ts";
import { database } from "./examples/database.ts";
import { infrastructure } from "./examples/infrastructure.ts";
import { keyMaterial } from "./examples/key-material.ts";
import type { Examples } from "./examples/made.ts";
import { observability } from "./examples/observability.ts";
import { payment } from "./examples/payment.ts";
import { registry } from "./examples/registry.ts";
import { sourceHosting } from "./examples/source-hosting.ts";
import { token } from "./examples/token.ts";

const groups: Record<string, Record<string, Examples>> = {
  cloud,
  "source-hosting": sourceHosting,
  chat,
  payment,
  registry,
  database,
  observability,
  "artificial-intelligence": artificialIntelligence,
  infrastructure,
  token,
  "key-material": keyMaterial,
  assignment,
};

interface Hit {
  candidate: Candidate;
  judgement: Judgement;
  start: number;
}

/** What a detector finds in a text as it lies in memory, with something else on either side. */
function hitsOf(detector: Detector, example: string): Hit[] {
  const text = `\0\x7fELF\0${example}\0\0`;
  const expression = new RegExp(detector.expression, `${detector.expression.flags}g`);
  return [...text.matchAll(expression)].flatMap((match) => {
    const groups = match.groups ?? {};
    const candidate = { match: match[0], secret: groups["secret"] ?? match[0], groups };
    const judgement =
      detector.judge?.(candidate) ?? (detector.judge ? undefined : { proof: "form" as const });
    return judgement === undefined ? [] : [{ candidate, judgement, start: match.index }];
  });
}

const named = detectors.map((detector): [string, Detector] => [detector.id, detector]);

describe("the table of examples", () => {
  it("has every detector in the group of its file, and no other", () => {
    const expected = detectors.map(({ group, id }) => `${group}/${id}`).sort();
    const found = Object.entries(groups).flatMap(([group, table]) =>
      Object.keys(table).map((id) => `${group}/${id}`),
    );
    expect(found.sort()).toEqual(expected);
    expect(new Set(detectors.map(({ id }) => id)).size).toBe(detectors.length);
    expect(detectors.length).toBeGreaterThan(65);
  });

  it("has three examples of either kind at least", () => {
    const thin = Object.values(groups).flatMap((table) =>
      Object.entries(table).filter(([, { yes, no }]) => yes.length < 3 || no.length < 3),
    );
    expect(thin.map(([id]) => id)).toEqual([]);
  });
});

describe.each(named)("%s", (id, detector) => {
  const { yes, no } = groups[detector.group]?.[id] ?? { yes: [], no: [] };

  it("finds its secrets, each around a keyword and within its length", () => {
    const missed = yes.filter((example) => hitsOf(detector, example).length === 0);
    expect(missed).toEqual([]);
    for (const { candidate } of yes.flatMap((example) => hitsOf(detector, example))) {
      const lower = candidate.match.toLowerCase();
      const places = detector.keywords
        .map((keyword) => lower.indexOf(keyword))
        .filter((at) => at !== -1);
      expect(places.length, candidate.match).toBeGreaterThan(0);
      expect(Math.min(...places)).toBeLessThanOrEqual(detector.lead ?? detector.longest);
      expect(candidate.match.length).toBeLessThanOrEqual(detector.longest);
    }
  });

  it("finds nothing in what only looks alike", () => {
    expect(no.filter((example) => hitsOf(detector, example).length > 0)).toEqual([]);
  });

  it("tells nothing of a secret in its facts", () => {
    for (const { candidate, judgement } of yes.flatMap((example) => hitsOf(detector, example))) {
      const { secret, groups } = candidate;
      const told = JSON.stringify(judgement.facts ?? {});
      for (const part of [secret, groups["random"], groups["body"], judgement.identity]) {
        if (part !== undefined && part.length >= 6) expect(told).not.toContain(part);
      }
    }
  });
});
