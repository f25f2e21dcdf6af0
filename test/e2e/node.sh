#!/usr/bin/env bash
# End-to-end tests that need a real node: Podman, runc or crun, CRIU, crit, jq,
# busybox, gdb, checkpointctl and Node.js.
#
#   sudo bash test/e2e/node.sh                          on such a node
#   CRYOSCOPE_NODE='ssh node …' bash test/e2e/node.sh   through a command that runs its arguments
#                                                       there, in a copy of this checkout
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck disable=SC2086 # the prefix is several words
exec ${CRYOSCOPE_NODE:-} bash test/e2e/on-node.sh
