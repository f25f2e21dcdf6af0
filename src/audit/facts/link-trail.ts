import { canonicalName, type TarMember } from "../../archive/member.ts";
import { leavesTree } from "../../archive/member-collector.ts";

/**
 * Tells members that are unpacked through a link of the same archive: first a link to somewhere
 * else, then a file below it. Prefixes of names are found by a rolling hash, because a name may be
 * all slashes and a megabyte long.
 */
export class LinkTrail {
  readonly #links = new Map<string, TarMember>();
  readonly #hashes = new Set<number>();
  /** Odd, and another in each run, so that nobody can make names that collide. */
  readonly #factor = (Math.floor(Math.random() * 2 ** 31) | 1) >>> 0;

  constructor(members: readonly TarMember[]) {
    for (const member of members) {
      if (member.type !== "symlink") continue;
      const name = canonicalName(member.name);
      this.#links.set(name, member);
      this.#hashes.add(this.#hash(name));
    }
  }

  /** What a member does by a link; undefined where it does nothing of the kind. */
  faultOf(member: TarMember): string | undefined {
    if (member.type === "hardlink" && leavesTree(member)) {
      return `is a hard link to ${member.linkName}, outside the folder it is unpacked in`;
    }
    const link = this.#links.size === 0 ? undefined : this.#linkAbove(canonicalName(member.name));
    if (link === undefined) return undefined;
    return `is unpacked through ${link.name}, a link to ${link.linkName} in the same archive`;
  }

  #linkAbove(name: string): TarMember | undefined {
    let hash = 0;
    for (let at = 0; at < name.length; at++) {
      const code = name.charCodeAt(at);
      if (code === 0x2f && this.#hashes.has(hash)) {
        const link = this.#links.get(name.slice(0, at));
        if (link !== undefined) return link;
      }
      hash = (Math.imul(hash, this.#factor) + code + 1) >>> 0;
    }
    return undefined;
  }

  #hash(name: string): number {
    let hash = 0;
    for (let at = 0; at < name.length; at++) {
      hash = (Math.imul(hash, this.#factor) + name.charCodeAt(at) + 1) >>> 0;
    }
    return hash;
  }
}
