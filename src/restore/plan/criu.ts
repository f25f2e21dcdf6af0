import { formatBytes } from "../../base/units.ts";
import { atLeast, versionNumbers } from "../../node/version.ts";
import type { DeviceNeed } from "../needs/devices.ts";
import type { CriuOptionNeed } from "../needs/options.ts";
import {
  cannotTell,
  dumpedBy,
  isPod,
  needsOf,
  no,
  noTarget,
  type PlanRow,
  type PlanSubject,
  some,
  sources,
  yes,
} from "./row.ts";

const need = needsOf("criu", sources.criu);

/** CRIU: old images are read by newer ones, with the options that they ask for. */
export function criuRows(subject: PlanSubject): PlanRow[] {
  return [
    imageVersionRow(subject),
    versionRow(subject),
    ...subject.needs.options.map((option) => optionRow(subject, option)),
    ...ghostLimitRows(subject),
    ...terminalRows(subject),
    ...pluginRows(subject),
  ].filter((row) => row !== undefined);
}

/** The newest format: CRIU's 1.1, since 1.5. */
const newestFormat = 2;

function imageVersionRow({ needs }: PlanSubject): PlanRow {
  const { value, evidence } = needs.criu.imageVersion;
  const wanted = need("image-format", "CRIU reads the format of the images", `${value ?? "?"}`, {
    topic: "archive",
    evidence,
    source: "CRIU: image.c (Not supported images version)",
  });
  if (value === null) return no(wanted, evidence, "checkpoint again, or bring the whole archive");
  if (value >= 1 && value <= newestFormat) return yes(wanted, `${value}: CRIU 1.5 and newer`);
  return no(
    wanted,
    `${value}; known are 1 to ${newestFormat}`,
    "restore with the CRIU of the dump",
  );
}

/** What a newer CRIU writes, an older one may pass over or refuse. */
function versionRow({ needs, target }: PlanSubject): PlanRow | undefined {
  const { value, evidence } = needs.criu.version;
  if (value === null) return undefined;
  const [major = 0, minor = 0] = versionNumbers(value) ?? [];
  const wanted = need(
    "criu-version",
    "CRIU is not older than that of the dump",
    `${major}.${minor} or newer`,
    { evidence },
  );
  const found = target?.criu.version;
  if (found === undefined || found.value === null) {
    return cannotTell(wanted, found?.evidence ?? noTarget, "criu --version on the node tells");
  }
  if (atLeast(found.value, major, minor) === true) return yes(wanted, found.value);
  return no(wanted, found.value, `upgrade CRIU to ${major}.${minor} or newer`);
}

/** Options that Podman has flags for; all others go into CRIU's file. */
const podmanFlags = new Set(["tcp-established", "file-locks"]);

function optionRow(subject: PlanSubject, option: CriuOptionNeed): PlanRow {
  const { needs, target, runtime } = subject;
  const { name, instead, why, evidence, required } = option;
  const either = instead === null ? name : `${name} (or ${instead})`;
  const wanted = need(`option-${name}`, `CRIU is given an option for ${why}`, either, {
    evidence,
    required,
    source: sources.tcp,
  });
  if (name !== "tcp-established" && name !== "tcp-close") wanted.source = sources.criu;
  if (runtime === "runc" || runtime === "crun") return yes(wanted, "restore bundle gives it");
  if (runtime === "podman" && podmanFlags.has(name)) {
    return yes(wanted, `podman container restore --${name}`);
  }
  if (runtime === "cri-o" && name === "file-locks") return yes(wanted, "CRI-O gives it by itself");
  const oci = dumpedBy(needs) ?? "runc";
  const line = `the line ${name} in /etc/criu/${oci}.conf${instead === null ? "" : `; ${instead} drops what it would keep`}`;
  if (target === undefined) return cannotTell(wanted, noTarget, line);
  if (target.source === "api") return cannotTell(wanted, "the API does not tell of CRIU", line);
  const files = target.criu.configFiles.filter(({ path }) =>
    [`/${oci}.conf`, "/default.conf"].some((end) => path.endsWith(end)),
  );
  const names = [name, instead];
  for (const { path, options } of files) {
    const set = options.find((entry) => names.includes(entry.name as CriuOptionNeed["name"]));
    if (set !== undefined) return yes(wanted, `${set.name} in ${path}`);
  }
  return no(wanted, "not set", line);
}

/** What CRIU takes along of a deleted file without being told. */
const defaultGhostLimit = 2 ** 20;

/** The restore works; the next checkpoint of what was restored fails. */
function ghostLimitRows({ needs, target }: PlanSubject): PlanRow[] {
  const large = needs.objects.ghosts.filter(({ bytes }) => bytes > defaultGhostLimit);
  const [first] = large;
  if (first === undefined) return [];
  const most = Math.max(...large.map(({ bytes }) => bytes));
  const limit = `ghost-limit ${Math.ceil(most / defaultGhostLimit)}M`;
  const wanted = need("ghost-limit", "it can be checkpointed again", limit, {
    evidence: first.evidence,
    required: false,
    source: "criu#491",
  });
  const remedy = `the line ${limit} in /etc/criu/${dumpedBy(needs) ?? "runc"}.conf`;
  const set = target?.criu.configFiles
    .flatMap(({ options }) => options)
    .find(({ name }) => name === "ghost-limit");
  if (set !== undefined) return [yes(wanted, `ghost-limit ${set.value ?? ""}`.trim())];
  if (target === undefined || target.source === "api") {
    return [cannotTell(wanted, target === undefined ? noTarget : "the API does not tell", remedy)];
  }
  return [no(wanted, `${first.name} has ${formatBytes(first.bytes)}, and no limit is set`, remedy)];
}

function terminalRows(subject: PlanSubject): PlanRow[] {
  if (!subject.needs.objects.terminal) return [];
  const wanted = need("terminal", "whoever restores gives a terminal", "tty: true", {
    evidence: "spec.dump /process/terminal",
    required: false,
    source: "criu#552",
  });
  const remedy = isPod(subject)
    ? "tty: true in the pod, as it was"
    : "restore with a console socket";
  return [cannotTell(wanted, "that is up to whoever restores", remedy)];
}

/** Memory of a graphics processor comes back by a plugin, into one of the same kind. */
function pluginRows(subject: PlanSubject): PlanRow[] {
  const { value, evidence } = subject.needs.criu.plugins;
  const rows = (value ?? []).map((plugin) => {
    const file = `/usr/lib/criu/${plugin}.so`;
    const source = "criu.org/Plugins";
    const wanted = need("plugin", `CRIU has its plugin ${plugin}`, plugin, { evidence, source });
    if (subject.look?.(file) === true) return yes(wanted, file);
    const why = subject.target === undefined ? noTarget : `it is not at ${file}, if anywhere`;
    return cannotTell(wanted, why, "criu looks where it was built to, or at CRIU_LIBS_DIR");
  });
  const devices = subject.needs.devices.map((device) => deviceRow(subject, device));
  return [...rows, ...devices, ...privilegedRow(subject)];
}

function deviceRow({ target, look }: PlanSubject, device: DeviceNeed): PlanRow {
  const { path, plugin, type, evidence, open } = device;
  const kind = plugin === null ? "the device" : `a GPU for CRIU's plugin ${plugin}:`;
  const wanted = need("device", `${kind} ${path}`, type, {
    topic: "machine",
    evidence,
    required: open || plugin !== null,
    source: plugin === null ? sources.oci : "criu.org/Plugins",
  });
  const there = look?.(path);
  if (there === undefined) {
    const why = target === undefined ? noTarget : "the API does not tell of devices";
    return cannotTell(wanted, why, `ls -l ${path} on the node tells`);
  }
  if (there) return yes(wanted, `${path} is there`);
  return no(wanted, `no ${path}`, "restore on a node with the same device");
}

/** A privileged container has every device of its node in its /dev. */
function privilegedRow({ needs }: PlanSubject): PlanRow[] {
  const { privileged } = needs.security;
  if (privileged.value !== true) return [];
  const devices = some(needs.devices.map(({ path }) => path));
  const wanted = need("privileged", "the devices of the node are those of the dump", devices, {
    topic: "machine",
    evidence: privileged.evidence,
    required: false,
    source: sources.oci,
  });
  return [cannotTell(wanted, "it was privileged, and saw all devices", "restore on the same node")];
}
