import type { Rule } from "../rule.ts";
import { baseImage } from "./restore/base-image.ts";
import { boundAddress } from "./restore/bound-address.ts";
import { cpuFeatures } from "./restore/cpu-features.ts";
import { externalSocket } from "./restore/external-socket.ts";
import { fileLocks } from "./restore/file-locks.ts";
import { fileSize } from "./restore/file-size.ts";
import { fileWatch } from "./restore/file-watch.ts";
import { gpu } from "./restore/gpu.ts";
import { ioUring } from "./restore/io-uring.ts";
import { largeGhostFile } from "./restore/large-ghost-file.ts";
import { lostChange } from "./restore/lost-change.ts";
import { memfdProgram } from "./restore/memfd-program.ts";
import { missingPages } from "./restore/missing-pages.ts";
import { mountsNeeded } from "./restore/mounts-needed.ts";
import { ociRuntime } from "./restore/oci-runtime.ts";
import { oldCriu } from "./restore/old-criu.ts";
import { outsideMaster } from "./restore/outside-master.ts";
import { securityLabel } from "./restore/security-label.ts";
import { sharedMemoryFile } from "./restore/shared-memory-file.ts";
import { sharedPidNamespace } from "./restore/shared-pid-namespace.ts";
import { tcpConnections } from "./restore/tcp-connections.ts";
import { terminal } from "./restore/terminal.ts";
import { unsupportedFilesystem } from "./restore/unsupported-filesystem.ts";
import { unsupportedSocket } from "./restore/unsupported-socket.ts";
import { volumeFile } from "./restore/volume-file.ts";

/** Rules of the group `restore`; each is a file of its own in the folder of that name. */
export const restoreRules: readonly Rule[] = [
  missingPages,
  memfdProgram,
  sharedMemoryFile,
  fileSize,
  lostChange,
  volumeFile,
  mountsNeeded,
  tcpConnections,
  boundAddress,
  unsupportedSocket,
  externalSocket,
  ioUring,
  fileWatch,
  fileLocks,
  largeGhostFile,
  terminal,
  gpu,
  unsupportedFilesystem,
  outsideMaster,
  sharedPidNamespace,
  baseImage,
  ociRuntime,
  oldCriu,
  securityLabel,
  cpuFeatures,
];
