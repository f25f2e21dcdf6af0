# shellcheck shell=bash
# Sourced by on-node.sh: turns archives into bundles and restores them by runc and by crun, whichever
# of the two made the dump. Uses its `check`, `$cryoscope`, `$work` and `$podman`.

bundles=$work/bundles
mkdir -p "$bundles"/base/{bin,tmp,proc,sys,dev,etc,run}
cp "$(command -v busybox)" "$bundles/base/bin/busybox"
for name in sh sleep cat; do ln -s busybox "$bundles/base/bin/$name"; done
# The program of the samples named counter, to the letter.
cat >"$bundles/base/bin/counter" <<'PROGRAM'
#!/bin/sh
# counts once a second into /tmp/count and stdout
i=0
while true; do i=$((i+1)); echo $i > /tmp/count; echo "count $i"; sleep 1; done
PROGRAM
# Several processes: shells that count by themselves and through a pipe. (A busybox that waits in
# `nc` or in a long `sleep` ends at a restore, because its system call comes back interrupted.)
cat >"$bundles/base/bin/several" <<'PROGRAM'
#!/bin/sh
(i=0; while :; do i=$((i+1)); echo $i; sleep 1; done) | while read -r n; do echo $n >/tmp/second; done &
(i=0; while :; do i=$((i+1)); echo $i >/tmp/third; sleep 1; done) &
exec /bin/counter
PROGRAM
chmod 755 "$bundles"/base/bin/{counter,several}
chmod 1777 "$bundles/base/tmp"
echo original >"$bundles/base/etc/lab-changed.conf"
echo gone >"$bundles/base/etc/lab-delete-me"

# The same image in every form that --rootfs takes.
tar -C "$bundles/base" -c . | "${podman[@]}" import --change 'CMD ["/bin/counter"]' - localhost/bundle:1 >/dev/null
"${podman[@]}" save --quiet --format oci-archive -o "$bundles/oci.tar" localhost/bundle:1
"${podman[@]}" save --quiet --format docker-archive -o "$bundles/docker.tar" localhost/bundle:1
mkdir "$bundles/oci"
tar -xf "$bundles/oci.tar" -C "$bundles/oci"
forms=("$bundles/base" "oci:$bundles/oci" "oci-archive:$bundles/oci.tar" "docker-archive:$bundles/docker.tar")
form=0

# Makes a bundle of ARCHIVE, restores it by RUNTIME, and leaves it running as $id in $bundle.
bring_back() { # NAME ARCHIVE RUNTIME [OPTION…]
  bundle=$bundles/$1
  local archive=$2 runtime=$3 code=0
  shift 3
  local base=${forms[form % ${#forms[@]}]}
  form=$((form + 1))
  $cryoscope restore bundle --permissions any -o json "$archive" -C "$bundle" --rootfs "$base" \
    --runtime "$runtime" "$@" >"$bundle.json" || code=$?
  id=$(jq -r .containerId "$bundle.json")
  check "$(basename "$bundle"): made from ${base%%:*}" 0 "$code"
  count=$(cat "$bundle/rootfs/tmp/count")
  "$bundle/restore.sh" >"$bundle.out" 2>&1 || { code=$?; cat "$bundle.out"; }
  check "$(basename "$bundle"): restored by $runtime" 0 "$code"
}

# The count goes on where the archive has it, in the file and on standard output.
check_count() { # NAME RUNTIME
  local name=$1 runtime=$2 now
  sleep 2.2
  now=$(cat "$bundle/rootfs/tmp/count")
  check "$name: goes on behind $count" "count $((count + 1))" "$(head -n 1 "$bundle/log/stdout")"
  check "$name: and on" yes "$([ "$now" -gt "$((count + 1))" ] && echo yes || echo "no: $now")"
  check "$name: in a control group of its own" "/cryoscope/$id" \
    "$(cut -d: -f3 "/proc/$(cat "$bundle/log/pid")/cgroup" | grep -v '^/$' | sort -u)"
  echo "  $name by $runtime $count -> $now"
}

# The shells of the container that runs, by what the kernel says of all processes.
shells() {
  local group
  for group in $(grep -l "/cryoscope/$id$" /proc/[0-9]*/cgroup 2>/dev/null); do
    tr '\0' ' ' <"${group%cgroup}cmdline" | grep '^/bin/sh' || true
  done
}

end() { # RUNTIME
  "$1" delete --force "$id" 2>/dev/null || true
}

for runtime in runc crun; do
  # Samples hold programs of one busybox; CRIU compares its size and build id.
  if [ "$(stat -c %s "$(command -v busybox)")" = 2063232 ]; then
    for sample in containerd/checkpoint-counter crio/checkpoint-counter crio/counter-runc \
      podman/busybox-crun-none podman/busybox-crun-zstd podman/busybox-runc-gzip \
      containerd/checkpoint-mounts crio/checkpoint-mounts podman/busybox-volume \
      containerd/checkpoint-rootfs crio/checkpoint-rootfs podman/busybox-rootfs-changes; do
      name=$(tr / - <<<"$sample")-$runtime
      archive=$(echo samples/"$sample"*)
      bring_back "$name" "$archive" "$runtime"
      check_count "$name" "$runtime"
      case $sample in
        *rootfs*) check "$name: what was deleted is gone" no "$([ -e "$bundle/rootfs/etc/lab-delete-me" ] && echo yes || echo no)" ;;
      esac
      case $sample in
        containerd/*rootfs*) check "$name: what was changed is changed" no "$(grep -q original "$bundle/rootfs/etc/lab-changed.conf" && echo yes || echo no)" ;;
        podman/busybox-volume) check "$name: the volume has its content" yes "$([ -n "$(ls "$bundle"/mounts/*data)" ] && echo yes || echo no)" ;;
      esac
      end "$runtime"
    done
  else
    echo "  samples are not restored: they need the busybox of Debian that they were made with"
  fi
  # Fresh archives of Podman, made by one runtime and restored by both; of several processes.
  for other in runc crun; do
    name=several-$runtime-$other
    archive=$bundles/several-$runtime.tar
    if [ ! -e "$archive" ]; then
      "${podman[@]}" --runtime "$runtime" run -d --name "several-$runtime" --network=none \
        localhost/bundle:1 /bin/several >/dev/null
      sleep 3.5
      "${podman[@]}" container checkpoint --compress none \
        --export "$archive" "several-$runtime" >/dev/null
      "${podman[@]}" rm -f -t 0 "several-$runtime" >/dev/null
    fi
    bring_back "$name" "$archive" "$other"
    second=$(cat "$bundle/rootfs/tmp/second") third=$(cat "$bundle/rootfs/tmp/third")
    check_count "$name" "$other"
    check "$name: so do the others" yes \
      "$([ "$(cat "$bundle/rootfs/tmp/second")" -gt "$second" ] && [ "$(cat "$bundle/rootfs/tmp/third")" -gt "$third" ] && echo yes || echo no)"
    check "$name: all shells are there" 4 "$(shells | wc -l)"
    end "$other"
  done
done

# One of almost everything that CRIU saves, made with crun. The program looks for all of it itself.
if [ -x dist/rich/rich ]; then
  root=$bundles/rich
  mkdir -p "$root"/{bin,dev,etc,proc,run,srv/data,sys,tmp,var/lib/rich}
  cp dist/rich/{rich,tiny} "$root/bin/"
  echo 'root:x:0:0:root:/:/bin/rich' >"$root/etc/passwd"
  echo 'root:x:0:' >"$root/etc/group"
  echo original >"$root/etc/changed.conf"
  echo 'nobody will miss this' >"$root/etc/delete-me"
  { echo 'original-file-page'; head -c 8173 /dev/zero | tr '\0' '#'; } >"$root/etc/rich.conf"
  for runtime in crun runc; do
    bundle=$bundles/rich-$runtime
    $cryoscope restore bundle --permissions any -o json samples/podman/rich-crun.tar -C "$bundle" \
      --rootfs "$root" --runtime "$runtime" >"$bundle.json"
    id=$(jq -r .containerId "$bundle.json")
    code=0
    "$bundle/restore.sh" >"$bundle.out" 2>&1 || { code=$?; cat "$bundle.out"; }
    check "rich-$runtime: restored" 0 "$code"
    sleep 1.2
    "$runtime" kill "$id" USR1
    sleep 1.2
    check "rich-$runtime: all is there" 'check: 0 missing' "$(grep ^check: "$bundle/log/stdout")"
    check "rich-$runtime: the heart beats on" yes \
      "$(head -n 1 "$bundle/log/stdout" | grep -q '^heartbeat 4$' && echo yes || echo no)"
    check "rich-$runtime: options" \
      'manage-cgroups=ignore --tcp-established --file-locks' \
      "$(jq -r '[.options[].option] | join(" ")' "$bundle.json")"
    end "$runtime"
  done
else
  echo "  rich-crun.tar is not restored: its program is not built (gcc with a static C library)"
fi
