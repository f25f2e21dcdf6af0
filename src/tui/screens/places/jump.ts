import type { PlaceRow } from "../../state/audit-rows.ts";
import type { Act } from "../../state/screen.ts";
import type { HexArgument } from "../hex/argument.ts";
import type { ImageArgument } from "../image/argument.ts";
import { look } from "../look.ts";
import type { ProcessArgument } from "../process/argument.ts";

const push = (kind: string, argument: unknown): Act => ({
  act: "push",
  screen: { kind, argument },
});

const flash = (text: string): Act => ({ act: "flash", level: "info", text });

/** Goes to a place of an archive: the address in memory, the byte of the member, or the process. */
export function jump(path: string, { place, form }: PlaceRow): Act {
  const { pid, address, member, offset } = place;
  if (pid !== undefined && address !== undefined) {
    return push("hex", { path, pid, at: address } satisfies HexArgument);
  }
  if (member !== undefined && form !== null) {
    const exact = offset !== undefined && (form === "bytes" || form === "content");
    if (exact) return atByte(path, member, offset);
    return form === "image" && place.entry !== undefined
      ? push("image", { path, member, entry: place.entry } satisfies ImageArgument)
      : look({ path, member, form });
  }
  if (pid !== undefined) return push("process", { path, pid } satisfies ProcessArgument);
  if (place.path !== undefined) return flash("it lies beside the archive, on disk; c copies it");
  return flash("there is nothing to go to");
}

/** The bytes of a place's member, whatever it is. */
export function jumpToBytes(path: string, { place, form }: PlaceRow): Act {
  const { member, offset } = place;
  if (member === undefined || form === null || form === "nothing") {
    return flash("the archive holds no bytes of it");
  }
  return atByte(path, member, offset);
}

/** The process of a place. */
export function jumpToProcess(path: string, { place: { pid } }: PlaceRow): Act {
  if (pid === undefined) return flash("it is of no process");
  return push("process", { path, pid } satisfies ProcessArgument);
}

function atByte(path: string, member: string, offset: number | undefined): Act {
  const at = offset === undefined ? {} : { at: BigInt(offset) };
  return push("hex", { path, member, ...at } satisfies HexArgument);
}
