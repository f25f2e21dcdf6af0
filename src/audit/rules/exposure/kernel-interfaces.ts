import { readSpec } from "../../../checkpoint/needs/spec.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Parts of /proc and /sys that runtimes hide or make read-only, and did not here. */
export const kernelInterfaces: Rule = {
  id: "exposure/kernel-interfaces",
  title: "Kernel settings of the node are open",
  severity: "medium",
  looksAt:
    "linux.maskedPaths of spec.dump, flags of sysfs, cgroup and /proc/sys in mountpoints-N.img",
  why: "Through /sys, /proc/sys and cgroup files settings of the whole node are made; release_agent and core_pattern among them start programs outside the container.",
  remedy:
    "Leave `procMount` at Default, and run without `privileged: true` and `--security-opt unmask`.",
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const spec = await readSpec(subject);
    // A dump without a runtime around it has no such promise to break.
    if (spec === undefined) return;
    if (spec.maskedPaths.length === 0) {
      yield {
        message: "no path of /proc and /sys is masked",
        key: "masked paths",
        places: [{ member: "spec.dump", pointer: "/linux/maskedPaths" }],
      };
    }
    const writable = new Map<string, string[]>();
    for (const { fstype, mountpoint, flags } of (await subject.checkpoint.files()).mounts.mounts) {
      if (flags.includes("MS_RDONLY") || !(kernels.has(fstype) || isSys(mountpoint))) continue;
      const mountpoints = writable.get(fstype) ?? [];
      mountpoints.push(mountpoint);
      writable.set(fstype, mountpoints);
    }
    for (const [fstype, mountpoints] of writable) {
      const [first] = mountpoints;
      const more = mountpoints.length === 1 ? " is" : ` and ${mountpoints.length - 1} more are`;
      yield {
        message: `${first} (${fstype})${more} mounted writable`,
        key: fstype,
        places: mountpoints.slice(0, 100).map((path) => ({ path })),
        facts: { fstype, mountpoints: mountpoints.slice(0, 100) },
      };
    }
  },
};

/** File systems that are settings of the kernel. */
const kernels = new Set(["sysfs", "cgroup", "cgroup2"]);

function isSys(mountpoint: string): boolean {
  return mountpoint === "/proc/sys" || mountpoint === "/proc/sysrq-trigger";
}
