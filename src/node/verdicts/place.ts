import { parseTime } from "../../base/time.ts";
import { formatAge, formatBytes } from "../../base/units.ts";
import type { CheckpointsFacts, KubeletFacts, NodeFacts } from "../facts.ts";
import { atLeast } from "../version.ts";
import { cannotTell, type Need, no, sources, type Verdict, yes } from "./row.ts";

const leastFree = 1024 ** 3;

const need = (id: string, what: string, needed: string, more: Partial<Need> = {}): Need => ({
  id,
  topic: "node",
  what,
  needed,
  source: sources.kubelet,
  purposes: ["checkpoint"],
  required: false,
  ...more,
});

/** What stands around a kubelet: its folder of checkpoints, its certificates, its watchdog. */
export function placeVerdicts(facts: NodeFacts, now: number): Verdict[] {
  const { kubelet } = facts;
  if (kubelet === null || facts.source === "api") return [];
  return [
    ...(kubelet.checkpoints === null ? [] : folderRows(kubelet.checkpoints)),
    ...certificateRows(kubelet, now),
    ...watchdogRow(kubelet),
  ];
}

function folderRows(folder: CheckpointsFacts): Verdict[] {
  const { path, mode, uid, kind, space } = folder;
  const lockedNeed = need(
    "checkpoints-folder",
    "checkpoints are locked away",
    `${path}: root's, 0700`,
    {
      source: sources.threat,
    },
  );
  const rows: Verdict[] = [];
  if (folder.state === "unreadable")
    rows.push(cannotTell(lockedNeed, folder.why ?? "not readable"));
  else if (folder.state === "absent") rows.push(yes(lockedNeed, "not there yet"));
  else {
    const isLocked = kind === "directory" && uid === 0 && mode?.endsWith("00") === true;
    const found = `${kind === "directory" ? "" : `a ${kind}, `}${mode} of uid ${uid}`;
    rows.push(
      isLocked
        ? yes(lockedNeed, found)
        : no(lockedNeed, found, `chown root:root ${path}; chmod 0700 ${path}`),
    );
  }
  if (folder.count !== null) {
    const wanted = need("archives", "archives are locked away", "0600", { source: sources.threat });
    const found = `${folder.count} of ${formatBytes(folder.archiveBytes ?? 0)}`;
    rows.push(
      (folder.open ?? 0) === 0
        ? yes(wanted, found)
        : no(wanted, `${found}, ${folder.open} open to others`, `cryoscope secure ${path}/*.tar`),
    );
  }
  const room = need("space", "there is room for checkpoints", "more than the container's memory");
  if (space === null) rows.push(cannotTell(room, "the free space is not known"));
  else {
    const found = `${formatBytes(space.freeBytes)} of ${formatBytes(space.totalBytes)} free`;
    rows.push(
      space.freeBytes >= leastFree
        ? yes(room, found)
        : no(
            room,
            found,
            `make room on the file system of ${path}: the kubelet deletes no checkpoint`,
          ),
    );
  }
  return rows;
}

function certificateRows({ certificates }: KubeletFacts, now: number): Verdict[] {
  const rows: Verdict[] = [];
  for (const { role, path, state, why, notAfter, mode } of certificates) {
    if (role === "key") {
      const wanted = need(
        "key-mode",
        "the kubelet's key is locked away",
        "no permission for others",
      );
      if (mode === null) continue;
      rows.push(
        mode.endsWith("0")
          ? yes(wanted, mode)
          : no(wanted, `${mode} ${path}`, `chmod 0600 ${path}`),
      );
      continue;
    }
    const wanted = need(`certificate-${role}`, `the ${role} certificate is valid`, "not expired");
    const end = parseTime(notAfter ?? "");
    if (state === "absent")
      rows.push(no(wanted, `nothing at ${path}`, "mend its path in the configuration"));
    else if (end === undefined) rows.push(cannotTell(wanted, `${path}: ${why ?? "no date in it"}`));
    else if (end > now) rows.push(yes(wanted, `${formatAge(end - now)} left`));
    else {
      const remedy = "kubeadm certs renew, or restart the kubelet with rotation on";
      rows.push(no(wanted, `ended ${formatAge(now - end)} ago`, remedy));
    }
  }
  return rows;
}

/** The kubelet tells systemd that it lives, from 1.32 on. */
function watchdogRow({ unit, version }: KubeletFacts): Verdict[] {
  if (unit === null || version.value === null || atLeast(version.value, 1, 32) !== true) return [];
  const wanted = need("watchdog", "systemd watches the kubelet", "WatchdogSec=15s", {
    purposes: [],
  });
  const remedy = `WatchdogSec=15s in a drop-in of ${unit.name}`;
  const { watchdogMs } = unit;
  if (watchdogMs === null || watchdogMs === 0)
    return [no(wanted, "WatchdogSec is not set", remedy)];
  const found = `${watchdogMs / 1000} s`;
  if (watchdogMs < 1000)
    return [no(wanted, `${found}: below 1 s the kubelet does not start`, remedy)];
  const isFar = watchdogMs < 5000 || watchdogMs > 60_000;
  return [isFar ? no(wanted, `${found}, far from 15 s`, remedy) : yes(wanted, found)];
}
