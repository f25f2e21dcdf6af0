#!/usr/bin/env bash
# On the node, in process, mount and network namespaces of its own, which take everything that it
# starts with them:
#
#   unshare --fork --pid --net --mount-proc --kill-child bash test/e2e/cri/run.sh OCI-ARCHIVE
#
# What a kubelet asks containerd for, asked here: a pod of the image in OCI-ARCHIVE, which runs the
# counter; its checkpoint; and another pod, whose image is the one that `restore image` makes of that.
# (Where a restore fails, CRIU's restore.log is gone at once, with the container's folder.)
# Prints what failed, and "N passed, N failed".
set -euo pipefail
cryoscope="node $PWD/bin/cryoscope.cjs"
work=$(mktemp -d)
groups=cryoscope-e2e-$$-$RANDOM
passed=0
failed=0
check() { # NAME EXPECTED FOUND
  if [ "$2" = "$3" ]; then passed=$((passed + 1)); else
    failed=$((failed + 1))
    printf 'FAILED %s\n  expected %s\n  found    %s\n' "$1" "$2" "$3"
  fi
}

daemons=()
# Mounts go with the namespace, but only after this; control groups do not.
finish() {
  local code=$?
  set +e
  [ "$code" -eq 0 ] || { failed=$((failed + 1)); echo "FAILED: ended early, with $code"; }
  [ "$failed" -eq 0 ] || grep -v level=info "$work/containerd.log"
  kill "${daemons[@]}"
  wait "${daemons[@]}"
  awk -v "at=$work/" 'index($5, at) == 1 { print $5 }' /proc/self/mountinfo | sort -r | xargs -r umount -l
  find /sys/fs/cgroup -depth -type d -path "*/$groups*" -exec rmdir {} \;
  rm -rf "$work"
  echo "$passed passed, $failed failed"
}
trap 'finish 2>/dev/null' EXIT

ip link set lo up
# As systemd has it on a node, and CRIU needs it for what another node had shared.
mount --make-rshared /
registry=127.0.0.1:5000
cat >"$work/registry.yml" <<YAML
version: 0.1
log: {accesslog: {disabled: true}, level: error}
storage: {filesystem: {rootdirectory: $work/registry}}
http: {addr: "$registry"}
YAML
docker-registry serve "$work/registry.yml" >"$work/registry.log" 2>&1 &
daemons+=($!)
# The pod's namespaces are held by a second container of the same image.
base=$registry/e2e/counter:1
mkdir "$work/tmp"
cat >"$work/containerd.toml" <<TOML
version = 3
root = "$work/root"
state = "$work/state"
[grpc]
address = "$work/containerd.sock"
[plugins."io.containerd.cri.v1.images"]
snapshotter = "native"
use_local_image_pull = true
[plugins."io.containerd.cri.v1.images".pinned_images]
sandbox = "$base"
[plugins."io.containerd.cri.v1.runtime"]
restrict_oom_score_adj = true
TOML
TMPDIR=$work/tmp containerd --config "$work/containerd.toml" >"$work/containerd.log" 2>&1 &
daemons+=($!)

# Asks for METHOD with the request that jq makes of FILTER; the response is in $answer.
ask() { # METHOD FILTER [JQ-OPTION…]
  local method=$1 filter=$2 code=0
  shift 2
  answer=$(jq -nc "$@" "$filter" | node test/e2e/cri/call.js "$work/containerd.sock" "$method" 2>"$work/error") || code=$?
  [ "$code" -eq 0 ] || answer={}
  return "$code"
}
try() { # NAME METHOD FILTER [JQ-OPTION…]
  local name=$1
  shift
  ask "$@" || true
  check "$name" "" "$(cat "$work/error")"
}
for _ in $(seq 50); do
  ask Version '{}' && break
  sleep 0.2
done
containerd=$(jq -r .runtime_version <<<"$answer")

# Starts a container of IMAGE in a pod of its own: $pod, $container.
start() { # NAME IMAGE
  local name=$1 image=$2
  mkdir "$work/$name"
  touch "$work/$name/hosts" "$work/$name/termination-log"
  local -a given=(--arg name "$name" --arg image "$image" --arg at "$work/$name" --arg group "/$groups/$name")
  local security='{namespace_options: {network: "NODE", pid: "CONTAINER"}}'
  local sandbox="{metadata: {name: \$name, uid: \$name, namespace: \"default\"}, log_directory: \$at,
    linux: {cgroup_parent: \$group, security_context: $security}}"
  try "$name: a pod" RunPodSandbox "{config: $sandbox}" "${given[@]}"
  pod=$(jq -r .pod_sandbox_id <<<"$answer")
  try "$name: a container" CreateContainer "{
    pod_sandbox_id: \$pod, sandbox_config: $sandbox,
    config: {metadata: {name: \"counter\"}, image: {image: \$image, user_specified_image: \$image},
      mounts: [{container_path: \"/etc/hosts\", host_path: (\$at + \"/hosts\")},
        {container_path: \"/dev/termination-log\", host_path: (\$at + \"/termination-log\")}],
      log_path: \"log\", linux: {security_context: $security}}}" "${given[@]}" --arg pod "$pod"
  container=$(jq -r .container_id <<<"$answer")
  try "$name: started" StartContainer '{container_id: $it}' --arg it "$container"
}
count() {
  ask ExecSync '{container_id: $it, cmd: ["/bin/cat", "/tmp/count"], timeout: 10}' --arg it "$container" || true
  jq -r '.stdout // 0' <<<"$answer"
}
end() {
  try "$1: stopped" StopPodSandbox '{pod_sandbox_id: $it}' --arg it "$pod"
  try "$1: removed" RemovePodSandbox '{pod_sandbox_id: $it}' --arg it "$pod"
}

# Restores ARCHIVE by its image, in a pod called NAME.
back() { # NAME ARCHIVE
  local name=$1 archive=$2 then image now later
  then=$(tar -xOf "$archive" --wildcards '*rootfs-diff.tar' | zcat | tar -xO tmp/count)
  image=$($cryoscope restore image "$archive" --output-file "oci-archive:$work/$name.image" -q)
  ctr --address "$work/containerd.sock" --namespace k8s.io images import --local --snapshotter native \
    "$work/$name.image" >/dev/null 2>"$work/error" || true
  check "$name: imported as $image" "" "$(cat "$work/error")"
  start "$name" "$image"
  ask ContainerStatus '{container_id: $it}' --arg it "$container" || true
  check "$name: what containerd says" "RUNNING true $image" \
    "$(jq -r '.status | "\(.state) \(.annotations.restored) \(.annotations.checkpointImage)"' <<<"$answer")"
  sleep 1.2
  now=$(count)
  sleep 2.2
  later=$(count)
  # The log is carried over; the next line is the next number.
  check "$name: the log goes on behind $then" "count $((then + 1))" \
    "$(grep -oE 'count [0-9]+$' "$work/$name/log" | sed -n "$((then + 1))p")"
  check "$name: the count goes on ($then, then $now)" yes "$([ "$now" -gt "$then" ] && echo yes)"
  check "$name: and on ($later)" yes "$([ "$later" -gt "$now" ] && echo yes)"
  end "$name"
  echo "  containerd's CRI ($containerd), $name: $then -> $now -> $later"
}

skopeo copy -q --dest-tls-verify=false "oci-archive:$1" "docker://$base"
try "base image" PullImage '{image: {image: $it}}' --arg it "$base"
start dumped "$base"
sleep 3.5
archive=$work/counter.tar
try "dumped: checkpoint" CheckpointContainer '{container_id: $it, location: $at}' --arg it "$container" --arg at "$archive"
end dumped
reference=$(tar -xOf "$archive" config.dump | jq -r .rootfsImageRef)
back restored "$archive"

# A sample of another node, where there is the busybox that it was made with. Its base image went
# with its registry, and containerd 2.1 pulls by the digest even what it has: so it is told of ours.
if [ "$(stat -c %s "$(command -v busybox)")" = 2063232 ]; then
  mkdir "$work/members"
  tar -xf samples/containerd/checkpoint-counter-*.tar -C "$work/members"
  jq -c --arg ours "$reference" '.rootfsImageRef = $ours' "$work/members/config.dump" >"$work/config.dump"
  mv "$work/config.dump" "$work/members/config.dump"
  tar -C "$work/members" -cf "$work/sample.tar" .
  chmod 600 "$work/sample.tar"
  back sample "$work/sample.tar"
else
  echo "  the sample is not restored: it needs the busybox of Debian that it was made with"
fi
