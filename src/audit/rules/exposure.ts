import type { Rule } from "../rule.ts";
import { capabilities } from "./exposure/capabilities.ts";
import { devices } from "./exposure/devices.ts";
import { hostNamespaces } from "./exposure/host-namespaces.ts";
import { kernelInterfaces } from "./exposure/kernel-interfaces.ts";
import { newPrivileges } from "./exposure/new-privileges.ts";
import { noLsm } from "./exposure/no-lsm.ts";
import { noSeccomp } from "./exposure/no-seccomp.ts";
import { privileged } from "./exposure/privileged.ts";
import { rootUser } from "./exposure/root-user.ts";
import { runtimeSocket } from "./exposure/runtime-socket.ts";
import { unexpectedOrigin } from "./exposure/unexpected-origin.ts";
import { writableHostPath } from "./exposure/writable-host-path.ts";

/** Rules of the group `exposure`; each is a file of its own in the folder of that name. */
export const exposureRules: readonly Rule[] = [
  unexpectedOrigin,
  privileged,
  runtimeSocket,
  capabilities,
  hostNamespaces,
  writableHostPath,
  devices,
  rootUser,
  noSeccomp,
  noLsm,
  kernelInterfaces,
  newPrivileges,
];
