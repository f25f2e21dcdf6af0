import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { defaultPolicy, type Policy } from "../../../src/audit/policy/policy.ts";
import { parsePolicy, readPolicy } from "../../../src/audit/policy/read-policy.ts";
import { UsageError } from "../../../src/base/errors.ts";
import { scratch } from "../../support/samples.ts";

const names = {
  rules: ["exposure/privileged", "exposure/host-pid", "attack/anonymous-code", "secrets/found"],
  detectors: ["aws-access-key-id", "private-key"],
};
const head = "apiVersion: cryoscope/v1\nkind: AuditPolicy\n";
const parse = (body: string): Promise<Policy> =>
  parsePolicy(head + body, { names, path: "p.yaml" });

async function faultOf(reading: Promise<unknown>): Promise<UsageError> {
  const error = await reading.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UsageError);
  return error as UsageError;
}

describe("a policy file", () => {
  it("says nothing and is the default policy", async () => {
    expect(await parse("")).toEqual(defaultPolicy);
    expect(await parse("rules:\nthresholds:\nexpect:\nsecrets:\nallow:\nkeep:\n")).toEqual(
      defaultPolicy,
    );
  });

  it("is JSON too", async () => {
    const text = '{"apiVersion":"cryoscope/v1","kind":"AuditPolicy","failOn":"none"}';
    expect((await parsePolicy(text, { names })).failOn).toBe("none");
  });

  it("sets everything that there is", async () => {
    const policy = await parse(`
failOn: medium
rules:
  exposure/privileged: off
  "attack/*": low
  secrets/found: { enabled: true, severity: critical }
thresholds:
  maxAge: 1d12h
  maxArchivesPerContainer: null
  maxBytesPerContainer: 1.5Gi
  maxBytesPerPod: 500M
  maxBytesPerNamespace: 4096
  maxBytesPerDirectory: 10GiB
  minFreeBytes: null
  clockSkew: 90s
expect:
  runtimes: [cri-o, podman]
  images: ["registry.example/**"]
  namespaces: [shop, "team-*"]
  listeners: [tcp/8080]
  outbound: null
  directories: []
  writableHostPaths: [/var/log/**]
  capabilities: [cap_net_raw]
secrets:
  disabled: [private-key, acme-token]
  own:
    - id: acme-token
      title: Token of Acme
      keywords: [ACME_]
      expression: "acme_(?<secret>[a-z0-9]{32})"
      severity: medium
allow:
  - fingerprint: 0123456789abcdef0123456789abcdef
    rule: secrets/*
    detector: acme-token
    path: "**/fixtures/*"
    reason: a test's
    expires: 2027-01-31
keep: ["/evidence/**"]
`);
    expect(policy).toEqual({
      failOn: "medium",
      rules: {
        "exposure/privileged": { enabled: false },
        "attack/anonymous-code": { severity: "low" },
        "secrets/found": { enabled: true, severity: "critical" },
      },
      thresholds: {
        maxAge: 129_600,
        maxArchivesPerContainer: null,
        maxBytesPerContainer: 1_610_612_736,
        maxBytesPerPod: 500_000_000,
        maxBytesPerNamespace: 4096,
        maxBytesPerDirectory: 10 * 1024 ** 3,
        minFreeBytes: null,
        clockSkew: 90,
      },
      expect: {
        runtimes: ["cri-o", "podman"],
        images: ["registry.example/**"],
        namespaces: ["shop", "team-*"],
        listeners: ["tcp/8080"],
        outbound: null,
        directories: [],
        writableHostPaths: ["/var/log/**"],
        capabilities: ["CAP_NET_RAW"],
      },
      secrets: {
        disabled: ["private-key", "acme-token"],
        own: [
          {
            id: "acme-token",
            title: "Token of Acme",
            keywords: ["acme_"],
            expression: "acme_(?<secret>[a-z0-9]{32})",
            severity: "medium",
          },
        ],
      },
      allow: [
        {
          fingerprint: "0123456789abcdef0123456789abcdef",
          rule: "secrets/*",
          detector: "acme-token",
          path: "**/fixtures/*",
          reason: "a test's",
          expires: "2027-01-31",
        },
      ],
      keep: ["/evidence/**"],
    });
  });

  it("repeats itself by anchors", async () => {
    const policy = await parse(
      "expect:\n  listeners: &those [tcp/80, tcp/443]\n  outbound: *those\n",
    );
    expect(policy.expect.outbound).toEqual(["tcp/80", "tcp/443"]);
  });
});

/** What is wrong, where it is told, and what of the message matters. */
const wrong: [name: string, body: string, place: string, told: RegExp][] = [
  ["an unknown key", "failon: high", "line 3, column 9", /failon is no key.*next.*failOn/],
  [
    "an unknown key inside",
    "thresholds:\n  maxage: 7d",
    "line 4, column 11",
    /thresholds\.maxage.*maxAge/,
  ],
  [
    "a section of another type",
    "thresholds: [1]",
    "line 3, column 1",
    /thresholds is no mapping.*a list/,
  ],
  [
    "a number for a duration",
    "thresholds:\n  maxAge: 7",
    "line 4, column 11",
    /thresholds\.maxAge is no duration.*7.*7d/,
  ],
  ["an unknown unit", "thresholds:\n  maxAge: 7y", "line 4, column 11", /is no duration.*"7y"/],
  ["an empty duration", "thresholds:\n  clockSkew: ''", "line 4, column 14", /is no duration/],
  [
    "null where there has to be a value",
    "thresholds:\n  clockSkew:",
    "line 4, column 13",
    /is no duration.*nothing/,
  ],
  ["a size below zero", "thresholds:\n  minFreeBytes: -1", "line 4, column 17", /is no size.*-1/],
  [
    "a size with another unit",
    "thresholds:\n  minFreeBytes: 10Gib",
    "line 4, column 17",
    /is no size.*10Gi/,
  ],
  [
    "a size beyond all sizes",
    "thresholds:\n  minFreeBytes: 99999999Pi",
    "line 4, column 17",
    /is no size/,
  ],
  [
    "half an archive",
    "thresholds:\n  maxArchivesPerContainer: 1.5",
    "line 4, column 28",
    /is no count.*1\.5/,
  ],
  [
    "an infinity",
    "thresholds:\n  maxArchivesPerContainer: .inf",
    "line 4, column 28",
    /is no count/,
  ],
  [
    "an unknown severity",
    "failOn: hihg",
    "line 3, column 9",
    /failOn is no severity.*"hihg".*critical, high.*did you mean high/,
  ],
  [
    "an unknown rule",
    "rules:\n  exposure/priviliged: off",
    "line 4, column 24",
    /names no rule.*priviliged.*did you mean exposure\/privileged/,
  ],
  ["a pattern of no rule", 'rules:\n  "expo/*": off', "line 4, column 13", /names no rule/],
  [
    "no setting of a rule",
    "rules:\n  exposure/privileged: perhaps",
    "line 4, column 24",
    /is no setting.*perhaps.*off, on/,
  ],
  [
    "an unknown key of a rule",
    "rules:\n  exposure/privileged: {level: low}",
    "line 4, column 32",
    /level is no key/,
  ],
  [
    "an unknown detector",
    "secrets:\n  disabled: [aws-acces-key-id]",
    "line 4, column 14",
    /secrets\.disabled\[0\] names no detector.*did you mean aws-access-key-id/,
  ],
  [
    "an unknown runtime",
    "expect:\n  runtimes: [crio]",
    "line 4, column 14",
    /runtimes\[0\] is no runtime.*cri-o/,
  ],
  [
    "a text for a list",
    "expect:\n  images: foo",
    "line 4, column 11",
    /expect\.images is no list.*"foo"/,
  ],
  ["a list without null", "expect:\n  capabilities: null", "line 4, column 17", /is no list.*\[\]/],
  [
    "a number in a list",
    "expect:\n  images: [foo, 12]",
    "line 4, column 17",
    /images\[1\] is no text.*12/,
  ],
  [
    "no capability",
    "expect:\n  capabilities: [NET_RAW]",
    "line 4, column 18",
    /is no capability.*CAP_NET_RAW/,
  ],
  [
    "no listener",
    "expect:\n  listeners: ['8080']",
    "line 4, column 15",
    /is no protocol.*tcp\/8080/,
  ],
  [
    "an allowance without reason",
    "allow:\n  - rule: secrets/found",
    "line 4, column 5",
    /allow\[0\] has no reason/,
  ],
  [
    "an allowance of everything",
    "allow:\n  - reason: x",
    "line 4, column 5",
    /allow\[0\] allows everything.*fingerprint, rule/,
  ],
  [
    "no fingerprint",
    "allow:\n  - {reason: x, fingerprint: ABC}",
    "line 4, column 30",
    /is no fingerprint.*"ABC".*32/,
  ],
  [
    "no date",
    "allow:\n  - {reason: x, rule: secrets/found, expires: tomorrow}",
    "line 4, column 47",
    /expires is no date.*tomorrow.*2027-01-31/,
  ],
  [
    "a day that is not",
    "allow:\n  - {reason: x, rule: secrets/found, expires: 2027-02-31}",
    "line 4, column 47",
    /is no date/,
  ],
  [
    "an expression without end",
    own("expression: '(a'"),
    "line 9, column 19",
    /secrets\.own\[0\]\.expression cannot be used.*missing closing/,
  ],
  [
    "an expression that looks ahead",
    own("expression: 'acme(?=x)'"),
    "line 9, column 19",
    /cannot be used.*RE2/,
  ],
  [
    "an expression that matches nothing",
    own("expression: 'a*'"),
    "line 9, column 19",
    /matches a text of no characters/,
  ],
  [
    "an expression that is too large",
    own("expression: '(a{1000}|b{1000}|c{1000})'"),
    "line 9, column 19",
    /too large: \d+ steps/,
  ],
  [
    "an expression that is too long",
    own(`expression: '${"a".repeat(1001)}'`),
    "line 9, column 19",
    /is too long.*1,000/,
  ],
  ["an expression beyond ASCII", own("expression: 'é'"), "line 9, column 19", /beyond ASCII/],
  [
    "a detector's id that is taken",
    own("expression: abc", "private-key"),
    "line 5, column 11",
    /is taken/,
  ],
  [
    "a detector without keywords",
    own("expression: abc", "acme", "[]"),
    "line 7, column 7",
    /keywords is an empty list/,
  ],
  [
    "a keyword of one letter",
    own("expression: abc", "acme", "[a]"),
    "line 7, column 18",
    /keywords\[0\] is no keyword/,
  ],
  ["a key twice", "failOn: low\nfailOn: high", "line 4, column 1", /key failOn twice/],
  ["a key that is no text", "1: 2", "line 3, column 1", /key that is no text/],
  ["no YAML", "failOn: [", "line 3, column 10", /is no YAML/],
  ["two documents", "---\nfailOn: low", "line 3, column 1", /more than one YAML document/],
  [
    "a circle of aliases",
    "expect: &a\n  images: *a",
    "line 4, column 11",
    /alias \*a inside of &a/,
  ],
  ["an alias of nothing", "expect: *b", "line 3, column 9", /alias \*b of nothing/],
  [
    "a key called __proto__",
    "__proto__: {failOn: none}",
    "line 3, column 12",
    /__proto__ is no key/,
  ],
];

function own(last: string, id = "acme", keywords = "[acme]"): string {
  return `secrets:\n  own:\n    - id: ${id}\n      title: t\n      keywords: ${keywords}\n\n      ${last}`;
}

describe("a policy that is wrong is told with file, line, column and key", () => {
  it.each(wrong)("%s", async (_name, body, place, told) => {
    const { message, detail } = await faultOf(parse(body));
    expect(message).toContain(`p.yaml, ${place}: `);
    expect(`${message} next ${detail.next ?? ""}`).toMatch(told);
    expect(detail.where).toEqual({ path: "p.yaml" });
  });

  it.each([
    ["no head", "failOn: low", /has no apiVersion.*apiVersion: cryoscope\/v1/],
    [
      "another kind",
      "apiVersion: cryoscope/v1\nkind: Policy",
      /kind is no kind of a policy.*"Policy".*AuditPolicy/,
    ],
    ["nothing", "", /is empty|is no mapping/],
    ["a text", "hello", /the policy is no mapping.*"hello"/],
  ])("%s", async (_name, text, told) => {
    expect((await faultOf(parsePolicy(text, { names }))).message).toMatch(told);
  });
});

describe("a hostile policy is refused before it can hurt", () => {
  const bomb = ["l0: &l0 [x, x, x, x, x, x, x, x, x, x]"];
  for (let at = 1; at < 12; at++) {
    bomb.push(
      `l${at}: &l${at} [${Array(10)
        .fill(`*l${at - 1}`)
        .join(", ")}]`,
    );
  }
  it.each([
    ["aliases that multiply", bomb.join("\n"), /more than 100,000 values/],
    [
      "nesting beyond the stack",
      `expect: ${"[".repeat(200_000)}`,
      /nested too deeply|no YAML|levels/,
    ],
    ["nested blocks", `allow:\n ${"- ".repeat(200_000)}x`, /nested/],
    [
      "aliases without number",
      `a: &a x\nb: [${"*a, ".repeat(150_000)}]`,
      /more than 100,000 values/,
    ],
    [
      "keys without number",
      Array.from({ length: 90_000 }, (_, at) => `k${at}: x`).join("\n"),
      /k0 is no key/,
    ],
    [
      "anchors without number",
      `x: [${Array.from({ length: 60_000 }, (_, at) => `&a${at} x`).join(", ")}]`,
      /x is no key/,
    ],
    ["more than a policy is", `# ${"x".repeat(1024 * 1024)}`, /too large for a policy/],
    [
      "a list without end",
      `expect:\n  images: [${"x, ".repeat(10_001)}]`,
      /too long a list.*10,000/,
    ],
    ["a pattern without end", `expect:\n  images: ["${"*".repeat(1025)}"]`, /too long.*1,024/],
  ])("%s", async (_name, body, told) => {
    expect((await faultOf(parse(body))).message).toMatch(told);
  });
});

describe("extends", () => {
  function write(files: Record<string, string>): string {
    const folder = scratch();
    mkdirSync(join(folder, "base"));
    for (const [name, body] of Object.entries(files))
      writeFileSync(join(folder, name), head + body);
    return folder;
  }

  it("lays one file over another: values replace, allowances add, null takes back", async () => {
    const folder = write({
      "mine.yaml": `extends: base/middle.yaml
rules: { exposure/privileged: null, exposure/host-pid: low }
thresholds: { maxAge: null }
expect: { directories: [/mine] }
secrets: { disabled: [acme] }
allow: [{ rule: secrets/found, reason: mine }]
keep: [/mine/*]
`,
      "base/middle.yaml": `extends: ../root.yaml
failOn: critical
secrets: { own: [{ id: acme, title: new, keywords: [acme], expression: acme1 }] }
allow: [{ rule: "attack/*", reason: middle }]
keep: [/middle/*, /mine/*]
`,
      "root.yaml": `failOn: low
rules: { exposure/privileged: off, exposure/host-pid: off }
thresholds: { maxAge: 1h, clockSkew: 1m }
expect: { directories: [/root], images: [a] }
secrets: { own: [{ id: acme, title: old, keywords: [acme], expression: acme0 }] }
`,
    });
    expect(await readPolicy(join(folder, "mine.yaml"), names)).toEqual({
      ...defaultPolicy,
      failOn: "critical",
      rules: { "exposure/host-pid": { enabled: false, severity: "low" } },
      thresholds: { ...defaultPolicy.thresholds, maxAge: null, clockSkew: 60 },
      expect: { ...defaultPolicy.expect, directories: ["/mine"], images: ["a"] },
      secrets: {
        disabled: ["acme"],
        own: [{ id: "acme", title: "new", keywords: ["acme"], expression: "acme1" }],
      },
      allow: [
        { rule: "attack/*", reason: "middle" },
        { rule: "secrets/found", reason: "mine" },
      ],
      keep: ["/middle/*", "/mine/*"],
    });
  });

  it("goes in no circle", async () => {
    const folder = write({ "a.yaml": "extends: b.yaml", "b.yaml": "extends: ./base/../a.yaml" });
    const { message } = await faultOf(readPolicy(join(folder, "a.yaml"), names));
    expect(message).toMatch(
      /b\.yaml, line 3, column 10: extends goes round in a circle: .*a\.yaml -> .*b\.yaml -> .*a\.yaml/,
    );
  });

  it("goes in no circle of links either", async () => {
    const folder = write({ "a.yaml": "extends: base/a.yaml" });
    symlinkSync(".", join(folder, "base", "base"));
    symlinkSync("../a.yaml", join(folder, "base", "a.yaml"));
    const { message } = await faultOf(readPolicy(join(folder, "a.yaml"), names));
    expect(message).toMatch(/extends is one policy too many.*allowed 8/);
  });

  it("names the file that is not there, and the key that names it", async () => {
    const folder = write({ "a.yaml": "extends: gone.yaml" });
    const { message, detail } = await faultOf(readPolicy(join(folder, "a.yaml"), names));
    expect(message).toMatch(
      /a\.yaml, line 3, column 10: extends cannot be read: there is no such file/,
    );
    expect(detail.next).toBe(`look for ${join(folder, "gone.yaml")}`);
  });

  it("tells a fault in the file where it is", async () => {
    const folder = write({ "a.yaml": "extends: base/b.yaml", "base/b.yaml": "failOn: never" });
    const { message } = await faultOf(readPolicy(join(folder, "a.yaml"), names));
    expect(message).toContain(
      `${join(folder, "base/b.yaml")}, line 3, column 9: failOn is no severity`,
    );
  });
});

describe("a policy file that cannot be read", () => {
  it.each([
    ["is not there", "gone.yaml", /there is no such file/],
    ["is a folder", ".", /it is a folder/],
    ["is endless", "/dev/zero", /larger than 1\.0 MiB/],
    ["is no text", "binary.yaml", /no UTF-8 text/],
  ])("%s", async (_name, path, told) => {
    const folder = scratch();
    writeFileSync(join(folder, "binary.yaml"), Buffer.from([0xff, 0xfe, 0x00]));
    const whole = path.startsWith("/") ? path : join(folder, path);
    const { message, detail } = await faultOf(readPolicy(whole, names));
    expect(message).toMatch(told);
    expect(detail.where).toEqual({ path: whole });
  });
});
