import type { Detector } from "./detector.ts";
import { artificialIntelligence } from "./detectors/artificial-intelligence.ts";
import { assignment } from "./detectors/assignment.ts";
import { chat } from "./detectors/chat.ts";
import { cloud } from "./detectors/cloud.ts";
import { database } from "./detectors/database.ts";
import { infrastructure } from "./detectors/infrastructure.ts";
import { keyMaterial } from "./detectors/key-material.ts";
import { observability } from "./detectors/observability.ts";
import { payment } from "./detectors/payment.ts";
import { registry } from "./detectors/registry.ts";
import { sourceHosting } from "./detectors/source-hosting.ts";
import { token } from "./detectors/token.ts";

/**
 * All that is looked for, the surest first: where two detectors tell the same characters, the first
 * of them names the secret. Assignments come last, they know the least of what they found.
 */
export const detectors: readonly Detector[] = [
  ...cloud,
  ...sourceHosting,
  ...registry,
  ...chat,
  ...payment,
  ...database,
  ...observability,
  ...artificialIntelligence,
  ...infrastructure,
  ...token,
  ...keyMaterial,
  ...assignment,
];
