import type { ArchiveAudit } from "../../../src/audit/audit.ts";
import { type Finding, findingFingerprint } from "../../../src/audit/finding.ts";

export function someFinding(parts: Partial<Finding> = {}): Finding {
  return {
    ruleId: "exposure/privileged",
    group: "exposure",
    title: "Container is privileged",
    severity: "high",
    message: "the container runs privileged",
    remedy: "Take it out of the pod.",
    fingerprint: findingFingerprint("exposure/privileged", ""),
    places: [],
    facts: {},
    secret: null,
    allowed: null,
    ...parts,
  };
}

export function someAudit(parts: Partial<ArchiveAudit> = {}): ArchiveAudit {
  return {
    path: "/checkpoints/a.tar",
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
