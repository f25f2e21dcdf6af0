import type { Decoded } from "./decode.ts";
import { readEntries } from "./image.ts";
import type { ImageFolder } from "./image-folder.ts";
import { messageSchema } from "./schema/schema.ts";

/** What `inventory.img` says of the dump as a whole. */
export interface Inventory {
  /** Format version: 2 is CRIU's 1.1, with two magics. */
  imageVersion: number;
  /** LSM that was active: NO_LSM, SELINUX, APPARMOR. */
  lsm?: string;
  /** Id of the run that made the dump (CRIU 4.0 and later). */
  runId?: string;
  tcpClose?: boolean;
  entry: Decoded<"inventory_entry">;
}

/** Reads the inventory, or undefined where there is none. */
export async function readInventory(folder: ImageFolder): Promise<Inventory | undefined> {
  const source = folder.open("inventory.img");
  if (source === undefined) return undefined;
  const entry = (await readEntries(source, "inventory_entry"))[0];
  if (entry === undefined) return undefined;
  const inventory: Inventory = { imageVersion: entry.img_version, entry };
  if (entry.lsmtype !== undefined) {
    const field = messageSchema("inventory_entry").fields.find(({ name }) => name === "lsmtype");
    inventory.lsm = field?.values?.get(entry.lsmtype) ?? String(entry.lsmtype);
  }
  if (entry.dump_criu_run_id !== undefined) inventory.runId = entry.dump_criu_run_id;
  if (entry.tcp_close !== undefined) inventory.tcpClose = entry.tcp_close;
  return inventory;
}
