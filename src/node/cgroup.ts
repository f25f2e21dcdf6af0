import { type Fact, known, type MachineFacts, unknown } from "./facts.ts";
import type { Host } from "./host.ts";

const mountinfo = "/proc/self/mountinfo";
const folder = "/sys/fs/cgroup";

interface CgroupMount {
  type: "cgroup" | "cgroup2";
  path: string;
  controllers: string[];
}

function cgroupMounts(host: Host): Fact<CgroupMount[]> {
  const read = host.text(mountinfo);
  if (read.state !== "found") {
    return unknown(read.state === "absent" ? `no ${mountinfo}` : `${mountinfo}: ${read.why}`);
  }
  const mounts: CgroupMount[] = [];
  for (const line of read.value.split("\n")) {
    const [before = "", after = ""] = line.split(" - ");
    const [type, , options = ""] = after.split(" ");
    if (type !== "cgroup" && type !== "cgroup2") continue;
    mounts.push({ type, path: before.split(" ")[4] ?? "", controllers: options.split(",") });
  }
  return known(mounts, mountinfo);
}

/** Which version of control groups processes live in. */
export function cgroupOf(host: Host): MachineFacts["cgroup"] {
  const mounts = cgroupMounts(host);
  if (mounts.value === null) return unknown(mounts.evidence);
  const v2 = mounts.value.find(({ type }) => type === "cgroup2");
  const v1 = mounts.value.find(({ type }) => type === "cgroup");
  if (v1 !== undefined && v2 !== undefined) {
    return known("hybrid", `${v1.path} and ${v2.path} in ${mountinfo}`);
  }
  if (v2 !== undefined) return known("v2", `${v2.path} in ${mountinfo}`);
  if (v1 !== undefined) return known("v1", `${v1.path} in ${mountinfo}`);
  return unknown(`no control groups are mounted in ${mountinfo}`);
}

/** Can a control group be frozen? The kernel before 5.2 has no freezer in version 2. */
export function freezerOf(host: Host, version: MachineFacts["cgroup"]): Fact<boolean> {
  const mounts = cgroupMounts(host);
  if (version.value === null || mounts.value === null) return unknown(version.evidence);
  if (version.value === "v2") {
    const listed = host.list(folder);
    if (listed.state !== "found") return unknown(`${folder} cannot be listed`);
    const below = listed.value.filter(({ kind }) => kind === "directory");
    if (below.length === 0) return unknown(`${folder} has no group to look at`);
    const path = below
      .map(({ name }) => `${folder}/${name}/cgroup.freeze`)
      .find((file) => host.stat(file).state === "found");
    return path === undefined ? known(false, `no ${folder}/*/cgroup.freeze`) : known(true, path);
  }
  const mount = mounts.value.find(({ controllers }) => controllers.includes("freezer"));
  return mount === undefined
    ? known(false, `no freezer in ${mountinfo}`)
    : known(true, `${mount.path} in ${mountinfo}`);
}
