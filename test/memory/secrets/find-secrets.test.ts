import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { openCheckpoint } from "../../../src/checkpoint/open-checkpoint.ts";
import { findSecrets, type SecretOptions } from "../../../src/memory/secrets/find-secrets.ts";
import type { Secret } from "../../../src/memory/secrets/secret.ts";
import { run } from "../../support/run.ts";
import { privateCopy, rich, sampleArchives, samplePath } from "../../support/samples.ts";

const any = ["--permissions", "any"];
const environment = samplePath("podman/busybox-env-secrets.tar.gz");

async function found(path: string, options: SecretOptions = {}): Promise<Secret[]> {
  const checkpoint = await openCheckpoint(path, { permissions: "any" });
  try {
    const { secrets, problems } = await findSecrets(checkpoint, { reveal: true, ...options });
    expect(problems).toEqual([]);
    return secrets;
  } finally {
    await checkpoint.close();
  }
}

const values = (secrets: readonly Secret[]): unknown[] =>
  secrets.map(({ detector, value }) => [detector, value]).sort();

describe("secrets of real archives", () => {
  it("are those that were planted in the rich one, each once", async () => {
    const secrets = await found(rich);
    expect(values(secrets)).toEqual([
      ["aws-access-key-id", "AKIAIOSFODNN7EXAMPLE"],
      ["aws-secret-access-key", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"],
      ["command-line-flag", "cmdline-secret-not-real"],
      ["database-url", "mysecret-not-real"],
      ["password-assignment", "hunter2-not-real"],
    ]);
    const place = (value: string): unknown => secrets.find((one) => one.value === value)?.places;
    expect(place("hunter2-not-real")).toEqual([
      {
        kind: "memory",
        pid: 1,
        address: 0x3c5b6719n,
        mapping: "[heap]",
        member: "checkpoint/pages-4.img",
        offset: 42_777,
        parent: 0,
        encoding: "ascii",
      },
    ]);
    expect(place("cmdline-secret-not-real")).toMatchObject([
      { kind: "command-line", pid: 4, address: 0x7ffeb7498ea3n, mapping: "[stack]" },
    ]);
  });

  it("have all their places: the password in five environments twice, and in the metadata", async () => {
    const secret = (await found(rich)).find(({ value }) => value === "mysecret-not-real");
    const kinds = secret?.places.map(({ kind, pid, variable }) => [kind, pid, variable]);
    expect(kinds?.slice(0, 6).every(([kind]) => kind === "metadata")).toBe(true);
    expect(kinds?.slice(6).sort()).toEqual(
      [1, 2, 3, 4, 6].flatMap((pid) => [
        ["environment", pid, "DATABASE_URL"],
        ["environment", pid, "POSTGRES_PASSWORD"],
      ]),
    );
    expect(secret?.morePlaces).toBe(0);
  });

  it("are found in an archive that can only be streamed", async () => {
    expect(values(await found(environment))).toEqual([
      ["aws-access-key-id", "AKIAIOSFODNN7EXAMPLE"],
      ["aws-secret-access-key", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"],
      ["database-url", "mysecret-not-real"],
    ]);
  });

  it("lie at the bytes that their places name", async () => {
    const checkpoint = await openCheckpoint(rich, { permissions: "any" });
    const memory = await checkpoint.memory();
    for (const { value = "", places } of await found(rich)) {
      for (const { pid, address, member, offset } of places) {
        const there = checkpoint.archive.find(member);
        if (there === undefined) throw new Error(member);
        const bytes = await checkpoint.archive.read(there, offset, value.length);
        expect(Buffer.from(bytes).toString()).toBe(value);
        if (pid === undefined || address === undefined) continue;
        const read = await memory.processes.get(pid)?.read(address, value.length);
        expect(Buffer.from(read?.bytes ?? []).toString()).toBe(value);
      }
    }
    await checkpoint.close();
  });

  it("are in none of the clean ones", async () => {
    for (const { name, path } of sampleArchives()) {
      if (/mounts|secrets|rich/.test(name)) continue;
      expect([name, values(await found(path))]).toEqual([name, []]);
    }
  });

  it("are those of some processes, of no page, or of memory alone, where that is asked for", async () => {
    const kinds = async (options: SecretOptions): Promise<string[]> => {
      const places = (await found(rich, options)).flatMap((secret) => secret.places);
      return [...new Set(places.map(({ kind, pid }) => `${kind} ${pid ?? ""}`.trim()))].sort();
    };
    const fourth = { pids: new Set([4]), everywhere: false };
    expect(await kinds(fourth)).toEqual(["command-line 4", "environment 4"]);
    expect(await kinds({ memory: false })).not.toContain("memory 1");
    expect(await kinds({ everywhere: false })).not.toContain("metadata");
    const without = new Set(["command-line-flag", "database-url", "password-assignment"]);
    expect(values(await found(rich, { without }))).toContainEqual([
      "named-variable",
      "mysecret-not-real",
    ]);
    const none = { detectors: [], without: new Set(["named-variable", "command-line-flag"]) };
    expect(await found(rich, none)).toEqual([]);
  });

  it("have no more places than the limit says; the others are counted", async () => {
    const secrets = await found(rich, { limits: { places: 3 } });
    expect(secrets.map(({ places, morePlaces }) => [places.length, morePlaces])).toContainEqual([
      3, 5,
    ]);
    expect(secrets.every(({ places }) => places.length <= 3)).toBe(true);
  });
});

describe("memory secrets", () => {
  it("masks what it shows, unless that is asked for", async () => {
    for (const output of ["table", "json", "yaml"]) {
      const words = ["memory", "secrets", rich, "-o", output, ...any];
      const { code, out } = await run(words);
      expect(code).toBe(1);
      expect(out).not.toMatch(/hunter2|mysecret|cmdline-secret|IOSFODNN7|wJalr/);
      expect(out).toContain("AKIA••••••••");
      expect((await run([...words, "--reveal"])).out).toMatch(/hunter2-not-real[\s\S]*IOSFODNN7/);
    }
  });

  it("ends with 0 where there is nothing, and says so", async () => {
    const clean = privateCopy(samplePath("podman/busybox-crun-none.tar"));
    const { code, out, err } = await run(["memory", "secrets", clean, ...any]);
    expect([code, out, err]).toEqual([0, "", "cryoscope: no secrets found\n"]);
  });

  it("asks the detectors that are named, and knows their names", async () => {
    const some = ["--detector", "aws-access-key-id,password-assignment", "-o", "json"];
    const { out } = await run(["memory", "secrets", rich, ...some, ...any]);
    const { items } = JSON.parse(out) as { items: { detector: string }[] };
    // The password of the environments too, which a surer detector would have named.
    expect(new Set(items.map(({ detector }) => detector))).toEqual(
      new Set(["aws-access-key-id", "password-assignment"]),
    );
    const wrong = await run(["memory", "secrets", rich, "--without", "sense", ...any]);
    expect([wrong.code, wrong.err.includes('"sense"')]).toEqual([2, true]);
  });

  it("shows fingerprints alone, and only the gravest", async () => {
    const { out } = await run(["memory", "secrets", rich, "-q", "--limit", "1", ...any]);
    expect(out).toMatch(/^[0-9a-f]{32}\n$/);
    const all = await run(["memory", "secrets", rich, "-q", ...any]);
    expect(all.out.split("\n").length).toBe(6);
    expect(all.out.startsWith(out)).toBe(true);
  });

  it("prints documents that fit their schema", async () => {
    const url = new URL("../../../src/report/schema/secret-list.json", import.meta.url);
    const schema = JSON.parse(readFileSync(url, "utf8")) as object;
    const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);
    const { out } = await run(["memory", "secrets", rich, "--reveal", "-o", "json", ...any]);
    const document = JSON.parse(out) as { items: { places: object[] }[] };
    validate(document);
    expect(validate.errors ?? []).toEqual([]);
    const [item] = document.items as [{ places: object[] }];
    for (const [whole, part] of [
      [(changed: object) => ({ ...document, items: [changed] }), item],
      [
        (changed: object) => ({ ...document, items: [{ ...item, places: [changed] }] }),
        item.places[0] as object,
      ],
    ] as const) {
      for (const key of Object.keys(part)) {
        expect(validate(whole({ ...part, [key]: { not: { this: 1 } } })), key).toBe(false);
      }
    }
  });
});
