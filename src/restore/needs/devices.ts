import type { Asked } from "../../checkpoint/needs/asked.ts";
import { gpuOf } from "../../checkpoint/needs/gpus.ts";
import { readSpec } from "../../checkpoint/needs/spec.ts";
import { absolutePath } from "../../checkpoint/needs/tasks.ts";
import { evidenceOf, imageLabel } from "./evidence.ts";

/** A device of the node that the container had. */
export interface DeviceNeed {
  /** Path inside the container. */
  path: string;
  /** `c`, `b`, `u`, `p` as the specification writes it, or what the open file was. */
  type: string;
  /** CRIU's plugin that restores it: `CUDA`, `AMDGPU`; null for others. */
  plugin: string | null;
  /** Has a process it open? */
  open: boolean;
  evidence: string;
}

/** Devices that every container has, and that hold no state. */
const usual = /^\/dev\/(?:null|zero|full|random|urandom|tty|console|ptmx|pts\/.*)$/;

export async function deviceNeeds(asked: Asked): Promise<DeviceNeed[]> {
  const { checkpoint } = asked;
  const found = new Map<string, DeviceNeed>();
  for (const [index, { path, type }] of ((await readSpec(asked))?.devices ?? []).entries()) {
    if (usual.test(path)) continue;
    const evidence = `spec.dump /linux/devices/${index}`;
    found.set(path, { path, type, plugin: gpuOf(path) ?? null, open: false, evidence });
  }
  for (const { path, fileType, place } of (await checkpoint.files()).files) {
    if (path === undefined || fileType === undefined || !fileType.endsWith("-device")) continue;
    const at = absolutePath(path);
    if (usual.test(at)) continue;
    const type = fileType === "block-device" ? "b" : "c";
    const plugin = gpuOf(at) ?? null;
    found.set(at, { path: at, type, plugin, open: true, evidence: evidenceOf(place) });
  }
  const amd = [...(checkpoint.images?.names() ?? [])].find((name) => name.startsWith("amdgpu-"));
  if (amd !== undefined && ![...found.values()].some(({ plugin }) => plugin === "AMDGPU")) {
    const evidence = imageLabel(checkpoint, amd);
    found.set("/dev/kfd", { path: "/dev/kfd", type: "c", plugin: "AMDGPU", open: true, evidence });
  }
  return [...found.values()];
}
