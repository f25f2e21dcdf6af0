import { canonicalName, type TarMember } from "../archive/member.ts";
import { type ImageName, parseImageName } from "../criu/image-name.ts";

/** What a member is for, told from its name. */
export type ContentKind = "pages" | "image" | "metadata" | "rootfs" | "volume" | "log" | "other";

/** A member's name read: what it is, and the CRIU image that it is, if so. */
export interface Content {
  kind: ContentKind;
  /** For people: `page image`, `CORE`, `root file system changes`. */
  title: string;
  image?: ImageName;
  /** Does it hold an archive whose members can be listed? */
  nested: boolean;
}

const known: Record<string, [ContentKind, string, boolean?]> = {
  "config.dump": ["metadata", "container configuration"],
  "spec.dump": ["metadata", "OCI runtime spec"],
  "status.dump": ["metadata", "CRI container status"],
  status: ["metadata", "containerd container status"],
  "network.status": ["metadata", "Podman network status"],
  "bind.mounts": ["metadata", "CRI-O bind mounts"],
  "deleted.files": ["rootfs", "deleted files of the root file system"],
  "rootfs-diff.tar": ["rootfs", "changes to the root file system", true],
  "devshm-checkpoint.tar": ["volume", "content of /dev/shm", true],
  "dump.log": ["log", "CRIU dump log"],
  "restore.log": ["log", "CRIU restore log"],
  "container.log": ["log", "container log"],
  "ctr.log": ["log", "container log"],
  "io.kubernetes.cri-o.LogPath": ["log", "container log"],
};

const rawTitles: Record<string, string> = {
  PAGES: "memory pages",
  IFADDR: "addresses (netlink dump)",
  ROUTE: "routes (netlink dump)",
  ROUTE6: "IPv6 routes (netlink dump)",
  RULE: "routing rules (netlink dump)",
  IPTABLES: "iptables-save output",
  IP6TABLES: "ip6tables-save output",
  NFTABLES: "nftables ruleset",
  NETNF_CT: "connection tracking table",
  NETNF_EXP: "connection tracking expectations",
  TMPFS_IMG: "content of a tmpfs",
  TMPFS_DEV: "content of a tmpfs",
  DESCRIPTORS: "standard descriptors",
};

export function describeContent(member: TarMember): Content {
  const name = canonicalName(member.name);
  if (member.type !== "file" && member.type !== "hardlink") {
    return { kind: "other", title: member.type, nested: false };
  }
  const entry = Object.hasOwn(known, name) ? known[name] : undefined;
  if (entry !== undefined) return { kind: entry[0], title: entry[1], nested: entry[2] === true };
  if (/^volumes\/[^/]+\.tar$/.test(name)) {
    return { kind: "volume", title: "content of a volume", nested: true };
  }
  const base = name.slice(name.lastIndexOf("/") + 1);
  const image = parseImageName(base);
  if (image !== undefined) {
    const tmpfs = image.type === "TMPFS_IMG" || image.type === "TMPFS_DEV";
    return {
      kind: image.type === "PAGES" ? "pages" : "image",
      title: rawTitles[image.type] ?? image.type,
      image,
      nested: tmpfs,
    };
  }
  if (base.endsWith(".log")) return { kind: "log", title: "log", nested: false };
  return { kind: "other", title: "unknown", nested: false };
}
