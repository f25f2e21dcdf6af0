import { escapedText } from "../../base/bytes.ts";
import { ArchiveError } from "../../base/errors.ts";
import type { Checkpoint } from "../checkpoint.ts";
import type { Asked } from "./asked.ts";

/** What CRIU says of itself and of the machine in the first lines of `dump.log`. */
interface DumpLogHead {
  member: string;
  /** `4.2.1`. */
  criu: string | undefined;
  /** `uname -r` of the machine. */
  kernel: string | undefined;
  /** Vendor and model of the processor as CRIU writes them: `AuthenticAMD`, `AMD EPYC`. */
  vendor: string | undefined;
  model: string | undefined;
  /** Parts of the processor's state that the machine has, by bit of XCR0. */
  features: bigint | undefined;
}

/** The lines stand before the first process is looked at. */
const headBytes = 8192;

/** Undefined where the archive has no log: Podman keeps none. */
export function readDumpLog(asked: Asked): Promise<DumpLogHead | undefined> {
  return asked.once("dump.log", () => readDumpLogHead(asked.checkpoint));
}

/** The same for who asks once. Runtimes keep it beside the images' folder, criu itself in it. */
export async function readDumpLogHead(checkpoint: Checkpoint): Promise<DumpLogHead | undefined> {
  const { archive, images } = checkpoint;
  const names = ["dump.log", ...(images === undefined ? [] : [images.label("dump.log")])];
  const member = names.map((name) => archive.find(name)).find((each) => each?.type === "file");
  if (member === undefined || !archive.hasContent(member)) return undefined;
  try {
    const head = await archive.read(member, 0, Math.min(headBytes, member.size));
    return { member: member.name, ...parse(escapedText(head)) };
  } catch (error) {
    // A log that cannot be read is told by whoever lists members.
    if (error instanceof ArchiveError) return undefined;
    throw error;
  }
}

function parse(head: string): Omit<DumpLogHead, "member"> {
  const processor = /x86_vendor_id (\S+) x86_model_id (.+)/.exec(head);
  const mask = /\bxfeatures_mask 0x([0-9a-f]{1,16})\b/.exec(head)?.[1];
  return {
    criu: /\bVersion: (\d{1,3}\.\d{1,3}(?:\.\d{1,3})?)/.exec(head)?.[1],
    kernel: /\bRunning on \S+ Linux (\d[\w.+~-]{0,127})/.exec(head)?.[1],
    vendor: processor?.[1]?.slice(0, 64),
    model: processor?.[2]?.trim().slice(0, 64),
    features: mask === undefined ? undefined : BigInt(`0x${mask}`),
  };
}
