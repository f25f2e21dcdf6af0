import { readSpec } from "../../../checkpoint/needs/spec.ts";
import { folderOf } from "../../facts/folders.ts";
import type { FindingPlace, Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Severity } from "../../severity.ts";
import type { Subject } from "../../subject.ts";

/** Devices that every container has (OCI runtime specification, default devices). */
const usual = new Set(
  "null zero full random urandom tty console ptmx core stdin stdout stderr fd"
    .split(" ")
    .map((name) => `/dev/${name}`),
);

/** Memory, ports and modules of the kernel itself. */
const kernel = new Set(["/dev/mem", "/dev/kmem", "/dev/port", "/dev/kmsg", "/dev/nvram"]);

/** Devices of the node that the container was given, or has open. */
export const devices: Rule = {
  id: "exposure/devices",
  title: "Device of the node",
  severity: "medium",
  looksAt: "linux.devices and device rules of spec.dump, character and block devices in files.img",
  why: "A device goes past the file system and its rights: a disk holds every file of the node, /dev/mem all its memory.",
  remedy:
    "Take the device away, or let a device plugin hand it out. What the program needs can be allowed in the policy.",
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const spec = await readSpec(subject);
    if (spec?.allDevices === true) yield everyDevice(spec.devices.length);
    else {
      for (const [index, { path, type }] of (spec?.devices ?? []).entries()) {
        if (!isUsual(path)) yield given(path, type === "b", `/linux/devices/${index}`);
      }
    }
    const { files } = await subject.checkpoint.files();
    for (const { fileType, path, holders, place } of files) {
      if (fileType !== "character-device" && fileType !== "block-device") continue;
      if (path === undefined || isUsual(path)) continue;
      const holder = holders[0];
      const at = holder === undefined ? place : { ...place, pid: holder.pid, fd: holder.fd };
      yield opened(path, fileType === "block-device", at);
    }
  },
};

function isUsual(path: string): boolean {
  return usual.has(path) || folderOf(path, ["/dev/pts"]) !== undefined;
}

function severityOf(path: string, block: boolean): Severity {
  return block || kernel.has(path) ? "high" : "medium";
}

/** A privileged container is given every single one, which is told once. */
function everyDevice(count: number): Sighting {
  return {
    message: "the container may open every device of the node, disks and memory among them",
    key: "all devices",
    severity: "high",
    places: [{ member: "spec.dump", pointer: "/linux/resources/devices" }],
    facts: { devices: count },
  };
}

function given(path: string, block: boolean, pointer: string): Sighting {
  return {
    message: `the container was given ${path}${block ? ", a block device" : ""}`,
    key: path,
    severity: severityOf(path, block),
    places: [{ member: "spec.dump", pointer }],
    facts: { device: path },
  };
}

function opened(path: string, block: boolean, place: FindingPlace): Sighting {
  return {
    message: `${path}, ${block ? "a block device" : "a device"}, is open`,
    key: path,
    severity: severityOf(path, block),
    places: [place],
    facts: { device: path },
  };
}
