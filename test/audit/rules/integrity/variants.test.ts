import { readFileSync, utimesSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, it, test } from "vitest";
import { evaluate } from "../../../../src/audit/evaluate.ts";
import { defaultPolicy } from "../../../../src/audit/policy/policy.ts";
import { integrityRules } from "../../../../src/audit/rules/integrity.ts";
import { Subject } from "../../../../src/audit/subject.ts";
import { ProblemLog } from "../../../../src/base/problem.ts";
import { openCheckpoint } from "../../../../src/checkpoint/open-checkpoint.ts";
import { encodeMessage } from "../../../../src/criu/encode.ts";
import { CheckpointBuilder } from "../../../support/checkpoint-builder.ts";
import { findingsOf, rulesOf, sampleTime } from "../../../support/rules.ts";
import {
  containerdCounter,
  crioCounter,
  privateCopy,
  samplePath,
} from "../../../support/samples.ts";
import { privateFile, tar } from "../../../support/tar-builder.ts";

type Json = Record<string, unknown>;

function edited(builder: CheckpointBuilder, name: string, change: (value: Json) => void) {
  const value = JSON.parse(builder.content(name).toString()) as Json;
  change(value);
  return builder.replace(name, JSON.stringify(value));
}

async function told(path: string, now?: number): Promise<string[]> {
  const findings = await findingsOf(path, now === undefined ? {} : { now });
  return findings.map(({ ruleId, severity, message }) => `${severity} ${ruleId}: ${message}`);
}

describe("links among the images", () => {
  const linked = async (name: string, linkName: string, type = "2"): Promise<string[]> => {
    const builder = (await CheckpointBuilder.from()).add(name, { type, linkName });
    return told(builder.write());
  };

  test.each(["../pre-checkpoint", "../1", "older", "../../previous/"])(
    "may be CRIU's own to the dump before: %s",
    async (target) => expect(await linked("checkpoint/parent", target)).toEqual([]),
  );

  test.each([
    ["checkpoint/parent", "/etc", "2", "high integrity/link"],
    ["checkpoint/parent", "../../../etc", "2", "high integrity/link"],
    ["parent", "../1", "2", "high integrity/link"],
    ["notes", "config.dump", "2", "medium integrity/link"],
    ["notes", "config.dump", "1", "medium integrity/link"],
    ["notes", "nothing", "1", "medium integrity/link"],
  ])("are told otherwise: %s to %s (%s)", async (name, target, type, start) => {
    const [only, ...others] = await linked(name, target, type);
    expect(only?.startsWith(`${start}: ${name} is a `), only).toBe(true);
    expect(others).toEqual([]);
  });
});

describe("what every runtime writes", () => {
  test.each<[string, string | undefined, string]>([
    ["containerd", containerdCounter, "status"],
    ["podman", samplePath("podman/busybox-crun-none.tar"), "network.status"],
    ["cri-o", crioCounter, "config.dump"],
  ])("is told by %s's own list", async (engine, sample, name) => {
    const path = (await CheckpointBuilder.from(sample)).drop(name).write();
    const found = await told(path);
    expect(found).toContain(
      `high integrity/missing-member: there is no ${name}, which ${engine} writes`,
    );
  });

  it("is missed also where one file alone proves a runtime", async () => {
    const builder = await CheckpointBuilder.from(containerdCounter);
    builder.drop("spec.dump", "status", "status.dump", "container.log");
    edited(builder, "config.dump", (config) => {
      delete config["runtime"];
    });
    expect(await told(builder.write())).toEqual([
      "high integrity/missing-member: there is no spec.dump, which every runtime writes",
    ]);
  });
});

describe("images", () => {
  it("have an inventory, which nothing refers to", async () => {
    const path = (await CheckpointBuilder.from()).drop("checkpoint/inventory.img").write();
    expect(await told(path)).toEqual([
      "high integrity/missing-image: there is no inventory.img, from which CRIU reads what kind of dump it is",
    ]);
  });

  it("that are none are told once, whoever reads them", async () => {
    const builder = await CheckpointBuilder.from();
    builder.replace("checkpoint/fs-1.img", "not an image").replace("checkpoint/utsns-11.img", "");
    expect(await told(builder.write())).toEqual([
      "high integrity/image-type: checkpoint/fs-1.img is named as FS and does not begin like any image of CRIU",
      "high integrity/image-type: checkpoint/utsns-11.img is named as UTSNS and does not begin like any image of CRIU",
    ]);
  });

  it("may have guard regions inside mappings, as CRIU 4.2 writes them", async () => {
    const builder = await CheckpointBuilder.from();
    const image = builder.content("checkpoint/mm-1.img");
    // The guard is the first page of the first mapping.
    const start = (await layoutOf(builder)).vmas[0]?.start as bigint;
    const guard = { start, end: start + 4096n, pgoff: 0n, shmid: 0n, prot: 0, flags: 0, fd: -1n };
    const vma = encodeMessage("vma_entry", { ...guard, status: 0x10000 });
    const message = Buffer.concat([image.subarray(12), Buffer.from([14 * 8 + 2, vma.length]), vma]);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(message.length);
    builder.replace("checkpoint/mm-1.img", Buffer.concat([image.subarray(0, 8), length, message]));
    expect((await layoutOf(builder)).vmas.at(-1)?.status).toBe(0x10000);
    expect(await told(builder.write("guard.tar"))).toEqual([]);
  });

  async function layoutOf(builder: CheckpointBuilder) {
    const checkpoint = await openCheckpoint(builder.write("layout.tar"), { permissions: "owner" });
    const [process] = await checkpoint.processes();
    await checkpoint.close();
    if (process?.layout === undefined) throw new Error("no layout");
    return process.layout.entry;
  }
});

describe("times", () => {
  const day = 86_400_000;

  it("to come are told, beyond what clocks may differ", async () => {
    const taken = Date.parse("2026-11-21T21:20:14.707Z");
    const path = privateCopy(crioCounter);
    utimesSync(path, taken / 1000, taken / 1000);
    expect(await told(path, taken - 299_000)).toEqual([]);
    expect(await told(path, taken - day)).toEqual([
      "medium integrity/clock: the checkpoint was made at 2026-11-21T21:20:14.707198893Z, 24h from now",
    ]);
  });

  it("of the archive and of its images are compared with the metadata's", async () => {
    const builder = edited(await CheckpointBuilder.from(), "config.dump", (config) => {
      config["checkpointedTime"] = "2026-11-22T02:00:00Z";
    });
    const path = builder.write();
    const before = sampleTime / 1000 - 7 * 3600;
    utimesSync(path, before, before);
    expect((await told(path)).map((line) => line.replace(/: .*?, /, ": "))).toEqual([
      "medium integrity/clock: and CRIU wrote its images at 2026-11-21T21:20:14Z",
      "low integrity/clock: before the checkpoint at 2026-11-22T02:00:00Z",
    ]);
  });

  it.each([
    ["2026-11-21T23:20:14+02:00", []],
    ["2026-11-21T20:50:14Z", []],
    ["2026-11-21T21:23:14Z", []],
    ["2026-11-21T21:40:14Z", ["time"]],
    ["2026-11-21T15:20:14Z", ["time"]],
  ])("in the file name are those of before the dump: %s", async (time, keys) => {
    const name = `checkpoint-counter-lab-node_default-counter-${time}.tar`;
    const findings = await findingsOf(privateFile(readFileSync(crioCounter), name));
    expect(rulesOf(findings)).toEqual(keys.length === 0 ? [] : ["integrity/file-name"]);
    expect(findings).toHaveLength(keys.length);
  });
});

describe("a problem with a code that no rule knows", () => {
  it("is told all the same", async () => {
    const checkpoint = await openCheckpoint(privateCopy(crioCounter), { permissions: "owner" });
    const log = new ProblemLog();
    const message = "something new is wrong";
    log.add({ severity: "error", code: "brand-new", message, where: { member: "spec.dump" } });
    log.add({ severity: "note", code: "pre-dump", message: "how CRIU works" });
    checkpoint.tell(log);
    const options = { policy: defaultPolicy, now: sampleTime, memory: false, reveal: false };
    const { findings } = await evaluate(new Subject(checkpoint, options), integrityRules);
    await checkpoint.close();
    expect(findings).toMatchObject([
      { ruleId: "integrity/broken-image", message, places: [{ member: "spec.dump" }] },
    ]);
  });
});

describe("a compressed archive with more than a pass keeps", () => {
  it("is not read again and again, and that is said", async () => {
    const builder = await CheckpointBuilder.from();
    const empty = tar([]);
    for (let at = 0; at < 70; at++) builder.add(`volumes/v${at}.tar`, empty);
    const head = builder.content("checkpoint/seccomp.img").subarray(0, 8);
    const hole = Buffer.alloc(9 * 1024 * 1024);
    builder
      .add("checkpoint/route6-9.img", "raw")
      .add("checkpoint/fs-99.img", Buffer.concat([head, hole]));
    expect(await told(privateFile(gzipSync(builder.bytes(), { level: 1 }), "many.tar.gz"))).toEqual(
      [
        "medium integrity/unlisted-problems: archives in the archive were not looked at (9 of them): each would cost a pass over the compressed archive",
        "medium integrity/unlisted-problems: images were not looked at (1 of them): each would cost a pass over the compressed archive",
      ],
    );
    // What can seek is looked at to the end.
    expect(await told(builder.write("plain.tar"))).toEqual([
      "high integrity/image-type: checkpoint/fs-99.img is named as FS and holds SECCOMP",
    ]);
  });
});

describe("an archive inside the archive without a member", () => {
  // containerd packs the changes of a container that changed nothing so.
  test.each([
    ["plain", (bytes: Buffer): Buffer => bytes],
    ["gzip", (bytes: Buffer): Buffer => gzipSync(bytes)],
  ])("is whole: %s", async (_, pack) => {
    const builder = await CheckpointBuilder.from(containerdCounter);
    builder.replace("rootfs-diff.tar", pack(tar([])));
    expect(await told(builder.write())).toEqual([]);
  });
});
