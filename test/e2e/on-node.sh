#!/usr/bin/env bash
# Runs on the node, in the checkout: makes fresh checkpoints with Podman and compares what we say
# of them with what Podman, tar and crit say.
set -euo pipefail
cryoscope="node $PWD/bin/cryoscope.cjs"
work=$(mktemp -d)
# Standard input is left alone: conmon keeps it open.
exec </dev/null
podman=(podman --root "$work/storage" --runroot "$work/run" --cgroup-manager=cgroupfs --events-backend=file)
export PODMAN_IGNORE_CGROUPSV1_WARNING=1
daemons=()
trap 'kill "${daemons[@]}" 2>/dev/null || true; "${podman[@]}" rm -fa -t 0 >/dev/null 2>&1 || true; rm -rf "$work"' EXIT

passed=0
failed=0
check() { # NAME EXPECTED FOUND
  if [ "$2" = "$3" ]; then passed=$((passed + 1)); else
    failed=$((failed + 1))
    printf 'FAILED %s\n  expected %s\n  found    %s\n' "$1" "$2" "$3"
  fi
}

mkdir -p "$work"/root/{bin,tmp,proc,sys,dev,etc,run}
cp "$(command -v busybox)" "$work/root/bin/busybox"
for name in sh sleep cat; do ln -s busybox "$work/root/bin/$name"; done
tar -C "$work/root" -c . | "${podman[@]}" import - localhost/e2e:1 >/dev/null

for runtime in runc crun; do
  for compression in none gzip zstd; do
    case=$runtime-$compression
    archive=$work/$case.tar
    "${podman[@]}" --runtime "$runtime" run -d --name "$case" --network=none localhost/e2e:1 \
      /bin/sh -c 'i=0; while :; do i=$((i+1)); echo $i >/tmp/count; sleep 1; done' >/dev/null
    sleep 1
    "${podman[@]}" container checkpoint --compress "$compression" --export "$archive" "$case" >/dev/null
    "${podman[@]}" rm -f -t 0 "$case" >/dev/null

    json=$($cryoscope inspect -o json "$archive")
    field() { jq -r "$1" <<<"$json"; }
    check "$case: engine" podman "$(field .runtime.engine)"
    check "$case: runtime" "$runtime" "$(field .runtime.ociRuntime)"
    check "$case: name" "$case" "$(field .container.name)"
    check "$case: compression" "$compression" "$(field .archive.compression)"
    check "$case: locked down" true "$(field .archive.lockedDown)"
    check "$case: no problems" 0 "$(field '.problems | length')"

    # What tar and crit say of the same archive.
    mkdir "$work/$case"
    tar -xf "$archive" -C "$work/$case"
    images=$work/$case/checkpoint
    check "$case: members" "$(tar -tf "$archive" | wc -l)" "$(field .archive.members)"
    check "$case: pids" \
      "$(crit decode -i "$images/pstree.img" | jq -c '[.entries[].pid]')" \
      "$(field '[.processes[].pid]' | jq -c .)"
    check "$case: comms" \
      "$(for pid in $(field '.processes[].pid'); do crit decode -i "$images/core-$pid.img" | jq -r '.entries[0].tc.comm'; done | xargs)" \
      "$(field '.processes[].comm' | xargs)"
    check "$case: page bytes" \
      "$(cat "$images"/pages-*.img | wc -c)" "$(field .memory.pageBytes)"
    check "$case: pages written" \
      "$(crit decode -i "$work/$case/stats-dump" | jq '.entries[0].dump.pages_written')" \
      "$(field .criu.dumpStatistics.pagesWritten)"
    check "$case: command of pid 1" /bin/sh "$(field '.processes[0].command[0]')"

    # Every member comes out as tar brings it.
    mkdir "$work/$case-extracted"
    $cryoscope extract -q "$archive" '**' -C "$work/$case-extracted" >/dev/null
    check "$case: extracted files" \
      "$(cd "$work/$case" && find . -type f | sort | xargs sha256sum)" \
      "$(cd "$work/$case-extracted" && find . -type f | sort | xargs sha256sum)"
    check "$case: nothing for others" "" "$(find "$work/$case-extracted" -mindepth 1 -perm /077 ! -type l)"

    chmod 0644 "$archive"
    code=0
    $cryoscope inspect "$archive" >/dev/null 2>&1 || code=$?
    check "$case: refused when readable by all" 4 "$code"
    $cryoscope secure "$archive" >/dev/null
    code=0
    $cryoscope inspect "$archive" >/dev/null 2>&1 || code=$?
    check "$case: opens after secure" 0 "$code"
  done
done

# shellcheck source=test/e2e/core.sh
. test/e2e/core.sh

# shellcheck source=test/e2e/bundle.sh
. test/e2e/bundle.sh

# shellcheck source=test/e2e/image.sh
. test/e2e/image.sh

# Parts that count by themselves, and end with "N passed, N failed".
part() {
  local output agreed missed
  output=$("$@") || true
  grep -v ' passed, ' <<<"$output" || true
  read -r agreed missed < <(tail -n 1 <<<"$output" | sed -nE 's/^([0-9]+) passed, ([0-9]+) failed$/\1 \2/p') || true
  passed=$((passed + ${agreed:-0}))
  failed=$((failed + ${missed:-1}))
}
alone=(unshare --fork --pid --net --mount-proc --kill-child)

# What crit and checkpointctl show of the samples, fact by fact.
part node test/e2e/peers.js

# Failures of CRIU's, provoked one by one, and what `explain` says of each.
part "${alone[@]}" bash test/e2e/provoke/run.sh

# The image of the command itself, as clusters run it.
part bash test/e2e/own-image.sh

# Containerd's CRI makes a checkpoint, and restores the image that we make of it.
part "${alone[@]}" bash test/e2e/cri/run.sh "$bundles/oci.tar"

echo "node $(node --version), $(criu --version | head -n 1), $(podman --version)"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
