import type { Asked } from "../../checkpoint/needs/asked.ts";
import { readDumpLog } from "../../checkpoint/needs/dump-log.ts";
import type { Fact } from "../../node/facts.ts";
import { fact, imageLabel } from "./evidence.ts";

/** What the dump asks of CRIU itself. */
export interface CriuNeeds {
  /** The CRIU that made the dump: `4.2.1`. */
  version: Fact<string>;
  /** Version of the format: 2 is CRIU's 1.1, which 1.5 and later read. */
  imageVersion: Fact<number>;
  /** Plugins that took part in the dump, and are needed again: `amdgpu_plugin`. */
  plugins: Fact<string[]>;
  /** How the network was locked, and is unlocked: `iptables`, `nftables`, `skip`. */
  networkLock: Fact<string>;
}

/** `enum NETWORK_LOCK_METHOD` of CRIU, as the inventory has it; without the field it is iptables. */
const lockMethods: readonly string[] = ["iptables", "nftables", "skip"];

export async function criuNeeds(asked: Asked): Promise<CriuNeeds> {
  const { checkpoint } = asked;
  const inventory = await checkpoint.inventory();
  const log = await readDumpLog(asked);
  const label = imageLabel(checkpoint, "inventory.img");
  const silent = `there is no ${label}, or it cannot be read`;
  const method = inventory === undefined ? undefined : (inventory.entry.network_lock_method ?? 0);
  return {
    version: fact(log?.criu, "dump.log", "the archive has no dump.log that tells"),
    imageVersion: fact(inventory?.imageVersion, label, silent),
    plugins: fact(
      inventory && [...new Set(inventory.entry.plugins_entry?.plugins ?? [])],
      label,
      silent,
    ),
    networkLock: fact(method === undefined ? undefined : lockMethods[method], label, silent),
  };
}
