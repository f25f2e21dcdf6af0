import type { Tab } from "../tab.ts";
import { auditTab } from "./audit/audit.ts";
import { filesTab } from "./files/files.ts";
import { imagesTab } from "./images/images.ts";
import { logsTab } from "./logs/logs.ts";
import { memoryTab } from "./memory/memory.ts";
import { mountsTab } from "./mounts/mounts.ts";
import { processesTab } from "./processes/processes.ts";
import { restoreTab } from "./restore/restore.ts";
import { rootfsTab } from "./rootfs/rootfs.ts";
import { secretsTab } from "./secrets/secrets.ts";
import { socketsTab } from "./sockets/sockets.ts";
import { summaryTab } from "./summary/summary.ts";

/** The tabs of a checkpoint, in their order. Each is handed back only the states that it made. */
export const tabs: readonly Tab<unknown>[] = [
  summaryTab,
  processesTab,
  memoryTab,
  imagesTab,
  filesTab,
  socketsTab,
  mountsTab,
  rootfsTab,
  logsTab,
  auditTab,
  secretsTab,
  restoreTab,
] as readonly Tab<unknown>[];
