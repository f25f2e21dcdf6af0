# shellcheck shell=bash
# Sourced by on-node.sh: writes core files and lets gdb read them, which must see what crit sees in
# the images. Uses its `check`, `$cryoscope` and `$work`.

# Registers of all threads as gdb shows them: "TID NAME VALUE" a line, sorted.
gdb_registers() { # CORE
  gdb -nx -q -batch -ex "core-file $1" -ex 'thread apply all info registers rip rsp rbx fs_base' \
    2>/dev/null |
    sed -nE 's/^Thread .*LWP ([0-9]+).*/T \1/p; s/^(rip|rsp|rbx|fs_base) +(0x[0-9a-f]+) .*/\1 \2/p' |
    awk '$1 == "T" { tid = $2; next } { print tid, $1, $2 }' | sort
}

# The same of the images, by crit, whose pretty form has them in hexadecimal.
crit_registers() { # FOLDER TID…
  local folder=$1 tid
  shift
  for tid in "$@"; do
    crit decode --pretty -i "$folder/core-$tid.img" | jq -r --arg tid "$tid" '
      .entries[0].thread_info.gpregs |
      [["rip", .ip], ["rsp", .sp], ["rbx", .bx], ["fs_base", .fs_base]][] |
      "\($tid) \(.[0]) \(.[1])"'
  done | sort
}

# What gdb answers to one command; warnings of files that are not here go to stderr.
ask() { # CORE COMMAND
  gdb -nx -q -batch -ex "core-file $1" -ex 'echo >>>\n' -ex "$2" 2>/dev/null | sed '1,/^>>>/d'
}

# The auxiliary vector as "TYPE VALUE", the value in hexadecimal.
gdb_auxiliary() { # CORE
  ask "$1" 'info auxv' | sed -E 's/ "[^"]*"$//' | awk '{ print $1, $NF }' |
    while read -r type value; do printf '%s 0x%x\n' "$type" "$value"; done
}

crit_auxiliary() { # MM-IMAGE
  crit decode -i "$1" |
    jq -r '.entries[0].mm_saved_auxv | range(0; length; 2) as $at | "\(.[$at]) \(.[$at + 1])"' |
    while read -r type value; do printf '%d 0x%x\n' "$type" "$value"; done
  echo '0 0x0' # AT_NULL, which images leave out
}

rich=$PWD/samples/podman/rich-crun.tar
mkdir "$work/rich"
tar -xf "$rich" -C "$work/rich"
$cryoscope memory core "$rich" --permissions any -q --pid 1 -C "$work" >/dev/null
core=$work/core.1

check "core: private" 600 "$(stat -c %a "$core")"
check "core: sparse" yes "$([ $(($(stat -c %b "$core") * 512)) -lt "$(stat -c %s "$core")" ] && echo yes)"
check "core: threads" "1 7 8 9" \
  "$(ask "$core" 'info threads' | grep -oE 'LWP [0-9]+' | awk '{ print $2 }' | xargs)"
check "core: registers" "$(crit_registers "$work/rich/checkpoint" 1 7 8 9)" "$(gdb_registers "$core")"
check "core: auxv" "$(crit_auxiliary "$work/rich/checkpoint/mm-1.img")" "$(gdb_auxiliary "$core")"
check "core: mapped files" 5 "$(ask "$core" 'info proc mappings' | grep -c ' /bin/rich *$')"
text() { # ADDRESS
  ask "$core" "x/s $1" | sed -nE 's/^0x[0-9a-f]+:\t"(.*)"$/\1/p'
}
check "core: text" wx-page-marker "$(text 0x100000030000)"
check "core: text over a page border" straddles-two-pages "$(text 0x100000060ff6)"
check "core: text over a mapping border" straddles-two-mappings "$(text 0x100000070ff6)"
check "core: text behind a hole" after-the-hole "$(text 0x100000063000)"
check "core: shared memory" sysv-shm-content "$(text 0x100000020000)"
check "core: a memfd" memfd-content-here "$(text 0x100000090000)"
check "core: never written, so zero" '0x100000062000:	0x0000000000000000' \
  "$(ask "$core" 'x/1xg 0x100000062000')"

# A thread whose image is gone costs that thread, and a zombie has no core.
cp -r "$work/rich/checkpoint" "$work/torn"
rm "$work/torn/core-8.img"
code=0
$cryoscope memory core "$work/torn" --permissions any --pid 1 --output-file "$work/torn.core" \
  >/dev/null 2>"$work/torn.err" || code=$?
check "core: a thread is missing" "3 1" "$code $(grep -c 'thread 8 is left out' "$work/torn.err")"
check "core: the other threads" "1 7 9" \
  "$(ask "$work/torn.core" 'info threads' | grep -oE 'LWP [0-9]+' | awk '{ print $2 }' | xargs)"
code=0
$cryoscope memory core "$rich" --permissions any --pid 5 -C "$work" >/dev/null 2>&1 || code=$?
check "core: of a zombie" "3 no" "$code $([ -e "$work/core.5" ] && echo yes || echo no)"

# A fresh checkpoint, whose program is here: gdb takes unchanged code from the file.
for case in runc-gzip crun-none; do
  core=$work/$case.core
  images=$work/$case/checkpoint
  $cryoscope memory core "$work/$case.tar" -q --pid 1 --output-file "$core" >/dev/null
  check "$case: core registers" "$(crit_registers "$images" 1)" "$(gdb_registers "$core")"
  check "$case: core auxv" "$(crit_auxiliary "$images/mm-1.img")" "$(gdb_auxiliary "$core")"
  check "$case: core of the command" "/bin/sh" \
    "$(ask "$core" 'info auxv' | sed -nE 's/^31 .*"(.*)"$/\1/p')"
  # Code that the process never changed: the beginning of the program's second mapping.
  read -r start offset < <(ask "$core" 'info proc mappings' |
    awk '$NF == "/bin/busybox" && ++row == 2 { print $1, $4 }')
  check "$case: code from the file" \
    "$(od -An -tx1 -v -j "$((offset))" -N 64 "$(command -v busybox)" | tr -d ' \n')" \
    "$(gdb -nx -q -batch -ex "core-file $core" -ex "set sysroot $work/root" -ex "core-file $core" \
      -ex "x/64xb $start" 2>/dev/null | sed -nE 's/^0x[0-9a-f]+:\t//p' | tr -d '\n\t' | sed 's/0x//g')"
done
