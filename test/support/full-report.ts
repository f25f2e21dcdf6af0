import type { ArchiveAudit, AuditReport } from "../../src/audit/audit.ts";
import { type Finding, findingFingerprint } from "../../src/audit/finding.ts";
import type { RuleText } from "../../src/audit/rule.ts";
import { auditReport } from "./audit-report.ts";

/** Text that an archive could hold to move a cursor, close a tag, or make a link. */
export const evil = "\u001b[2J\u0000\u202e]]>&<\"'\n[here](http://evil.example){0}\ud800\ufffe";

export function findingOf(parts: Partial<Finding> = {}): Finding {
  const ruleId = parts.ruleId ?? "exposure/privileged";
  return {
    ruleId,
    group: ruleId.slice(0, ruleId.indexOf("/")),
    title: "Container is privileged",
    severity: "high",
    message: "the container runs privileged",
    remedy: "Take `privileged: true` out of the pod.",
    fingerprint: findingFingerprint(ruleId, parts.message ?? ""),
    places: [],
    facts: {},
    secret: null,
    allowed: null,
    ...parts,
  };
}

export function archiveOf(parts: Partial<ArchiveAudit> = {}): ArchiveAudit {
  return {
    path: "/var/lib/kubelet/checkpoints/checkpoint-cart-0_shop-app-2026-11-21T21:20:14Z.tar",
    sizeBytes: 292_864,
    engine: "cri-o",
    id: "0123456789ab",
    container: "app",
    pod: "cart-0",
    namespace: "shop",
    image: "registry.example/cart:1",
    checkpointedAt: "2026-11-21T21:20:14Z",
    findings: [],
    problems: [],
    fault: null,
    memorySearched: true,
    custody: null,
    ...parts,
  };
}

export function reportOf(archives: ArchiveAudit[], parts: Partial<AuditReport> = {}): AuditReport {
  const auditedAt = "2026-11-22T05:00:00Z";
  return auditReport({ auditedAt, archives, housekeeping: [], ...parts });
}

export function ruleOf(id: string, parts: Partial<RuleText> = {}): RuleText {
  return {
    id,
    title: "Container is privileged",
    severity: "high",
    looksAt: "`process.capabilities` of spec.dump",
    why: "A privileged container owns its node.",
    remedy: "Take `privileged: true` out of the pod.",
    ...parts,
  };
}

/** An audit with one of everything that a report can hold. */
export function fullReport(): AuditReport {
  const secret = { fingerprint: "f".repeat(32), detector: "aws-access-key-id" };
  return reportOf(
    [
      archiveOf({
        findings: [
          findingOf({
            ruleId: "secrets/memory",
            title: "Secret in memory",
            severity: "critical",
            message: "AKIA•••••••• stands in memory",
            secret,
            facts: { proof: "checksum", places: 3, kinds: ["memory", "environment"] },
            places: [
              {
                pid: 1,
                address: 0x7ffc_1000n,
                mapping: "[stack]",
                member: "checkpoint/pages-1.img",
                offset: 4096,
              },
              {
                pid: 7,
                address: 0xffff_ffff_ff60_0000n,
                member: "checkpoint/pages-2.img",
                offset: 1,
              },
              { member: "config.dump", pointer: "/rootfsImageRef" },
              { path: "/var/lib/kubelet/checkpoints" },
              { pid: 1, fd: 3, member: "checkpoint/files.img", entry: 14 },
            ],
          }),
          findingOf({ allowed: { reason: "it is the node's agent", expires: "2027-01-31" } }),
          findingOf({ ruleId: "attack/listener", severity: "info", message: `listens ${evil}` }),
          findingOf({ ruleId: "integrity/damaged", severity: "medium", places: [{ offset: 512 }] }),
        ],
        problems: [
          {
            severity: "error",
            code: "member",
            message: `damaged ${evil}`,
            where: { member: evil, offset: 9 },
          },
          { severity: "note", code: "note", message: "a note" },
        ],
        custody: {
          archiveSha256: "a".repeat(64),
          members: [{ name: "config.dump", size: 3, sha256: "b".repeat(64) }],
          moreMembers: 0,
          tool: "cryoscope 0.1.0",
          hashedAt: "2026-11-22T05:00:00Z",
          user: "root",
          uid: 0,
          host: "node-1",
          command: "cryoscope audit",
        },
      }),
      archiveOf({
        path: `/tmp/${evil}/a b%#?.tar`,
        engine: null,
        id: null,
        container: null,
        pod: null,
        namespace: null,
        image: null,
        checkpointedAt: null,
        sizeBytes: null,
        memorySearched: false,
        fault: { kind: "broken", code: null, message: `no archive ${evil}`, next: "look at it" },
      }),
      archiveOf({ path: "relative: dir/clean.tar", container: "clean" }),
    ],
    {
      housekeeping: [
        findingOf({ ruleId: "housekeeping/old", severity: "low", message: "3 archives are old" }),
      ],
      unchanged: [
        {
          path: "/old.tar",
          auditedAt: "2026-11-21T05:00:00Z",
          counts: { bySeverity: { critical: 0, high: 1, medium: 0, low: 0, info: 0 }, allowed: 0 },
        },
      ],
      problems: [
        {
          severity: "warning",
          code: "allowance-expired",
          message: "allowance 1 of the policy expired",
        },
      ],
    },
  );
}
