import { isZero } from "../base/bytes.ts";
import { ArchiveError } from "../base/errors.ts";
import { limits } from "../base/limits.ts";
import { ProblemLog } from "../base/problem.ts";
import { formatCount } from "../base/units.ts";
import { followHardLinks } from "./hard-link.ts";
import { canonicalName, nameHazard, type TarMember } from "./member.ts";
import { blockBytes, decodeHeader } from "./tar-header.ts";
import type { TarIndex } from "./tar-walk.ts";

const hazards = {
  empty: "has an empty name",
  absolute: "has an absolute name",
  parent: "climbs out of the archive with ..",
  nul: "has a name with a NUL byte",
} as const;

/**
 * Gathers members and judges them, so that the seeking index and the streaming one say the same
 * of the same archive.
 */
export class MemberCollector {
  readonly #members: TarMember[] = [];
  readonly #problems = new ProblemLog();
  /** Last member of each canonical name, folders aside. */
  readonly #last = new Map<string, TarMember>();
  readonly #count = new Map<string, number>();

  get members(): readonly TarMember[] {
    return this.#members;
  }

  add(member: TarMember): void {
    if (this.#members.length >= limits.members) {
      throw new ArchiveError({
        what: "the archive has too many members",
        found: `more than ${formatCount(limits.members)}`,
        allowed: formatCount(limits.members),
      });
    }
    member.index = this.#members.length;
    this.#members.push(member);
    this.#judgeName(member);
    this.#judgeType(member);
    if (member.type === "directory") return;
    const key = canonicalName(member.name);
    if (this.#last.has(key)) this.#count.set(key, (this.#count.get(key) ?? 1) + 1);
    this.#last.set(key, member);
  }

  /** Ends the index with an error; what came before stays. */
  damage(code: string, error: ArchiveError): void {
    this.#problems.addFault(code, error);
  }

  sizeDisagrees(member: TarMember, headerSize: number): void {
    this.#problems.add({
      severity: "warning",
      code: "size-disagrees",
      message: `the PAX header gives ${member.name} ${formatCount(member.storedSize)} bytes and its tar header ${formatCount(headerSize)}; the PAX header counts, but other tools may see other members`,
      where: { member: member.name, offset: member.headerOffset },
    });
  }

  loneZeroBlock(offset: number): void {
    this.#problems.add({
      severity: "warning",
      code: "lone-zero-block",
      message: "a single block of zeros stands between members; other tools may stop there",
      where: { offset },
    });
  }

  shortEndMarker(offset: number): void {
    this.#problems.add({
      severity: "warning",
      code: "short-end-marker",
      message: "the archive ends with one block of zeros where two are due; all members are whole",
      where: { offset },
    });
  }

  missingEnd(offset: number): void {
    this.damage(
      "no-end-marker",
      new ArchiveError({
        what: "the archive ends without its end marker, so members may be missing",
        where: { offset },
        found: `end of file at ${formatCount(offset)}`,
        allowed: "two blocks of zeros",
        next: "copy the archive again and compare sizes, or make the checkpoint again",
      }),
    );
  }

  /** Judges bytes behind the end marker. True where something stands there, which is told. */
  judgeTail(tail: Uint8Array, offset: number): boolean {
    for (let at = 0; at + blockBytes <= tail.length; at += blockBytes) {
      const block = tail.subarray(at, at + blockBytes);
      if (isZero(block)) continue;
      this.#hiddenEntry(offset + at, nameOf(block));
      return true;
    }
    return false;
  }

  #hiddenEntry(offset: number, name: string | undefined): void {
    const what =
      name === undefined ? "bytes that are no header" : `a member named ${JSON.stringify(name)}`;
    this.damage(
      "after-end",
      new ArchiveError({
        what: "something follows the end marker: tar and the runtimes do not see it, and it is not listed",
        where: { offset },
        found: what,
        allowed: "zeros",
        next: "treat the archive as tampered with, or as several archives joined together",
      }),
    );
  }

  unreadTrailer(bytes: number, offset: number): void {
    this.#problems.add({
      severity: "warning",
      code: "long-trailer",
      message: `${formatCount(bytes)} bytes behind the end marker were not read`,
      where: { offset },
    });
  }

  finish(): TarIndex {
    this.#judgeHardLinks();
    for (const [key, count] of this.#count) {
      const counts = this.#last.get(key) as TarMember;
      this.#problems.add({
        severity: "warning",
        code: "duplicate-member",
        message: `${counts.name} occurs ${count} times; the last one counts, as when tar unpacks it`,
        where: { member: counts.name, offset: counts.headerOffset },
      });
    }
    return { members: this.#members, problems: this.#problems.list() };
  }

  /** Judged last, because a link may stand before what it names. */
  #judgeHardLinks(): void {
    for (const member of this.#members) {
      if (member.type !== "hardlink" || leavesTree(member)) continue;
      const end = followHardLinks(member, (name) => this.#last.get(name));
      if (typeof end === "object") continue;
      const why = end === "missing" ? "which is not in the archive" : "and so on in a circle";
      this.#problems.add({
        severity: "warning",
        code: "broken-link",
        message: `${member.name} links to ${member.linkName}, ${why}`,
        where: { member: member.name, offset: member.headerOffset },
      });
    }
  }

  #judgeName(member: TarMember): void {
    const hazard = nameHazard(member.name);
    const where = { member: member.name, offset: member.headerOffset };
    if (hazard !== undefined) {
      const message = `member ${member.index} ${hazards[hazard]}; it is never unpacked`;
      this.#problems.add({ severity: "warning", code: "unsafe-name", message, where });
    }
    if (member.name.includes("\ufffd")) {
      const message = `member ${member.index} has a name that is not UTF-8`;
      this.#problems.add({ severity: "warning", code: "name-not-utf8", message, where });
    }
  }

  #judgeType(member: TarMember): void {
    const where = { member: member.name, offset: member.headerOffset };
    if (member.type === "character-device" || member.type === "block-device") {
      const message = `member ${member.index} is a ${member.type.replace("-", " ")}; it is never unpacked`;
      this.#problems.add({ severity: "warning", code: "device-member", message, where });
    }
    if (member.type === "unknown") {
      const message = `member ${member.index} has a type that no tar standard names`;
      this.#problems.add({ severity: "warning", code: "unknown-type", message, where });
    }
    if (member.linkName !== undefined && leavesTree(member)) {
      const message = `member ${member.index} links to ${member.linkName}, outside the archive`;
      this.#problems.add({ severity: "warning", code: "unsafe-link", message, where });
    }
  }
}

/** Does a link point outside the folder that the archive would be unpacked in? */
export function leavesTree(member: TarMember): boolean {
  const target = member.linkName ?? "";
  if (target.startsWith("/") || target.includes("\0")) return true;
  // A hard link names its target from the top, a symbolic link from its own folder.
  const start = member.type === "symlink" ? canonicalName(member.name).split("/").slice(0, -1) : [];
  let depth = start.length;
  for (const part of target.split("/")) {
    if (part === "..") depth -= 1;
    else if (part !== "" && part !== ".") depth += 1;
    if (depth < 0) return true;
  }
  return false;
}

function nameOf(block: Uint8Array): string | undefined {
  try {
    return decodeHeader(block)?.name;
  } catch (error) {
    if (error instanceof ArchiveError) return undefined;
    throw error;
  }
}
