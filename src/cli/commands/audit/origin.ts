import { resolve } from "node:path";
import type { AuditOrigin } from "../../../audit/audit.ts";
import { isRemote, shownName } from "../../../base/remote-name.ts";
import type { Io } from "../../io.ts";
import type { AuditCommandOptions } from "./options.ts";

/** Where this audit runs and what it is asked, so that reports of many nodes can be merged. */
export async function originOf(
  paths: readonly string[],
  { node, memory, since, rule = [], skip = [] }: AuditCommandOptions,
  { env }: Io,
): Promise<AuditOrigin> {
  const scope = {
    paths: paths.map((path) => (path === "-" || isRemote(path) ? shownName(path) : resolve(path))),
    memory,
    since: since ?? null,
    rules: rule,
    skip,
  };
  return { node: node ?? (await machineName(env["NODE_NAME"])), scope };
}

/** In a pod the machine's name is the pod's, so a manifest gives NODE_NAME. */
async function machineName(given: string | undefined): Promise<string> {
  if (given !== undefined && given !== "") return given;
  const { hostname } = await import("node:os");
  return hostname();
}
