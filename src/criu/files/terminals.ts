import { forEachEntry, type ReadContext } from "../entries.ts";
import type { Messages } from "../schema/types.ts";
import { showDevice, splitDevice } from "./file-mode.ts";

/** A terminal: an end of a pseudo terminal, the console, a serial line. */
export interface Terminal {
  id: number;
  type: "unknown" | "pty" | "console" | "vt" | "ctty" | "external" | "serial" | `type ${number}`;
  /** Of a pseudo terminal. */
  end: "master" | "slave" | undefined;
  index: number | undefined;
  /** `major:minor`. */
  device: string;
  /** Session that it controls, and the group in front; 0 for none. */
  sid: number;
  pgrp: number;
  rows: number | undefined;
  columns: number | undefined;
  locked: boolean;
  exclusive: boolean;
  packetMode: boolean;
  uid: number | undefined;
  gid: number | undefined;
}

const types: Terminal["type"][] = ["unknown", "pty", "console", "vt", "ctty", "external", "serial"];

export async function readTerminals(context: ReadContext): Promise<Map<number, Terminal>> {
  const terminals = new Map<number, Terminal>();
  await forEachEntry(context, "tty-info.img", "tty_info_entry", ({ entry, place }) => {
    if (!terminals.has(entry.id)) terminals.set(entry.id, describe(entry));
    else {
      const message = `there are two terminals ${entry.id}; the first counts`;
      context.problems.add({ severity: "error", code: "terminal", message, where: place });
    }
  });
  return terminals;
}

function describe(entry: Messages["tty_info_entry"]): Terminal {
  const type = types[entry.type] ?? `type ${entry.type}`;
  return {
    id: entry.id,
    type,
    end: type === "pty" ? (isMaster(entry.rdev) ? "master" : "slave") : undefined,
    index: entry.pty?.index,
    device: showDevice(entry.rdev),
    sid: entry.sid,
    pgrp: entry.pgrp,
    rows: entry.winsize?.ws_row,
    columns: entry.winsize?.ws_col,
    locked: entry.locked,
    exclusive: entry.exclusive,
    packetMode: entry.packet_mode,
    uid: entry.uid,
    gid: entry.gid,
  };
}

/** /dev/ptmx, or a master of BSD's kind. */
function isMaster(device: number): boolean {
  const { major, minor } = splitDevice(device);
  return (major === 5 && minor === 2) || major === 2;
}
