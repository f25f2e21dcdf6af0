import { describe, expect, it, test } from "vitest";
import { recipes } from "../../../samples/hostile/archives.js";
import { attackRules } from "../../../src/audit/rules/attack.ts";
import { exposureRules } from "../../../src/audit/rules/exposure.ts";
import { restoreRules } from "../../../src/audit/rules/restore.ts";
import { atLeast } from "../../../src/audit/severity.ts";
import { withEvilMetadata } from "../../support/evil-checkpoint.ts";
import { findingsOf } from "../../support/rules.ts";
import { privateCopy, rich, sampleArchives, samplePath } from "../../support/samples.ts";
import { privateFile } from "../../support/tar-builder.ts";

const rules = [...exposureRules, ...attackRules, ...restoreRules];

/** What the rules about what runs in a container find: severity, rule, pids. */
async function table(path: string): Promise<[string, string, string][]> {
  const findings = await findingsOf(path, { rules, open: { permissions: "any" } });
  return findings.map(({ severity, ruleId, places }) => [
    severity,
    ruleId,
    [...new Set(places.flatMap(({ pid }) => pid ?? []))].join(" "),
  ]);
}

const clean = sampleArchives().filter(({ path }) => path !== rich);

describe("rules of exposure, attack and restore", () => {
  test.each(clean)("find nothing grave in $folder/$name", async ({ path }) => {
    const findings = await findingsOf(privateCopy(path), { rules });
    expect(findings.filter(({ severity }) => atLeast(severity, "high"))).toEqual([]);
    expect(findings.filter(({ group }) => group === "attack")).toEqual([]);
    const grave = findings.filter(({ severity }) => atLeast(severity, "medium"));
    // The kubelet's pods of the samples run as root, in the node's network, most without a filter.
    for (const { ruleId } of grave) {
      expect(ruleId).toMatch(/^exposure\/(?:root-user|host-namespaces|no-seccomp)$/);
    }
  });

  it("find in the rich one what is planted", async () => {
    expect(await table(privateCopy(rich))).toEqual([
      ["high", "attack/deleted-program", "6"],
      ["high", "attack/memfd-code", "1"],
      ["high", "attack/writable-executable", "1"],
      ["medium", "exposure/root-user", "1 2 3 4 6"],
      ["medium", "restore/tcp-connections", "1 2"],
      ["low", "exposure/no-lsm", ""],
      ["low", "restore/cpu-features", "1 2 3 4"],
      ["low", "restore/file-locks", "1"],
      ["info", "attack/listener", "1"],
      ["info", "attack/listener", "1"],
      ["info", "attack/listener", "1"],
      ["info", "exposure/host-namespaces", "1 2 3 4 6"],
      ["info", "exposure/host-namespaces", "1 2 3 4 6"],
      ["info", "exposure/new-privileges", "1 2 3 4 6"],
      ["info", "restore/mounts-needed", ""],
      ["info", "restore/oci-runtime", ""],
    ]);
  });

  // All capabilities, no filter, and nobody's container: the plants do what few programs do.
  test.each(["", "-3.17"])("find in dumps by CRIU%s what is grave about them", async (version) => {
    const grave = async (name: string): Promise<string[]> =>
      (await table(samplePath(`criu/${name}${version}.tar.gz`)))
        .filter(([severity]) => severity === "high" || severity === "critical")
        .map(([, rule]) => rule);
    expect(await grave("files")).toEqual(["exposure/capabilities"]);
    expect(await grave("sockets")).toEqual(["attack/raw-socket", "exposure/capabilities"]);
    expect(await grave("processes")).toEqual([
      "attack/writable-executable",
      "exposure/capabilities",
    ]);
  });

  it("throw for nothing that an archive holds", async () => {
    for (const { bytes, file } of recipes) await findingsOf(privateFile(bytes(), file), { rules });
    await findingsOf(await withEvilMetadata(), { rules });
  });

  it("say things that can be read", async () => {
    for (const path of [
      rich,
      samplePath("criu/chain-3.tar.gz"),
      samplePath("criu/sockets.tar.gz"),
    ]) {
      const findings = await findingsOf(path, { rules, open: { permissions: "any" } });
      for (const { message, remedy, places } of findings) {
        expect(message).not.toMatch(/\.$|undefined|NaN|\[object/);
        expect(remedy).toMatch(/\.$/);
        expect(places.length).toBeGreaterThan(0);
      }
    }
  });

  it("have ids of their own, which name their group", () => {
    const ids = rules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, why, remedy, looksAt } of rules) {
      expect(id).toMatch(/^(?:exposure|attack|restore)\/[a-z-]+$/);
      expect(`${why} ${remedy}`).toMatch(/\.$/);
      expect(looksAt).not.toMatch(/\.$/);
    }
  });
});
