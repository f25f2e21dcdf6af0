#!/bin/bash
# Makes the sample archive rich-crun.tar: builds the workload, runs it in a container with
# Podman and crun, checkpoints it, and proves by a restore that it goes on.
#
#   make.sh build                compile rich and tiny; needs gcc with a static C library, x86-64
#   make.sh checkpoint           the rest, from these two; needs root, Podman, crun, CRIU, tar
#   make.sh run-on-node          both, on a node that has all of that
#   make.sh via COMMAND [ARG…]   build here, then `COMMAND ARG… ./make.sh checkpoint`: for a node
#                                behind a command that runs its arguments there, in this same folder
#
# All results are in $OUT (default: ./out): rich, tiny and rich-crun.tar. The script keeps its
# containers and images in $STORAGE, apart from the node's own, and removes them at the end. Let
# $STORAGE be a path you do not mind to publish: the archive names it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
OUT=${OUT:-$PWD/out}
STORAGE=${STORAGE:-/tmp/rich-sample}
name=rich-crun.tar

podman=(podman --root "$STORAGE/storage" --runroot "$STORAGE/run" --tmpdir "$STORAGE/tmp"
  --cgroup-manager=cgroupfs --events-backend=file --runtime crun)
export PODMAN_IGNORE_CGROUPSV1_WARNING=1

build() {
  mkdir -p "$OUT"
  gcc -static -Os -s -Wall -Wextra -o "$OUT/rich" "$here/workload.c"
  gcc -static -nostdlib -Os -s -Wall -Wextra -fno-asynchronous-unwind-tables \
    -Wl,--build-id=none -Wl,-z,noseparate-code -o "$OUT/tiny" "$here/tiny.c"
}

# The image: two programs, a few files, no shell.
image() {
  local root=$STORAGE/root
  mkdir -p "$root"/{bin,dev,etc,proc,run,srv/data,sys,tmp,var/lib/rich}
  cp "$OUT/rich" "$OUT/tiny" "$root/bin/"
  echo 'root:x:0:0:root:/:/bin/rich' >"$root/etc/passwd"
  echo 'root:x:0:' >"$root/etc/group"
  echo 'original' >"$root/etc/changed.conf"
  echo 'nobody will miss this' >"$root/etc/delete-me"
  { echo 'original-file-page'; head -c 8173 /dev/zero | tr '\0' '#'; } >"$root/etc/rich.conf"
  tar -C "$root" --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -c . |
    "${podman[@]}" import --change 'CMD ["/bin/rich"]' - localhost/rich:1 >/dev/null
}

run() {
  "${podman[@]}" run -d --name rich --hostname rich --network=none -v rich-volume:/var/lib/rich \
    -e POSTGRES_PASSWORD=mysecret-not-real \
    -e AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE \
    -e AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY \
    -e DATABASE_URL=postgres://app:mysecret-not-real@127.0.0.1:5432/app \
    localhost/rich:1 >/dev/null
}

last_beat() {
  "${podman[@]}" logs rich 2>&1 | sed -n 's/^heartbeat //p' | tail -1
}

# Waits until the workload's log says $1.
wait_for() {
  for _ in $(seq 100); do
    "${podman[@]}" logs rich 2>&1 | grep -q "^$1\$" && return
    sleep 0.1
  done
  echo "make.sh: '$1' never came; the log says:" >&2
  "${podman[@]}" logs rich >&2
  return 1
}

remove_container() {
  "${podman[@]}" rm -f -t 0 rich >/dev/null
  "${podman[@]}" volume rm -f rich-volume >/dev/null
}

clean_up() {
  "${podman[@]}" rm -f -a -t 0 >/dev/null 2>&1 || true
  umount -R "$STORAGE/storage/overlay" 2>/dev/null || true
  rm -rf "$STORAGE"
}

checkpoint() {
  local archive=$OUT/$name before after
  local options=(--tcp-established --file-locks)
  mkdir -p "$STORAGE"
  trap clean_up EXIT
  image
  run
  wait_for 'heartbeat 3'
  rm -f "$archive"
  "${podman[@]}" container checkpoint "${options[@]}" --compress none --export "$archive" rich >/dev/null
  before=$(last_beat)
  remove_container

  # --keep leaves a restore.log, to be shown if the restore fails
  "${podman[@]}" container restore "${options[@]}" --keep --import "$archive" >/dev/null || {
    find "$STORAGE" -name restore.log -exec grep -A2 Error {} + >&2
    return 1
  }
  wait_for "heartbeat $((before + 2))"
  "${podman[@]}" kill -s USR1 rich >/dev/null
  wait_for 'check: 0 missing'
  after=$(last_beat)
  remove_container
  ls -l "$archive"
  echo "restored, nothing missing, heart beating on: $before -> $after"
}

via() {
  OUT=$PWD/out
  build
  cp "$here/make.sh" .
  OUT=./out "$@" ./make.sh checkpoint
}

case ${1:-} in
  build) build ;;
  checkpoint) checkpoint ;;
  run-on-node) build; checkpoint ;;
  via) shift; via "$@" ;;
  *) sed -n '2,14s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
