import { describe, expect, it } from "vitest";
import { everyRule } from "../../src/audit/every-rule.ts";
import { renderJUnit } from "../../src/report/junit.ts";
import {
  archiveOf,
  evil,
  findingOf,
  fullReport,
  reportOf,
  ruleOf,
} from "../support/full-report.ts";
import { parseXml, type XmlElement } from "../support/xml.ts";
import { unsafe } from "./unsafe.ts";

const rules = [
  "secrets/memory",
  "exposure/privileged",
  "attack/listener",
  "integrity/damaged",
  "housekeeping/old",
].map((id) => ruleOf(id));

function junit(report = fullReport(), asked = rules, disabled?: Set<string>): XmlElement {
  return parseXml([...renderJUnit(report, asked, disabled)].join(""));
}

/** How each test of a suite ended: `passed`, `failure`, `error`, `skipped`. */
function outcomes({ children }: XmlElement): Record<string, string> {
  return Object.fromEntries(
    children
      .filter(({ name }) => name === "testcase")
      .map(({ attributes, children: [result] }) => [
        `${attributes["classname"]}/${attributes["name"]?.split(":")[0]}`.replace("cryoscope.", ""),
        result === undefined || result.name === "system-out" ? "passed" : result.name,
      ]),
  );
}

describe("the reader of these tests", () => {
  it.each([
    "<a>",
    "<a></b>",
    "<a x=1/>",
    "<a>&</a>",
    "<a>&x;</a>",
    "<a/><b/>",
    '<a b="<"/>',
    '<a b="1" b="2"/>',
    "<a>\u0001</a>",
    "<a>\ufffe</a>",
  ])("sees that this is no XML: %j", (text) => {
    expect(() => parseXml(text)).toThrow();
  });
});

describe("JUnit", () => {
  it("has a suite an archive and a test a rule", () => {
    const { name, children } = junit();
    expect(name).toBe("testsuites");
    expect(children.map((suite) => [suite.name, outcomes(suite)])).toEqual([
      [
        "testsuite",
        {
          "archive/archive is read whole": "error",
          "secrets/memory": "failure",
          "exposure/privileged": "skipped",
          "attack/listener": "passed",
          "integrity/damaged": "passed",
        },
      ],
      [
        "testsuite",
        {
          "archive/archive is read whole": "error",
          "secrets/memory": "skipped",
          "exposure/privileged": "skipped",
          "attack/listener": "skipped",
          "integrity/damaged": "skipped",
        },
      ],
      [
        "testsuite",
        {
          "archive/archive is read whole": "passed",
          "secrets/memory": "passed",
          "exposure/privileged": "passed",
          "attack/listener": "passed",
          "integrity/damaged": "passed",
        },
      ],
      ["testsuite", { "housekeeping/old": "passed" }],
    ]);
  });

  it("counts what it tells", () => {
    const root = junit();
    const sums = { tests: 0, failures: 0, errors: 0, skipped: 0 };
    for (const suite of root.children) {
      const ended = Object.values(outcomes(suite));
      const counts = {
        tests: ended.length,
        failures: ended.filter((it) => it === "failure").length,
        errors: ended.filter((it) => it === "error").length,
        skipped: ended.filter((it) => it === "skipped").length,
      };
      for (const [key, count] of Object.entries(counts)) {
        expect(suite.attributes[key]).toBe(`${count}`);
        sums[key as keyof typeof sums] += count;
      }
    }
    expect(root.attributes).toMatchObject({
      tests: "16",
      failures: "1",
      errors: "2",
      skipped: "5",
    });
    expect(sums).toEqual({ tests: 16, failures: 1, errors: 2, skipped: 5 });
  });

  it("tells of a failure what, where, what to do, and its fingerprint", () => {
    const [suite] = junit().children;
    const failed = suite?.children.find(({ children: [result] }) => result?.name === "failure");
    expect(failed?.children[0]?.attributes).toEqual({
      message: "AKIA•••••••• stands in memory",
      type: "critical",
    });
    const { fingerprint } = findingOf({
      ruleId: "secrets/memory",
      message: "AKIA•••••••• stands in memory",
    });
    expect(failed?.children[0]?.text.split("\n")).toEqual([
      "critical: AKIA•••••••• stands in memory",
      "  at pid 1, 0x7ffc1000 in [stack], checkpoint/pages-1.img, byte 4,096",
      "  at pid 7, 0xffffffffff600000, checkpoint/pages-2.img, byte 1",
      "  at config.dump, /rootfsImageRef",
      "  at /var/lib/kubelet/checkpoints",
      "  at pid 1, descriptor 3, checkpoint/files.img, entry 14",
      "  remedy: Take `privileged: true` out of the pod.",
      `  fingerprint: ${fingerprint}`,
    ]);
  });

  it("fails from the threshold on, and never where there is none", () => {
    const of = (failOn: "critical" | "medium" | "none") =>
      outcomes(
        junit(reportOf([archiveOf({ findings: [findingOf()] })], { failOn }))
          .children[0] as XmlElement,
      )["exposure/privileged"];
    expect([of("critical"), of("medium"), of("none")]).toEqual(["passed", "failure", "passed"]);
  });

  it("skips what the policy does not ask", () => {
    const suite = junit(reportOf([archiveOf()]), rules, new Set(["attack/listener"])).children[0];
    expect(outcomes(suite as XmlElement)["attack/listener"]).toBe("skipped");
  });

  it("skips what is allowed only where all of it is", () => {
    const allowed = { allowed: { reason: "known", expires: null } };
    const of = (...findings: Parameters<typeof findingOf>[0][]): string | undefined => {
      const [suite] = junit(reportOf([archiveOf({ findings: findings.map(findingOf) })])).children;
      return outcomes(suite as XmlElement)["exposure/privileged"];
    };
    expect(of(allowed)).toBe("skipped");
    expect(of(allowed, { severity: "low" })).toBe("passed");
    expect(of(allowed, {})).toBe("failure");
  });

  it("holds nothing unsafe, whatever an archive is called and holds", () => {
    const report = reportOf([
      archiveOf({
        path: evil,
        container: evil,
        image: evil,
        findings: [findingOf({ message: evil, places: [{ member: evil }] })],
      }),
    ]);
    const text = [...renderJUnit(report, rules)].join("");
    expect(text).not.toMatch(unsafe);
    expect(parseXml(text).children[0]?.attributes["name"]).toContain("]]>&<\"'");
  });

  it("has a test for each of our own rules", () => {
    const names = junit(fullReport(), [...everyRule]).children.map(outcomes);
    for (const { id } of everyRule)
      expect(
        names.some((suite) => id in suite),
        id,
      ).toBe(true);
  });
});
