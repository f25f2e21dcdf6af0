import type { Asked } from "./asked.ts";

/**
 * What to do where an option of CRIU's helps: its line for the configuration file that the OCI
 * runtime of the archive hands to CRIU.
 */
export async function criuOption(asked: Asked, option: string): Promise<string> {
  const { ociRuntime } = await asked.checkpoint.identity();
  const { engine } = await asked.checkpoint.runtime();
  // Without a runtime around it somebody calls CRIU by hand.
  if (engine === "criu") return `give CRIU \`--${option.replace(" ", "=")}\``;
  return `put the line \`${option}\` into ${configurationFile(ociRuntime)} on the node that restores`;
}

function configurationFile(ociRuntime: string | undefined): string {
  if (ociRuntime === "crun") return "/etc/criu/crun.conf";
  if (ociRuntime?.includes("runc") === true) return "/etc/criu/runc.conf";
  return "/etc/criu/runc.conf (crun: /etc/criu/crun.conf)";
}
