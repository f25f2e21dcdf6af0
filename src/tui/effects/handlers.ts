import type { QuestionName } from "../state/questions.ts";
import { answerBytes } from "./bytes.ts";
import { answerFile, answerFiles } from "./files.ts";
import { answerFind } from "./find.ts";
import type { Handler } from "./handler.ts";
import { answerInspection } from "./inspection.ts";
import { answerListing } from "./listing.ts";
import { answerLogs } from "./logs.ts";
import { answerMappings } from "./mappings.ts";
import { answerImages, answerMembers } from "./members.ts";
import { answerMounts } from "./mounts.ts";
import { answerOnDisk, answerReopen } from "./on-disk.ts";
import { answerPreview } from "./preview.ts";
import { answerEnvironment, answerProcess, answerProcesses } from "./processes.ts";
import { answerRawBytes } from "./raw-bytes.ts";
import { answerRootfs } from "./rootfs.ts";
import { answerSave } from "./save.ts";
import { answerSecure } from "./secure.ts";
import { answerSocket, answerSockets } from "./sockets.ts";
import { answerSpace } from "./space.ts";
import {
  answerTree,
  answerTreeBelow,
  answerTreeFind,
  answerTreeJson,
  answerTreeNodes,
} from "./tree.ts";

/** What is asked of clusters and hosts, and what rules and detectors say, is loaded when somebody asks. */
function late<Name extends QuestionName>(load: () => Promise<Handler<Name>>): Handler<Name> {
  return async (ask, services, call) => (await load())(ask, services, call);
}

/** Who answers what. */
export const handlers: { readonly [Name in QuestionName]: Handler<Name> } = {
  audit: late(async () => (await import("./audit.ts")).answerAudit),
  bytes: answerBytes,
  checks: late(async () => (await import("./cluster/checks.ts")).answerChecks),
  contexts: late(async () => (await import("./cluster/names.ts")).answerContexts),
  diff: late(async () => (await import("./diff.ts")).answerDiff),
  environment: answerEnvironment,
  file: answerFile,
  files: answerFiles,
  find: answerFind,
  finding: late(async () => (await import("./audit.ts")).answerFinding),
  images: answerImages,
  inspection: answerInspection,
  listing: answerListing,
  logs: answerLogs,
  makeCheckpoint: late(async () => (await import("./cluster/make-checkpoint.ts")).answerMake),
  mappings: answerMappings,
  members: answerMembers,
  mounts: answerMounts,
  namespaces: late(async () => (await import("./cluster/names.ts")).answerNamespaces),
  node: late(async () => (await import("./cluster/nodes.ts")).answerNode),
  nodes: late(async () => (await import("./cluster/nodes.ts")).answerNodes),
  onDisk: answerOnDisk,
  pods: late(async () => (await import("./cluster/names.ts")).answerPods),
  preview: answerPreview,
  process: answerProcess,
  processes: answerProcesses,
  rawBytes: answerRawBytes,
  reopen: answerReopen,
  restorePlan: late(async () => (await import("./restore/plan.ts")).answerRestorePlan),
  restorePreview: late(async () => (await import("./restore/preview.ts")).answerRestorePreview),
  restoreWrite: late(async () => (await import("./restore/write.ts")).answerRestoreWrite),
  rootfs: answerRootfs,
  save: answerSave,
  secret: late(async () => (await import("./secrets.ts")).answerSecret),
  secrets: late(async () => (await import("./secrets.ts")).answerSecrets),
  secure: answerSecure,
  socket: answerSocket,
  sockets: answerSockets,
  space: answerSpace,
  tree: answerTree,
  treeBelow: answerTreeBelow,
  treeFind: answerTreeFind,
  treeJson: answerTreeJson,
  treeNodes: answerTreeNodes,
};
