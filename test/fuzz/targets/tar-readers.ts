import { BufferSource } from "../../../src/archive/buffer-source.ts";
import type { TarMember } from "../../../src/archive/member.ts";
import { retainSmall } from "../../../src/archive/retained.ts";
import { indexTar, indexTarStream } from "../../../src/archive/tar-index.ts";
import type { TarIndex } from "../../../src/archive/tar-walk.ts";
import { Fault } from "../../../src/base/errors.ts";
import { Finding } from "../oracle.ts";
import { shape } from "../shape.ts";

/** What both readers have to say of a tar. */
interface Said {
  members: string[];
  /** Problems, each with its place. */
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

async function said(read: () => Promise<TarIndex>): Promise<Said> {
  try {
    const { members, problems } = await read();
    return {
      members: members.map(facts),
      codes: problems.map(
        ({ code, message, where }) => `${code} ${where?.offset ?? ""} ${message}`,
      ),
    };
  } catch (error) {
    if (error instanceof Fault) return { members: [], codes: [`fault ${error.kind}`] };
    throw error;
  }
}

async function* pieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 10_007) yield bytes.subarray(at, at + 10_007);
}

/** A stream is looked at further behind its end than a file, which is said to be so. */
const apart = /^(long-trailer|after-end) /;

/** Two readers of tar see the same members, and both or none see damage. */
export async function compareTarReaders(tar: Buffer): Promise<string[]> {
  const seeking = await said(() => indexTar(new BufferSource(tar)));
  const streaming = await said(() => indexTarStream(pieces(tar), { retain: retainSmall }));
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
  const told = (codes: readonly string[]): string =>
    codes.filter((code) => !apart.test(code)).join("\n");
  if (told(seeking.codes) !== told(streaming.codes)) {
    throw new Finding(
      "tar readers differ in problems",
      `${told(seeking.codes)} | ${told(streaming.codes)}`,
    );
  }
  return seeking.codes.map(shape);
}
