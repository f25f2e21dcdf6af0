import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { openArchive } from "../../src/archive/open-archive.ts";
import { text } from "../../src/base/bytes.ts";
import { hex } from "../../src/base/u64.ts";
import { openCheckpoint } from "../../src/checkpoint/open-checkpoint.ts";
import { describeProcess } from "../../src/checkpoint/process-document.ts";
import { signalName } from "../../src/criu/process/signals.ts";
import type { Thread } from "../../src/criu/process/threads.ts";
import { sampleArchives } from "../support/samples.ts";

/** The process model against what `crit decode --pretty` printed of the same images. */
const goldens = fileURLToPath(new URL("../golden/crit/", import.meta.url));

type Json = { [key: string]: unknown };
type Decoded = ReadonlyMap<string, Json[]>;

/** Entries by image: `core-1.img`. Numbers beyond 2^53 are rounded, addresses are texts. */
async function critOf(folder: string, name: string): Promise<Decoded> {
  const path = `${goldens}${folder}-${name.replace(/\.tar.*$/, "")}.tar.gz`;
  const archive = await openArchive(path, { permissions: "any" });
  const decoded = new Map<string, Json[]>();
  for (const member of archive.members) {
    const match = /^\.\/(.+?)\.pretty\.json$/.exec(member.name);
    if (match === null) continue;
    const document = JSON.parse(text(await archive.read(member, 0, member.size))) as Json;
    decoded.set(match[1] as string, document["entries"] as Json[]);
  }
  await archive.close();
  return decoded;
}

function at(value: unknown, ...keys: string[]): unknown {
  return keys.reduce<unknown>((inner, key) => (inner as Json | undefined)?.[key], value);
}

function mask(names: readonly string[] | null): string {
  let bits = 0n;
  for (let number = 1; number <= 64; number++) {
    if (names?.includes(signalName(number)) === true) bits |= 1n << BigInt(number - 1);
  }
  return hex(bits);
}

function ones(words: unknown): number {
  return (words as number[]).reduce(
    (sum, word) => sum + word.toString(2).replaceAll("0", "").length,
    0,
  );
}

/** Names of crit for gdb's. */
const critNames: Record<string, string> = { rip: "ip", eflags: "flags", orig_rax: "orig_ax" };
const critName = (name: string): string =>
  critNames[name] ?? (/^r[a-z]/.test(name) ? name.slice(1) : name);

/** Words of 32 bits, the lowest first, as one number. */
function joined(words: unknown, first: number, count: number): bigint {
  const part = (words as (number | string)[]).slice(first, first + count);
  return part.reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
}

function expectFloating(ours: Readonly<Record<string, bigint>>, crit: Json): void {
  expect(ours["mxcsr"]).toBe(BigInt(crit["mxcsr"] as number));
  expect(ours["fcw"]).toBe(BigInt(crit["cwd"] as number));
  const upper = at(crit, "xsave", "ymmh_space");
  for (let number = 0; number < 16; number++) {
    const xmm = joined(crit["xmm_space"], number * 4, 4);
    expect(ours[`xmm${number}`]).toBe(xmm);
    const ymm = upper === undefined ? undefined : (joined(upper, number * 4, 4) << 128n) | xmm;
    expect(ours[`ymm${number}`]).toBe(ymm);
  }
}

function expectThread(thread: Thread, core: Json): void {
  const gpregs = at(core, "thread_info", "gpregs") as Json;
  const registers = Object.entries(thread.registers?.general ?? {}).map(([name, value]) => [
    critName(name),
    hex(value),
  ]);
  const { mode, ...general } = gpregs;
  expect(Object.fromEntries(registers)).toEqual(general);
  expect(thread.registers?.compat).toBe(mode === "COMPAT");
  expectFloating(thread.registers?.floating ?? {}, at(core, "thread_info", "fpregs") as Json);
  const own = at(core, "thread_core") as Json;
  expect(thread.comm).toBe(own["comm"]);
  expect(thread.nice).toBe(own["sched_nice"]);
  expect(thread.policy).toBe(own["sched_policy"] === 0 ? "SCHED_OTHER" : "?");
  expect(BigInt(mask(thread.blockedSignals))).toBe(
    BigInt((at(core, "tc", "blk_sigset") ?? own["blk_sigset"]) as string | number),
  );
  expect(thread.seccomp?.mode).toBe(own["seccomp_mode"]);
  expect(thread.seccomp?.filters?.[0]?.index).toBe(own["seccomp_filter"]);
  const creds = own["creds"] as Json;
  expect(thread.credentials?.uid).toEqual({
    real: creds["uid"],
    effective: creds["euid"],
    saved: creds["suid"],
    fileSystem: creds["fsuid"],
  });
  expect(thread.credentials?.gid.effective).toBe(creds["egid"]);
  expect(thread.credentials?.groups).toEqual(creds["groups"] ?? []);
  for (const [ours, theirs] of [
    ["effective", "cap_eff"],
    ["permitted", "cap_prm"],
    ["inheritable", "cap_inh"],
    ["bounding", "cap_bnd"],
    ["ambient", "cap_amb"],
  ] as const) {
    expect(thread.credentials?.capabilities[ours]).toHaveLength(ones(creds[theirs]));
  }
  const pending = (at(own, "signals_p", "signals") as Json[] | undefined) ?? [];
  expect(thread.pendingSignals).toHaveLength(pending.length);
}

describe.each(sampleArchives())("processes of $name", ({ folder, name, path }) => {
  it("are as crit says", async () => {
    const crit = await critOf(folder, name);
    const checkpoint = await openCheckpoint(path, { permissions: "any" });
    const processes = await checkpoint.processes();
    const files = new Map(crit.get("files.img")?.map((file) => [file["id"], file]));
    const filePath = (id: unknown): unknown => at(files.get(id), "reg", "name");
    expect(processes.map(({ pid }) => pid).sort()).toEqual(
      crit
        .get("pstree.img")
        ?.map((entry) => entry["pid"])
        .sort(),
    );
    for (const { pid } of processes) {
      const it = await describeProcess(checkpoint, pid, { reveal: true });
      const core = crit.get(`core-${pid}.img`)?.[0] as Json;
      const tc = core["tc"] as Json;
      expect(it.comm).toBe(tc["comm"]);
      expect(it.personality).toBe(tc["personality"]);
      if (it.state === "zombie") continue;
      expect(it.oomScoreAdj).toBe(tc["oom_score_adj"]);
      const fs = crit.get(`fs-${pid}.img`)?.[0] as Json;
      expect(it.workingFolder?.path).toBe(filePath(fs["cwd_id"]));
      expect(it.root?.path).toBe(filePath(fs["root_id"]));
      expect(Number.parseInt(it.umask as string, 8)).toBe(fs["umask"]);
      const mm = crit.get(`mm-${pid}.img`)?.[0] as Json;
      expect(it.executable?.path).toBe(filePath(mm["exe_file_id"]));
      expect(it.dumpable).toBe(mm["dumpable"]);
      const ids = crit.get(`ids-${pid}.img`)?.[0] as Json;
      for (const { type, id } of it.namespaces) expect(id).toBe(ids[`${type}_ns_id`]);
      expect(it.namespaces).toHaveLength(
        Object.keys(ids).filter((key) => key.endsWith("_ns_id")).length,
      );
      const limits = at(tc, "rlimits", "rlimits") as { cur: number; max: number }[];
      const value = (limit: unknown): number => (limit === "unlimited" ? 2 ** 64 : Number(limit));
      expect(it.limits.map(({ soft, hard }) => ({ cur: value(soft), max: value(hard) }))).toEqual(
        limits,
      );
      const actions = (tc["sigactions"] as Json[]).map(({ sigaction }) => sigaction as string);
      expect(
        it.signalHandlers.map(({ handler }) => (handler === "SIG_IGN" ? "0x1" : hex(handler))),
      ).toEqual(actions.filter((action) => action !== "0x0"));
      const sets = at(crit.get("cgroup.img")?.[0], "sets") as Json[] | undefined;
      const set = sets?.find(({ id }) => id === it.cgroups?.id);
      expect(
        it.cgroups?.groups?.map(({ controller, path: group }) => ({ controller, path: group })),
      ).toEqual(
        (set?.["ctls"] as Json[] | undefined)?.map((group) => ({
          controller: group["name"],
          path: group["path"],
        })),
      );
      for (const thread of it.threads) {
        expectThread(thread, crit.get(`core-${thread.tid}.img`)?.[0] as Json);
      }
    }
    expect(checkpoint.problems.filter(({ severity }) => severity === "error")).toEqual([]);
    await checkpoint.close();
  });
});
