#!/bin/bash
# Makes the archives of this folder: builds the workload, runs it, dumps it with CRIU itself.
#
#   make.sh build                    compile it; needs gcc with a static C library, x86-64
#   make.sh dump NAME BOX PLANT…     one dump, from what was built; needs root and CRIU
#   make.sh chain NAME               two pre-dumps and a dump, NAME-1 to NAME-3
#   make.sh all                      the dumps of README.md; those of an old CRIU if $OLD_CRIU is one
#
# BOX is `bare` (a session of its own) or `boxed` (namespaces of its own: mount, pid, net, ipc, uts,
# cgroup, time, with a tmpfs as root). Further options for `criu dump` go into $CRIU_OPTIONS, another
# CRIU into $CRIU. $HOOK is called with the workload's pid and NAME before the dump, if it is set.
# All results are in $OUT (default: ./out): nasty, NAME.tar.gz and NAME.log.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
OUT=$(realpath -m "${OUT:-$PWD/out}")
WORK=${WORK:-/tmp/nasty-work}
CRIU=${CRIU:-criu}
options=(--shell-job --tcp-established --ext-unix-sk --file-locks --link-remap --ghost-limit 2M
  --manage-cgroups=ignore)

# A group for the workload in each hierarchy of control groups where the caller is not at the top,
# so that no dump names the caller's.
groups() {
  local controllers path
  while IFS=: read -r _ controllers path; do
    [ "$path" = / ] || echo "/sys/fs/cgroup/${controllers#name=}/nasty"
  done </proc/self/cgroup
}

# Clean, but for what is planted: names twice, no name, no value, bytes that terminals act on.
environment=(PATH=/bin HOME=/ NASTY=first NASTY=second =nameless EMPTY= $'ODD=\e[31m\n\xff\xfe'
  DB_PASSWORD=mysecret-not-real)

build() {
  mkdir -p "$OUT"
  gcc -shared -fPIC -Os -s -Wall -Wextra -o "$OUT/old-kernel.so" "$here"/old-kernel/old-kernel.c
  gcc -static -Os -s -Wall -Wextra -Wno-unused-result -o "$OUT/nasty" "$here"/*.c
}

# Inside the new namespaces: makes a small root folder, and becomes the workload, which enters it.
box() {
  local root=$WORK/root
  mount --make-rprivate /
  mkdir -p "$root"
  mount -t tmpfs -o mode=755,size=4m nasty "$root"
  mkdir -p "$root"/{dev/pts,dev/net,dev/mqueue,proc,tmp,old}
  cp "$OUT/nasty" "$root/nasty"
  mount -t proc proc "$root/proc"
  mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
  mount -t mqueue mqueue "$root/dev/mqueue"
  ln -s pts/ptmx "$root/dev/ptmx"
  mknod -m 666 "$root/dev/null" c 1 3
  mknod -m 666 "$root/dev/zero" c 1 5
  mknod -m 666 "$root/dev/tty" c 5 0
  mknod -m 666 "$root/dev/net/tun" c 10 200
  ip link set lo up
  # A cable with two ends, so that there is a link-local address.
  ip link add nasty-a type veth peer name nasty-b
  ip addr add fe80::a/64 dev nasty-a nodad
  ip addr add 192.0.2.1/24 dev nasty-a
  ip link set nasty-b up
  ip link set nasty-a up
  hostname nasty-box
  exec env -i "${environment[@]}" "$OUT/nasty" --enter "$root" "$@"
}

start() {
  local kind=$1 group
  shift
  for group in $(groups); do
    mkdir -p "$group"
    # The shell too, so that what it starts is there from the beginning.
    echo $$ >"$group/cgroup.procs"
  done
  rm -rf "$WORK"
  mkdir -p "$WORK/tmp"
  cp "$OUT/nasty" "$WORK/nasty"
  if [ "$kind" = bare ]; then
    setsid env -i "${environment[@]}" "$WORK/nasty" "$WORK/tmp" "$@" </dev/null >"$WORK/said" 2>&1 &
    top=$!
    pid=$top
    said=$WORK/said
  else
    setsid unshare -mpniuCT --fork --kill-child bash "$here/make.sh" box "$@" \
      </dev/null >"$WORK/said" 2>&1 &
    top=$!
    sleep 0.3
    pid=$(tr -d ' ' <"/proc/$top/task/$top/children") || { cat "$WORK/said" >&2; return 1; }
    said=/proc/$pid/root/said
  fi
  for _ in $(seq 100); do
    grep -qs ready "$said" && return
    kill -0 "$top" 2>/dev/null || break
    sleep 0.05
  done
  cat "$said" "$WORK/said" >&2
  return 1
}

dump() {
  local name=$1
  shift
  start "$@" || return 1
  mkdir -p "$WORK/images"
  [ -z "${HOOK:-}" ] || "$HOOK" "$pid" "$name"
  local code=0
  # shellcheck disable=SC2086 # options of the caller are words
  $CRIU dump -t "$pid" -D "$WORK/images" -o dump.log -v4 "${options[@]}" ${CRIU_OPTIONS:-} || code=$?
  cp "$WORK/images/dump.log" "$OUT/$name.log" 2>/dev/null || true
  kill -9 "$top" "$pid" 2>/dev/null || true
  wait 2>/dev/null || true
  [ "$code" = 0 ] || { grep -E 'Error' "$OUT/$name.log" >&2; return $code; }
  rm -f "$WORK/images/dump.log"
  tar -C "$WORK/images" --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -c . |
    gzip -9n >"$OUT/$name.tar.gz"
  ls -l "$OUT/$name.tar.gz"
}

# No validation by build-id: it would open files under a write lease, and wait.
all() {
  export CRIU_OPTIONS="--file-validation filesize"
  files=(boxed files locks watches mounts nested)
  sockets=(boxed inet unix tcp kernel-sockets)
  processes=(boxed events pipes terminals ipc memory grow processes stopped rights seccomp)
  "$0" dump files "${files[@]}"
  "$0" dump sockets "${sockets[@]}"
  "$0" dump processes "${processes[@]}"
  [ -n "${OLD_CRIU:-}" ] || return 0
  export CRIU="env LD_PRELOAD=$OUT/old-kernel.so $OLD_CRIU"
  "$0" dump files-3.17 "${files[@]}"
  "$0" dump sockets-3.17 "${sockets[@]}"
  "$0" dump processes-3.17 "${processes[@]}"
}

# Two pre-dumps and a dump, memory changing in between; needs a kernel that tracks it (soft-dirty).
chain() {
  local name=$1 step before=()
  start bare changing || return 1
  for step in 1 2 3; do
    mkdir -p "$WORK/$step"
    [ -z "${HOOK:-}" ] || "$HOOK" "$pid" "$name-$step"
    local verb=pre-dump
    [ $step -lt 3 ] || verb=dump
    $CRIU $verb -t "$pid" -D "$WORK/$step" -o dump.log -v4 "${options[@]}" --track-mem "${before[@]}"
    before=(--prev-images-dir "../$step")
    [ $step = 3 ] || kill -USR1 "$pid" $(cat "/proc/$pid/task/$pid/children")
    sleep 0.3
    rm -f "$WORK/$step/dump.log"
    tar -C "$WORK/$step" --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -c . |
      gzip -9n >"$OUT/$name-$step.tar.gz"
  done
  ls -l "$OUT/$name"-?.tar.gz
}

case ${1:-} in
  build) build ;;
  box) shift; box "$@" ;;
  dump) shift; dump "$@" ;;
  chain) shift; chain "$@" ;;
  all) all ;;
  *) sed -n '2,14s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
