import { ArchiveError } from "../../base/errors.ts";
import type { Asked } from "../../checkpoint/needs/asked.ts";
import { readEntries } from "../../criu/image.ts";
import type { Messages } from "../../criu/schema/types.ts";
import { type Fact, known, unknown } from "../../node/facts.ts";
import { imageLabel } from "./evidence.ts";

/** The control groups that processes were in. */
export interface CgroupNeeds {
  version: Fact<"v1" | "v2" | "hybrid">;
  /** Paths of the processes' groups by controller; "" is the hierarchy of version 2. */
  paths: { controller: string; path: string; evidence: string }[];
  /** Settings of those groups that the dump holds: `memory.max`, `cpu.shares`. */
  properties: ReadonlyMap<string, string>;
}

export async function cgroupNeeds(asked: Asked): Promise<CgroupNeeds> {
  const evidence = imageLabel(asked.checkpoint, "cgroup.img");
  const entry = await readCgroups(asked);
  const members = entry?.sets.flatMap(({ ctls }) => ctls) ?? [];
  const paths = new Map(members.map(({ name, path }) => [`${name} ${path}`, { name, path }]));
  return {
    version: await version(asked, members, evidence),
    paths: [...paths.values()].map(({ name, path }) => ({ controller: name, path, evidence })),
    properties: properties(entry, new Set(members.map(({ path }) => path.replace(/^\//, "")))),
  };
}

async function readCgroups({ checkpoint }: Asked): Promise<Messages["cgroup_entry"] | undefined> {
  const source = checkpoint.images?.open("cgroup.img");
  if (source === undefined) return undefined;
  try {
    return (await readEntries(source, "cgroup_entry"))[0];
  } catch (error) {
    // Whoever reads processes tells what is wrong with it.
    if (error instanceof ArchiveError) return undefined;
    throw error;
  }
}

type Member = Messages["cg_member_entry"];

/** Mounts tell too: a dump without control groups of its own may still look at them. */
async function version(
  { checkpoint }: Asked,
  members: readonly Member[],
  evidence: string,
): Promise<CgroupNeeds["version"]> {
  const named = members.some(({ name }) => name !== "" && !name.startsWith("name="));
  // On a machine of version 1 the other hierarchy is there too, with everybody at its root.
  const unified = members.some(({ name, path }) => name === "" && path !== "/");
  if (named) return known(unified ? "hybrid" : "v1", evidence);
  if (members.some(({ name }) => name === "")) return known("v2", evidence);
  const { mounts } = (await checkpoint.files()).mounts;
  const mount = mounts.find(({ fstype }) => fstype === "cgroup" || fstype === "cgroup2");
  if (mount === undefined) return unknown("neither control groups nor mounts of them are saved");
  const image = imageLabel(checkpoint, `mountpoints-${mount.namespaceId}.img`);
  return known(mount.fstype === "cgroup2" ? "v2" : "v1", `${image} ${mount.mountpoint}`);
}

type Folder = Messages["cgroup_dir_entry"];

/** Settings of the groups themselves, not of those above or below. */
function properties(
  entry: Messages["cgroup_entry"] | undefined,
  wanted: ReadonlySet<string>,
): Map<string, string> {
  const found = new Map<string, string>();
  const todo: { folder: Folder; above: string }[] = [];
  for (const { dirs } of entry?.controllers ?? []) {
    for (const folder of dirs) todo.push({ folder, above: "" });
  }
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { folder, above } = next;
    const path = above === "" ? folder.dir_name : `${above}/${folder.dir_name}`;
    if (wanted.has(path.replace(/^\//, ""))) {
      for (const { name, value } of folder.properties) found.set(name, value.trim());
    }
    for (const child of folder.children) todo.push({ folder: child, above: path });
  }
  return found;
}
