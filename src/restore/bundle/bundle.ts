import type { Document } from "../../base/document.ts";
import type { Problem } from "../../base/problem.ts";
import type { Engine } from "../../runtime/engine.ts";
import type { ConfigChange } from "./adapt-spec.ts";
import type { Base } from "./base.ts";
import type { CriuOption } from "./criu-options.ts";
import type { ExternalMount, OciRuntime } from "./external-mounts.ts";
import type { NetworkPlan } from "./network.ts";
import type { NotMade } from "./tree-writer.ts";

/** What `restore bundle` made. Sizes in bytes; paths of the bundle are absolute. */
export interface RestoreBundle extends Document<"RestoreBundle"> {
  /** The archive, as the caller named it. */
  archive: string;
  engine: Engine;
  /** Name of the runtime that made the dump, as the archive has it. */
  madeBy: string | null;
  directory: string;
  /** Name that the runtime gives the container. */
  containerId: string;
  /** What restores it, unless restore.sh is told otherwise. */
  runtime: OciRuntime;
  command: string;
  network: Pick<NetworkPlan, "dumped" | "mode" | "unshare">;
  options: CriuOption[];
  rootfs: {
    base: Pick<Base, "form" | "path"> & { digest: string | null; layers: number };
    files: number;
    folders: number;
    links: number;
    bytes: number;
    /** Paths that layers and the container took away. */
    removed: number;
    /** Mode of the root folder, in octal: what the dump has, where it says so. */
    mode: string;
    setuid: string[];
    notMade: NotMade[];
  };
  images: { files: number; bytes: number };
  mounts: BundleMount[];
  external: ExternalMount[];
  config: ConfigChange[];
  problems: Problem[];
}

/** A source of the bundle's own for a bind mount. */
interface BundleMount {
  destination: string;
  shape: "file" | "directory";
  /** What says which of the two it was. */
  evidence: string;
  source: string;
  /** Path on the node of the dump. */
  was: string | null;
  /** Member of the archive whose content it has; null where it is empty. */
  content: string | null;
  /** Files there that processes have open or mapped, and that the archive does not carry. */
  missing: string[];
}
