/** The script's name in the bundle. */
export const loopbackScriptName = "loopback.sh";

/**
 * runc has CRIU make a network namespace of the dump empty instead of restoring it (its `--empty-ns`,
 * which cannot be turned off), and in an empty one `lo` is down: no connection inside the container
 * comes back. CRIU calls this when namespaces are there and sockets are not.
 */
export const loopbackScript = `#!/bin/sh
# An action script of CRIU (criu.conf): brings up lo in a network namespace that runc left empty.
[ "\${CRTOOLS_SCRIPT_ACTION:-}" = setup-namespaces ] || exit 0
nsenter --net="/proc/$CRTOOLS_INIT_PID/ns/net" ip link set lo up ||
  echo "loopback.sh: lo stays down, so connections inside the container may not come back" >&2
exit 0
`;
