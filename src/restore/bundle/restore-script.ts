import type { CriuOption } from "./criu-options.ts";
import type { OciRuntime } from "./external-mounts.ts";
import type { NetworkPlan } from "./network.ts";

interface ScriptFacts {
  /** Where the bundle is: config.json and criu.conf name it. */
  path: string;
  /** Name of the container that the runtime gives it. */
  id: string;
  runtime: OciRuntime;
  options: readonly CriuOption[];
  network: NetworkPlan;
  terminal: boolean;
}

/** The words behind `runc` or `crun` that restore the bundle, in the bundle's folder. */
function restoreWords({ options, terminal }: ScriptFacts): string {
  const words = options.filter(({ by }) => by === "runtime").map(({ option }) => option);
  return [
    "restore",
    ...(terminal ? [] : ["--detach"]),
    '--bundle "$here"',
    '--image-path "$here/checkpoint"',
    '--work-path "$here/log"',
    '--pid-file "$here/log/pid"',
    ...words,
    '"$id"',
  ].join(" ");
}

/**
 * The script that restores a bundle. It says all that it does; nothing of the archive's own text is
 * in it but a container's id, which is made of letters, digits and hyphens.
 */
export function restoreScript(facts: ScriptFacts): string {
  const { path, id, runtime, network, terminal } = facts;
  const namespaces = network.unshare ? "--mount --net" : "--mount";
  return `#!/bin/sh
# Restores this bundle with CRIU, by runc or crun, as root:
#
#   ./restore.sh [runc|crun] [ID]        (default: ${runtime} ${id})
#
# What was in the checkpoint runs again, with all that it may do. Do it on a machine that you can do
# without. One restore changes rootfs/ and mounts/: make the bundle again for another.
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
runtime=\${1:-${runtime}}
id=\${2:-${id}}
fail() { echo "restore.sh: $*" >&2; exit 1; }

case $runtime in runc | crun) ;; *) fail "restore with runc or crun, not with $runtime" ;; esac
[ "$(id -u)" = 0 ] || fail "restoring takes root"
[ "$here" = ${singleQuoted(path)} ] ||
  fail "config.json names" ${singleQuoted(path)} "and this is $here; make the bundle anew, or bind-mount it there"
for program in "$runtime" criu unshare mount; do
  command -v "$program" >/dev/null || fail "there is no $program on this machine"
done

# CRIU makes mounts with shared propagation, which needs a tree that is shared, and they shall not be
# seen outside.${network.unshare ? " The network namespace is empty but for lo." : ""}
if [ "\${CRYOSCOPE_INSIDE:-}" != 1 ]; then
  CRYOSCOPE_INSIDE=1 exec unshare ${namespaces} --propagation private -- "$here/restore.sh" "$runtime" "$id"
fi
unset CRYOSCOPE_INSIDE
mount --make-rshared /
${network.unshare ? "if command -v ip >/dev/null; then ip link set lo up; fi\n" : ""}umask 077
mkdir -p "$here/log"
cd "$here"
# crun leaves it to CRIU to move processes, which was told to leave control groups alone, so all begin there.
if [ "$runtime" = crun ]; then
  for root in /sys/fs/cgroup /sys/fs/cgroup/*; do
    [ -w "$root/cgroup.procs" ] || continue
    mkdir -p "$root/cryoscope/${id}"
    for group in "$root/cryoscope" "$root/cryoscope/${id}"; do
      for file in cpuset.cpus cpuset.mems; do
        [ ! -e "$group/$file" ] || [ -n "$(cat "$group/$file")" ] || cat "\${group%/*}/$file" >"$group/$file" || :
      done
    done
    echo $$ >"$root/cryoscope/${id}/cgroup.procs" || :
  done 2>/dev/null
fi
ended=0
"$runtime" --log "$here/log/runtime.log" ${restoreWords(facts)} \\
  ${terminal ? "|| ended=$?" : '</dev/null >>"$here/log/stdout" 2>>"$here/log/stderr" || ended=$?'}
if [ "$ended" != 0 ]; then
  [ ! -e "$here/log/runtime.log" ] || tail -n 5 "$here/log/runtime.log" >&2
  fail "$runtime ended with $ended; why: cryoscope explain $here/log/restore.log"
fi
${
  terminal
    ? ""
    : `echo "restored as $id, first process $(cat "$here/log/pid"); its output goes to $here/log/stdout and $here/log/stderr"
echo "look: $runtime ps $id; end: $runtime delete --force $id"
`
}`;
}

function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
