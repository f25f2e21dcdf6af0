import { gpuOf } from "../../../checkpoint/needs/gpus.ts";
import { absolutePath } from "../../../checkpoint/needs/tasks.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** What only a plugin of CRIU's restores. */
export const gpu: Rule = {
  id: "restore/gpu",
  title: "Needs a GPU and CRIU's plugin for it",
  severity: "medium",
  looksAt: "GPU devices in files.img, plugins of inventory.img, amdgpu images",
  why: "Memory of a GPU is restored by a plugin, into a GPU of the same kind: without it `handle_device_vma plugin failed` or `Can't dump file … (chr 195:255)`.",
  remedy:
    "Restore on a node with the same GPU, driver 570 or newer, and CRIU 4.0 or newer with the plugin where CRIU looks for plugins.",
  references: ["https://criu.org/Plugins"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const inventory = await subject.checkpoint.inventory();
    const label = subject.checkpoint.images?.label("inventory.img") ?? "inventory.img";
    for (const plugin of new Set(inventory?.entry.plugins_entry?.plugins ?? [])) {
      yield {
        message: `the dump was made with CRIU's plugin ${plugin}, and needs it again`,
        key: `plugin ${plugin}`,
        places: [{ member: label }],
        facts: { plugin },
      };
    }
    for (const { path, holders, place } of (await subject.checkpoint.files()).files) {
      const kind = path === undefined ? undefined : gpuOf(absolutePath(path));
      if (kind === undefined) continue;
      const holder = holders[0];
      yield {
        message: `a process has ${path} open, which CRIU restores with its ${kind} plugin alone`,
        key: `device ${kind}`,
        places: [holder === undefined ? place : { ...place, pid: holder.pid, fd: holder.fd }],
        facts: { plugin: kind },
      };
    }
    for (const name of subject.checkpoint.images?.names() ?? []) {
      if (!name.startsWith("amdgpu-")) continue;
      yield {
        message:
          "the dump holds memory of an AMD GPU, which CRIU restores with its AMDGPU plugin alone",
        key: "device AMDGPU",
        places: [{ member: subject.checkpoint.images?.label(name) ?? name }],
        facts: { plugin: "AMDGPU" },
      };
    }
  },
};
