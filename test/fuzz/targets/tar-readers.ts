import { BufferSource } from "../../../src/archive/buffer-source.ts";
import type { TarMember } from "../../../src/archive/member.ts";
import { retainSmall } from "../../../src/archive/retained.ts";
import { indexTar, type TarIndex } from "../../../src/archive/tar-index.ts";
import { indexTarStream } from "../../../src/archive/tar-stream-index.ts";
import { Fault } from "../../../src/base/errors.ts";
import { Finding } from "../oracle.ts";

/** What both readers have to say of a tar. */
interface Said {
  members: string[];
  codes: string[];
}

const facts = ({
  name,
  type,
  size,
  storedSize,
  mode,
  uid,
  gid,
  linkName,
  dataOffset,
}: TarMember): string =>
  JSON.stringify([name, type, size, storedSize, mode, uid, gid, linkName ?? null, dataOffset]);

/** Damage that one reader meets in a header is the end of the stream for the other. */
const damage = new Map(
  ["damaged-header", "damaged-stream", "truncated"].map((code) => [code, "damaged"]),
);

async function said(read: () => Promise<TarIndex>): Promise<Said> {
  try {
    const { members, problems } = await read();
    return {
      members: members.map(facts),
      codes: [...new Set(problems.map(({ code }) => damage.get(code) ?? code))],
    };
  } catch (error) {
    if (error instanceof Fault) return { members: [], codes: [`fault ${error.kind}`] };
    throw error;
  }
}

async function* pieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 10_007) yield bytes.subarray(at, at + 10_007);
}

/** What tar-stream cannot see is said to be so: such tars are not compared. */
const apart = /sparse|long-trailer/;

/** Two readers of tar see the same members, and both or none see damage. */
export async function compareTarReaders(tar: Buffer): Promise<string[]> {
  const seeking = await said(() => indexTar(new BufferSource(tar)));
  const streaming = await said(() => indexTarStream(pieces(tar), { retain: retainSmall }));
  const codes = [...seeking.codes, ...streaming.codes];
  if (codes.some((code) => apart.test(code))) return codes;
  const [most, least] = [
    Math.max(seeking.members.length, streaming.members.length),
    Math.min(seeking.members.length, streaming.members.length),
  ];
  for (let at = 0; at < least; at++) {
    if (seeking.members[at] !== streaming.members[at]) {
      throw new Finding(
        "tar readers differ",
        `member ${at}: ${seeking.members[at]} | ${streaming.members[at]}`,
      );
    }
  }
  if (most !== least) {
    throw new Finding(
      "tar readers differ in members",
      `${seeking.members.length} (${seeking.codes}) | ${streaming.members.length} (${streaming.codes})`,
    );
  }
  const [a, b] = [seeking.codes.sort().join(), streaming.codes.sort().join()];
  if (a !== b) throw new Finding("tar readers differ in problems", `${a} | ${b}`);
  return codes;
}
