import { describe, expect, it } from "vitest";
import { evaluate } from "../../../../src/audit/evaluate.ts";
import type { Finding } from "../../../../src/audit/finding.ts";
import { defaultPolicy, type Policy } from "../../../../src/audit/policy/policy.ts";
import { secretsRules } from "../../../../src/audit/rules/secrets.ts";
import { Subject } from "../../../../src/audit/subject.ts";
import { openCheckpoint } from "../../../../src/checkpoint/open-checkpoint.ts";
import { Alteration } from "../../../support/alteration.ts";
import { sampleTime } from "../../../support/rules.ts";
import { rich, sampleArchives } from "../../../support/samples.ts";
import { member, tar } from "../../../support/tar-builder.ts";

interface Asked {
  policy?: Policy;
  memory?: boolean;
  reveal?: boolean;
}

async function findings(path: string, asked: Asked = {}): Promise<Finding[]> {
  const checkpoint = await openCheckpoint(path, { permissions: "any" });
  const { policy = defaultPolicy, memory = true, reveal = false } = asked;
  const subject = new Subject(checkpoint, { policy, now: sampleTime, memory, reveal });
  const { findings, problems } = await evaluate(subject, secretsRules);
  expect(problems).toEqual([]);
  await checkpoint.close();
  return findings;
}

const told = (all: readonly Finding[]): string[] =>
  all.map(({ ruleId, severity, message }) => `${ruleId}: ${severity}: ${message}`);

/** What is found in an archive, and not in the sample that it was made of. */
async function added(altered: Alteration): Promise<string[]> {
  const before = new Set((await findings(rich)).map(({ fingerprint }) => fingerprint));
  const after = await findings(altered.write());
  return told(after.filter(({ fingerprint }) => !before.has(fingerprint)));
}

const password = "password=Tr0ub4d0";

describe("rules of secrets", () => {
  it("tell each planted secret of the rich sample once, where most people can read it", async () => {
    const all = await findings(rich);
    expect(told(all).map((text) => text.replace(/(: \w+): .*?, (?=•|AKIA)/, "$1: "))).toEqual([
      "secrets/metadata: high: ••••••••, in config.dump, and in 15 more places",
      "secrets/command-line: medium: ••••••••, in the command line of process 4",
      "secrets/memory: medium: ••••••••, in the memory of process 1",
      "secrets/metadata: low: AKIA••••••••, in config.dump, and in 7 more places",
      "secrets/metadata: low: ••••••••, in config.dump, and in 7 more places",
    ]);
    const [gravest] = all;
    expect(gravest?.secret?.detector).toBe("database-url");
    expect(gravest?.secret?.fingerprint).toMatch(/^[0-9a-f]{32}$/);
    expect(gravest?.places.length).toBe(16);
    expect(gravest?.facts).toMatchObject({ places: 16, user: "app", proof: "structure" });
    expect(JSON.stringify(all.map(({ facts, message }) => [facts, message]))).not.toMatch(
      /mysecret|hunter2|IOSFODNN/,
    );
  });

  it("leave out pages alone where memory is not to be searched", async () => {
    const ids = (await findings(rich, { memory: false })).map(({ ruleId }) => ruleId);
    expect(ids).toEqual([
      "secrets/metadata",
      "secrets/command-line",
      "secrets/metadata",
      "secrets/metadata",
    ]);
  });

  it("show secrets where that is asked for", async () => {
    const [first] = await findings(rich, { reveal: true });
    expect(first?.message).toContain("mysecret-not-real");
    expect(first?.facts["value"]).toBe("mysecret-not-real");
  });

  it("ask neither detectors that the policy disables, nor fewer than it brings", async () => {
    const own = {
      id: "heart",
      title: "Heartbeat",
      keywords: ["heartbeat"],
      expression: "heartbeat [0-9]+",
      severity: "info" as const,
    };
    const disabled = ["database-url", "aws-access-key-id", "command-line-flag"];
    const policy = { ...defaultPolicy, secrets: { disabled, own: [own] } };
    const found = await findings(rich, { policy });
    const detectors = new Set(found.map(({ secret }) => secret?.detector));
    expect([...detectors].sort()).toEqual([
      "aws-secret-access-key",
      "heart",
      "named-variable",
      "password-assignment",
    ]);
    const log = found.find(({ ruleId }) => ruleId === "secrets/log");
    expect(log?.places[0]).toEqual({ member: "ctr.log", offset: 45 });
  });

  it("find nothing at high in the clean samples", async () => {
    for (const { name, path } of sampleArchives()) {
      if (/env-secrets|rich/.test(name)) continue;
      const grave = (await findings(path)).filter(({ severity }) => /high|crit/.test(severity));
      expect([name, told(grave)]).toEqual([name, []]);
    }
  });
});

describe("each place of a secret has a rule", () => {
  const alteration = (): Promise<Alteration> => Alteration.of(rich);

  it("log", async () => {
    const altered = (await alteration()).replace("ctr.log", `x\nlogin ${password}\n`);
    expect(await added(altered)).toEqual([
      expect.stringMatching(/^secrets\/log: medium: .*, in ctr\.log$/),
    ]);
  });

  it("volume, with the file in it", async () => {
    const volume = tar([member({ name: "app/.env", body: `${password}\n` })]);
    const altered = (await alteration()).replace("volumes/rich-volume.tar", volume);
    expect(await added(altered)).toEqual([
      expect.stringMatching(/^secrets\/volume: .*, in volumes\/rich-volume\.tar!app\/\.env$/),
    ]);
  });

  it("rootfs", async () => {
    const altered = (await alteration()).rootfs({ name: "etc/x.conf", body: `${password}\n` });
    expect(await added(altered)).toEqual([
      expect.stringMatching(/^secrets\/rootfs: .*, in rootfs-diff\.tar!etc\/x\.conf$/),
    ]);
  });

  it("metadata, whatever stands before a value", async () => {
    const altered = (await alteration()).json("spec.dump", (spec) => {
      const process = spec["process"] as { args: string[]; env: string[] };
      process.args = ["serve", "--api-token", "a b c 5", "--token-file", "/run/token"];
      process.env.push(
        'SESSION_SECRET=quite "short"',
        "TOKEN=",
        "AUTH=true",
        "PASSWORD_POLICY=strong-enough",
        "PWD=/srv/a/b",
      );
    });
    expect(await added(altered)).toEqual([
      expect.stringMatching(/^secrets\/metadata: medium: .*option.*, in spec\.dump$/),
      expect.stringMatching(/^secrets\/metadata: medium: .*ariable.*, in spec\.dump$/),
    ]);
  });

  it("metadata, and documents inside documents", async () => {
    const pod = {
      env: [
        { name: "API_TOKEN", value: 'quite "short"' },
        { name: "A", value: "b" },
      ],
    };
    const altered = (await alteration()).json("spec.dump", (spec) => {
      spec["annotations"] = { applied: JSON.stringify({ inside: JSON.stringify(pod) }), ...pod };
    });
    const [found, ...others] = await added(altered);
    expect(found).toMatch(/^secrets\/metadata: medium: .*in spec\.dump, and in 1 more place$/);
    expect(others).toEqual([]);
  });

  it("queue", async () => {
    const altered = (await alteration()).bytes("fifo-data.img", "queued-fifo-bytes", password);
    expect(await added(altered)).toEqual([
      expect.stringMatching(/^secrets\/queue: .*, in the queue of checkpoint\/fifo-data\.img$/),
    ]);
  });

  it("deleted file", async () => {
    const altered = await alteration();
    altered.bytes("ghost-file-1.img", "ghost file body", "passwd=Tr0ub4d0");
    expect(await added(altered)).toEqual([
      expect.stringMatching(/^secrets\/deleted-file: .*deleted file of checkpoint\/ghost-file-1/),
    ]);
  });

  it("command line", async () => {
    const altered = await alteration();
    altered.bytes("pages-7.img", "cmdline-secret-not-real", "another-secret-not-real");
    expect(await added(altered)).toEqual([
      expect.stringMatching(/^secrets\/command-line: .*, in the command line of process 4$/),
    ]);
  });

  it("environment", async () => {
    const altered = await alteration();
    altered.bytes(
      "pages-8.img",
      "POSTGRES_PASSWORD=mysecret-not",
      "POSTGRES_PASSWORD=ourtrick-not",
    );
    expect(await added(altered)).toContainEqual(
      expect.stringMatching(/^secrets\/environment: .*, in POSTGRES_PASSWORD of process 6$/),
    );
  });

  it("memory, also in UTF-16", async () => {
    const altered = await alteration();
    const wide = (text: string): string => Buffer.from(text, "utf16le").toString("latin1");
    altered.bytes("pages-4.img", wide("wide-secret-not-real"), wide("password=Tr0ub4d0xyz"));
    expect(await added(altered)).toEqual([
      expect.stringMatching(/^secrets\/memory: medium: .*, in the memory of process 1$/),
    ]);
  });
});
