import type { ByteSpace } from "../../state/byte-space.ts";
import type { Act } from "../../state/screen.ts";
import type { Range } from "./state.ts";

/** Saves bytes of a space; the name says which. */
export function saveBytes(archive: string, space: ByteSpace, { from, to }: Range): Act {
  const hex = (address: bigint): string => address.toString(16).padStart(16, "0");
  const name =
    "pid" in space
      ? `pid-${space.pid}-${hex(from)}-${hex(to)}.bin`
      : (space.member.split(/[/!]/).at(-1) ?? "member");
  return { act: "save", name, content: { from: "bytes", archive, space, start: from, end: to } };
}
