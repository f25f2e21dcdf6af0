import { chmod, mkdir, realpath, rename, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { apiVersion } from "../../base/document.ts";
import { ArchiveError, Fault, RefusedError, UsageError } from "../../base/errors.ts";
import type { JsonObject } from "../../base/json-object.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import { asking } from "../../checkpoint/needs/asked.ts";
import { type RestoreNeeds, restoreNeeds } from "../needs.ts";
import { type Partial, putFile, requireNew, whole } from "../new-file.ts";
import { adaptSpec } from "./adapt-spec.ts";
import type { Base } from "./base.ts";
import { bindSources } from "./bind-sources.ts";
import type { RestoreBundle } from "./bundle.ts";
import { criuOptions } from "./criu-options.ts";
import { criuConfiguration, externalMounts, type OciRuntime } from "./external-mounts.ts";
import { loopbackScript, loopbackScriptName } from "./loopback-script.ts";
import { dumpedNetwork, type NetworkPlan, planNetwork } from "./network.ts";
import { restoreScript } from "./restore-script.ts";
import { full, RoomMeter } from "./room.ts";
import { writeImages } from "./write-images.ts";
import { writeRootfs } from "./write-rootfs.ts";
import { writeSources } from "./write-sources.ts";

export interface BundleOptions {
  base: Base;
  /** Default: none. */
  network?: "none" | "host";
  keepHooks?: boolean;
  /** Default: the runtime that made the dump. */
  runtime?: OciRuntime;
  /** Should files have the owners of the archive? Default: where the caller is root. */
  owners: boolean;
  /** Called before the folder is made and after it is whole, so that a cut can be cleaned up. */
  partial: Partial;
  /** Bytes that were written so far. */
  progress?: (bytes: number) => void;
}

/**
 * Writes an OCI bundle that brings the checkpoint back by runc or crun: config.json, rootfs/,
 * checkpoint/, mounts/, criu.conf and restore.sh, in a new folder of the caller's alone.
 * @param directory to make; nothing is ever overwritten
 * @throws {RefusedError} where something is there already, or the disk is full
 * @throws {ArchiveError} where the archive or the base image cannot be restored from
 */
export async function writeBundle(
  checkpoint: Checkpoint,
  directory: string,
  options: BundleOptions,
): Promise<RestoreBundle> {
  const spec = await requireSpec(checkpoint);
  const network = planNetwork(await dumpedNetwork(asking(checkpoint)), options.network ?? "none");
  const path = await placeOf(directory);
  await checkBase(options.base, path);
  const needs = await restoreNeeds(checkpoint);
  const plan: Plan = { checkpoint, spec, network, needs, path, options };
  return whole(path, options.partial, async (part) => {
    try {
      await mkdir(part, { mode: 0o700 });
      await chmod(part, 0o700);
      const bundle = await write(plan, part);
      await requireNew(path);
      await rename(part, path);
      return bundle;
    } catch (error) {
      throw named(error, part);
    }
  });
}

interface Plan {
  checkpoint: Checkpoint;
  spec: JsonObject;
  network: NetworkPlan;
  needs: RestoreNeeds;
  /** Where the bundle will be. */
  path: string;
  options: BundleOptions;
}

async function write(plan: Plan, part: string): Promise<RestoreBundle> {
  const { checkpoint, spec, network, needs, path, options } = plan;
  const room = await RoomMeter.on(part, options.progress);
  const images = await writeImages(checkpoint, part, room);
  const rootfs = await writeRootfs(checkpoint, part, { ...options, needs, room });
  const { mounts } = (await checkpoint.files()).mounts;
  const sources = await bindSources(
    asking(checkpoint),
    needs.mounts,
    mounts,
    `${path}/mounts`,
    rootfs.look,
  );
  const missing = await writeSources(checkpoint, part, sources, { owners: options.owners, room });
  const keys = new Set(sources.flatMap((it) => [it.destination, rootfs.resolve(it.destination)]));
  rootfs.close();
  const external = externalMounts(mounts, keys, `${path}/mounts/empty`);
  const given = criuOptions(needs.options);
  const containerId = idOf(needs);
  const config = adaptSpec(spec, {
    network: network.path,
    keepHooks: options.keepHooks === true,
    cgroupsPath: `/cryoscope/${containerId}`,
    criuConfiguration: `${path}/criu.conf`,
    binds: sources,
  });
  const runtime = options.runtime ?? usualRuntime(needs);
  const terminal = needs.objects.terminal;
  const script = restoreScript({
    path,
    id: containerId,
    runtime,
    options: given,
    network,
    terminal,
  });
  const lines = given.filter(({ by }) => by === "criu.conf").map(({ option }) => option);
  if (network.dumped === "own") {
    lines.push(`action-script ${path}/${loopbackScriptName}`);
    await putText(part, loopbackScriptName, loopbackScript);
    await chmod(join(part, loopbackScriptName), 0o700);
  }
  await putText(part, "config.json", `${JSON.stringify(config.document, null, 2)}\n`);
  await putText(part, "criu.conf", criuConfiguration(external, lines));
  await putText(part, "restore.sh", script);
  await chmod(join(part, "restore.sh"), 0o700);
  return {
    apiVersion,
    kind: "RestoreBundle",
    archive: checkpoint.archive.path,
    engine: (await checkpoint.runtime()).engine,
    madeBy: needs.ociRuntime.value,
    directory: path,
    containerId,
    runtime,
    command: `${path}/restore.sh`,
    network: { dumped: network.dumped, mode: network.mode, unshare: network.unshare },
    options: given,
    rootfs: rootfs.written,
    images,
    mounts: sources.map((source) => ({
      destination: source.destination,
      shape: source.shape,
      evidence: source.evidence,
      source: source.path,
      was: source.was ?? null,
      content: source.content ?? null,
      missing: [...source.missing],
    })),
    external,
    config: config.changes,
    problems: [...checkpoint.problems, ...rootfs.problems, ...missing],
  };
}

async function requireSpec(checkpoint: Checkpoint): Promise<JsonObject> {
  const { archive, images, documents } = checkpoint;
  const spec = await documents.object("spec.dump");
  const found = images === undefined ? "no CRIU images" : "no spec.dump that can be read";
  if (spec !== undefined && images !== undefined) return spec;
  throw new ArchiveError({
    what: "the archive holds no container that a runtime could restore",
    where: { path: archive.path },
    found,
    allowed: "an archive of CRI-O, containerd or Podman",
    next: "a dump without a container goes back by CRIU itself: criu restore --images-dir DIR",
  });
}

/** The absolute path of the bundle, in which config.json names it. */
async function placeOf(directory: string): Promise<string> {
  const wanted = directory.replace(/(?<=.)\/+$/, "");
  await requireNew(wanted);
  const above = await realpath(dirname(wanted)).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError({
      code: "folder",
      what: `${dirname(wanted)} is no folder in which a bundle could be made`,
      found: error.code ?? "no reason given",
      next: "make it first: mkdir -p, mode 0700",
    });
  });
  const path = join(above, basename(wanted));
  if (/^[!-~]+$/.test(path) && !/["'#\\[\]]/.test(path)) return path;
  throw new UsageError({
    code: "folder",
    what: "CRIU's configuration file, in which the bundle's path stands, has no way to write this one",
    found: JSON.stringify(path),
    allowed: "a path of letters, digits and signs without blanks, quotes and brackets",
    next: "choose another folder: -C DIR",
  });
}

async function checkBase({ form, path }: Base, bundle: string): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => error.code ?? "");
  const folder = form === "directory" || form === "oci";
  const fits = typeof found !== "string" && (folder ? found.isDirectory() : found.isFile());
  if (!fits) {
    throw new UsageError({
      code: "rootfs",
      what: `${path} is no ${folder ? "folder" : "file"} with a root file system`,
      found: typeof found === "string" ? found : "something else",
      next: "name another: --rootfs DIR, oci:DIR, oci-archive:FILE or docker-archive:FILE",
    });
  }
  if (form === "directory" && `${bundle}/`.startsWith(`${await realpath(path)}/`)) {
    throw new UsageError({
      code: "rootfs",
      what: "the bundle would lie in the root file system that it copies",
      next: "choose another folder: -C DIR",
    });
  }
}

/** Runtimes take letters, digits and some signs; so does a shell without quotes. */
function idOf({ container }: RestoreNeeds): string {
  const id = /^[0-9a-f]{12,}$/.exec(container.id.value ?? "")?.[0].slice(0, 12);
  const name = (container.name.value ?? "").replace(/[^A-Za-z0-9]+/g, "-").slice(0, 40);
  return ["cryoscope", name, id].filter((part) => part !== undefined && part !== "").join("-");
}

function usualRuntime({ ociRuntime }: RestoreNeeds): OciRuntime {
  return /crun/.test(ociRuntime.value ?? "") ? "crun" : "runc";
}

function putText(part: string, name: string, text: string): Promise<void> {
  return putFile(join(part, name), new TextEncoder().encode(text));
}

/** What the disk says has a system call's name; faults and bugs have not. */
function named(error: unknown, part: string): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (error instanceof Fault || syscall === undefined) return error;
  if (code === "ENOSPC" || code === "EDQUOT") return full(dirname(part), code);
  return new RefusedError({
    code: "unwritable",
    what: "the bundle cannot be written, and no part of it was left there",
    where: { path: dirname(part) },
    found: `${code} (${syscall})`,
    next: "choose another folder: -C DIR; owners and devices of an image take root",
    cause: error,
  });
}
