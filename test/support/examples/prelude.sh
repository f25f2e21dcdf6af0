# What the shell of the examples has: the commands of this repository run in one process beside it,
# which listens on EXAMPLES_PORT; the programs of PATH are chosen; and with DRY set nothing is done,
# but what cryoscope was given is noted.

ask() {
  local in=/dev/null id=$RANDOM$RANDOM$RANDOM code out err fd
  if [ -z "$DRY" ] && { [ -p /dev/stdin ] || [ -f /dev/stdin ]; }; then
    in=$EXAMPLES/$id.in
    cat > "$in"
  fi
  exec {fd}<> "/dev/tcp/127.0.0.1/$EXAMPLES_PORT"
  printf '%s\0' "$(($# + 4))" "${DRY:-no}" "$PWD" "$EXAMPLES/$id" "$in" "$@" >&$fd
  read -r -u $fd code out err
  exec {fd}>&-
  [ "$out" = yes ] && cat "$EXAMPLES/$id.out"
  [ "$err" = yes ] && cat "$EXAMPLES/$id.err" >&2
  return "${code:-99}"
}

cryoscope() { ask cryoscope "$@"; }
# On a machine that has jq, the end-to-end tests ask it whether it takes the same.
if [ -z "$REAL_JQ" ]; then jq() { ask jq "$@"; }; fi

sudo() {
  [ -n "$DRY" ] && [[ $1 == */* ]] && return 0
  "$@"
}

# The plugin is the same program by another name.
kubectl() {
  [ "$1" = cryoscope ] || return 127
  shift
  ask kubectl-cryoscope "$@"
}

# What an image of ours is given behind its name.
podman() {
  [ -n "$DRY" ] || return 127
  while [ $# -gt 0 ] && [ "$1" != cryoscope ]; do shift; done
  [ $# -lt 2 ] || ask "$@"
}

command_not_found_handle() {
  [ -n "$DRY" ] && return 0
  echo "examples may not run $1: test/support/examples/set-apart.ts" >&2
  return 127
}

dry() {
  DRY=yes CHOSEN=$PATH HERE=$PWD PATH=/nonexistent
  cd "$EXAMPLES/nothing"
}

wet() {
  PATH=$CHOSEN DRY=
  cd "$HERE"
}
