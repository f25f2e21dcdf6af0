#!/usr/bin/env bash
# End-to-end tests that need a real node: Podman, runc and crun, CRIU, crit, jq, busybox, gdb,
# checkpointctl, skopeo, containerd with ctr, docker-registry and Node.js.
#
#   sudo bash test/e2e/node.sh                          on such a node
#   CRYOSCOPE_NODE='ssh node …' bash test/e2e/node.sh   through a command that runs its arguments
#                                                       there, in a copy of this checkout
set -euo pipefail
cd "$(dirname "$0")/../.."
# The program in samples/podman/rich-crun.tar, where there is a compiler; the node needs none.
if command -v gcc >/dev/null; then OUT=$PWD/dist/rich bash samples/rich/make.sh build || true; fi
# shellcheck disable=SC2086 # the prefix is several words
exec ${CRYOSCOPE_NODE:-} bash test/e2e/on-node.sh
