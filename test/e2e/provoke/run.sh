#!/usr/bin/env bash
# Provokes failures of CRIU and of runc in namespaces of their own, and asks whether `explain` names
# each. Runs as process 1 of them, which takes in what a dump leaves behind.
#
#   unshare --fork --pid --net --mount-proc --kill-child bash test/e2e/provoke/run.sh [FOLDER]
#
# FOLDER: where to leave an excerpt of each log, as test/diagnose/excerpts has them.
set -uo pipefail
cd "$(dirname "$0")/../../.."
# What a caller left open would be dumped too.
for fd in /proc/self/fd/*; do
  fd=${fd##*/}
  [ "$fd" -gt 2 ] && [ "$fd" -ne 255 ] && eval "exec $fd>&-"
done 2>/dev/null
ip link set lo up
# A restore gives processes their numbers back, and tools that it starts must not have them.
for _ in $(seq 300); do /bin/true; done
node test/e2e/provoke/provoke.js "$@" </dev/null
code=$?
exit $code
