import { containerd } from "./containerd.ts";
import { crio } from "./cri-o.ts";
import type { RuntimeFormat } from "./format.ts";
import { podman } from "./podman.ts";

/** The engines whose archives we know, a file each. */
export const formats = { "cri-o": crio, containerd, podman } satisfies Record<
  string,
  RuntimeFormat
>;

export type KnownEngine = keyof typeof formats;

export const knownEngines = Object.keys(formats) as readonly KnownEngine[];

/** Who made an archive. `criu` is a dump without a container engine's files beside it. */
export type Engine = KnownEngine | "criu" | "unknown";

export const engines: readonly Engine[] = [...knownEngines, "criu", "unknown"];
