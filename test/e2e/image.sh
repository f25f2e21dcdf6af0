# Part of on-node.sh: images of checkpoints, judged by those who take them: skopeo, Podman,
# containerd, and a registry. Also a full disk, and Ctrl-C.
# shellcheck shell=bash disable=SC2154 # work, cryoscope, podman, check and passed come from on-node.sh
images=$work/images
mkdir -m 700 "$images"

# The network is the machine's own, so the port is one that is free now.
port=$(node -e 'const it = require("node:net").createServer(); it.listen(0, "127.0.0.1", () => { console.log(it.address().port); it.close(); });')
cat >"$images/registry.yml" <<YAML
version: 0.1
log: {accesslog: {disabled: true}, level: error}
storage: {filesystem: {rootdirectory: $images/registry}}
http: {addr: "127.0.0.1:$port"}
YAML
docker-registry serve "$images/registry.yml" >"$images/registry.log" 2>&1 &
daemons+=($!)
cat >"$images/containerd.toml" <<TOML
version = 3
root = "$images/containerd"
state = "$work/run/containerd"
disabled_plugins = ["io.containerd.cri.v1.runtime", "io.containerd.cri.v1.images", "io.containerd.grpc.v1.cri"]
[grpc]
address = "$images/containerd.sock"
TOML
containerd --config "$images/containerd.toml" >"$images/containerd.log" 2>&1 &
daemons+=($!)
ctr=(ctr --address "$images/containerd.sock" --namespace e2e)
for _ in $(seq 50); do
  "${ctr[@]}" version >/dev/null 2>&1 && break
  sleep 0.2
done

# What the kubelet's runtimes made, as they wrote it, and what Podman made a moment ago.
for sample in samples/crio/counter-runc.tar samples/containerd/checkpoint-counter-*.tar; do
  cp "$sample" "$images/$(basename "$(dirname "$sample")").tar"
done
cp "$work/crun-none.tar" "$work/runc-gzip.tar" "$work/crun-zstd.tar" "$images/"
chmod 600 "$images"/*.tar

for name in crio containerd crun-none runc-gzip crun-zstd; do
  archive=$images/$name.tar
  at=$images/of-$name
  mkdir "$at"
  json=$($cryoscope restore image "$archive" --output-file "oci:$at/oci" -o json)
  of() { jq -r "$1" <<<"$json"; }
  tag=$(of .name)
  id=$(of .config.digest)
  $cryoscope restore image "$archive" --output-file "oci-archive:$at/oci.tar" -q >/dev/null
  $cryoscope restore image "$archive" --output-file "docker-archive:$at/docker.tar" -q >/dev/null
  check "$name: only for its owner" "" "$(find "$at" -mindepth 1 -perm /077)"

  # skopeo compares each blob with its digest as it copies.
  for form in "oci:$at/oci" "oci-archive:$at/oci.tar"; do
    check "$name: skopeo inspects ${form%%:*}" "$(of .manifest.digest)" "$(skopeo inspect "$form" | jq -r .Digest)"
    rm -rf "$at/copy"
    code=0
    skopeo copy -q "$form" "dir:$at/copy" || code=$?
    check "$name: skopeo copies ${form%%:*}" 0 "$code"
    check "$name: the same bytes from ${form%%:*}" "$(of '.layer.digest, .config.digest' | sort)" \
      "$(cd "$at/copy" && sha256sum ./????????????????????????????????????????????????????????????????* | sed 's/ .*//; s/^/sha256:/' | sort)"
  done
  rm -rf "$at/copy"
  skopeo copy -q "docker-archive:$at/docker.tar" "dir:$at/copy"
  check "$name: skopeo copies docker-archive" "$id" "$(jq -r .config.digest "$at/copy/manifest.json")"
  check "$name: labels in docker-archive" "$(of '.annotations | length')" \
    "$(skopeo inspect "docker-archive:$at/docker.tar" | jq '.Labels | length')"

  for file in docker.tar oci.tar; do
    "${podman[@]}" load -q -i "$at/$file" >/dev/null
    check "$name: Podman loads $file" "$id" "sha256:$("${podman[@]}" image inspect --format '{{.Id}}' "$tag")"
  done
  check "$name: annotations in Podman" "$(of '.annotations | map({key, value}) | from_entries' | jq -Sc .)" \
    "$("${podman[@]}" image inspect "$tag" | jq -Sc '.[0].Annotations')"
  mounted=$("${podman[@]}" image mount "$tag")
  mkdir "$at/plain"
  tar -xf "$archive" -C "$at/plain"
  check "$name: content in Podman" "$(cd "$at/plain" && find . -type f | sort | xargs sha256sum)" \
    "$(cd "$mounted" && find . -type f | sort | xargs sha256sum)"
  "${podman[@]}" image unmount "$tag" >/dev/null

  for file in oci.tar docker.tar; do
    "${ctr[@]}" images import --local --snapshotter native "$at/$file" >/dev/null 2>>"$images/ctr.log"
    imported=$("${ctr[@]}" images ls "name==$tag" | awk 'NR == 2 { print $3 }')
    check "$name: containerd has the configuration of $file" "$id" \
      "$("${ctr[@]}" content get "$imported" | jq -r .config.digest)"
    [ $file = docker.tar ] && continue
    check "$name: containerd imports $file" "$(of .manifest.digest)" "$imported"
    check "$name: containerd reads the name that it looks for" \
      "$(of '.annotations[] | select(.key == "org.criu.checkpoint.container.name").value')" \
      "$("${ctr[@]}" content get "$imported" | jq -r '.annotations["org.criu.checkpoint.container.name"]')"
    mkdir "$at/mount"
    "${ctr[@]}" images mount --snapshotter native "$tag" "$at/mount" >/dev/null
    check "$name: content in containerd" "$(cd "$at/plain" && find . -type f | sort | xargs sha256sum)" \
      "$(cd "$at/mount" && find . -type f | sort | xargs sha256sum)"
    "${ctr[@]}" images unmount "$at/mount" >/dev/null
  done

  remote=127.0.0.1:$port/team/$name:1
  pushed=$($cryoscope restore image "$archive" --push "$remote" --yes -o json 2>/dev/null | jq -r .pushed.digest)
  check "$name: the registry has it" "$pushed" "$(skopeo inspect --tls-verify=false "docker://$remote" | jq -r .Digest)"
  rm -rf "$at/copy"
  skopeo copy -q --src-tls-verify=false "docker://$remote" "dir:$at/copy"
  check "$name: pulled from the registry" "$(of .layer.digest)" \
    "sha256:$(sha256sum "$at/copy/$(of '.layer.digest[7:]')" | cut -d ' ' -f 1)"

  # Read where it lies: what we pushed, and what Podman and skopeo make of it on the way.
  here=$($cryoscope ps "$archive" -o json | jq -Sc .items)
  check "$name: read in the registry" "$here" "$($cryoscope ps "oci://$remote" -o json | jq -Sc .items)"
  check "$name: read by its digest" "$here" \
    "$($cryoscope ps "oci://${remote%:1}@$pushed" -q -o json | jq -Sc .items)"
  "${podman[@]}" push -q --tls-verify=false "$tag" "127.0.0.1:$port/podman/$name:1" >/dev/null 2>&1
  check "$name: read as Podman pushes it" "$here" \
    "$($cryoscope ps "oci://127.0.0.1:$port/podman/$name:1" -q -o json | jq -Sc .items)"
  skopeo copy -q --dest-tls-verify=false "docker-archive:$at/docker.tar" "docker://127.0.0.1:$port/docker/$name:1"
  check "$name: read as Docker's form is pushed" "$here" \
    "$($cryoscope ps "oci://127.0.0.1:$port/docker/$name:1" -q -o json | jq -Sc .items)"
done

# The count goes on from the image that we made, on the runtime that made the archive.
for case in crun-none runc-gzip crun-zstd; do
  tag=$($cryoscope restore image "$images/$case.tar" --output-file "oci-archive:$images/again-$case.tar" -q)
  then=$(tar -xOf "$images/$case.tar" rootfs-diff.tar | tar -xO tmp/count 2>/dev/null || echo 1)
  code=0
  "${podman[@]}" --runtime "${case%-*}" container restore "$tag" >"$images/restore.log" 2>&1 || code=$?
  check "$case: Podman restores the image" 0 "$code"
  sleep 2
  now=$("${podman[@]}" --runtime "${case%-*}" exec "$case" /bin/cat /tmp/count || echo 0)
  check "$case: the count goes on ($then, then $now)" yes "$([ "$now" -gt "$then" ] && echo yes)"
  "${podman[@]}" rm -f -t 0 "$case" >/dev/null 2>&1 || true
done

# A full disk, and Ctrl-C: nothing stays.
mkdir "$images/small"
mount -t tmpfs -o size=100k,mode=700 tmpfs "$images/small"
for form in oci oci-archive docker-archive; do
  code=0
  $cryoscope restore image "$images/crio.tar" --output-file "$form:$images/small/image" 2>"$images/full.log" >/dev/null || code=$?
  check "full disk, $form: refused" "4 1" "$code $(grep -c ENOSPC "$images/full.log")"
  check "full disk, $form: nothing left" "" "$(ls -A "$images/small")"
done
umount "$images/small"
node -e 'import("./test/bench/archives.js").then((it) => it.writeCompressed(process.argv[1], 2 ** 28, ["cat"]))' "$images/large.tar"
mkdir "$images/cut"
for form in oci oci-archive; do
  code=0
  timeout --preserve-status -s INT 1 $cryoscope restore image "$images/large.tar" --compress gzip \
    --output-file "$form:$images/cut/image" >/dev/null 2>&1 || code=$?
  check "Ctrl-C, $form" "130 " "$code $(ls -A "$images/cut")"
done
rm "$images/large.tar"

kill "${daemons[@]}"
wait "${daemons[@]}" 2>/dev/null || true
daemons=()
