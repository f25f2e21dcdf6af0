#!/usr/bin/env bash
# The image of deploy/image/Containerfile: built by buildah, run by Podman as clusters run it: read-only,
# without capabilities, without a network. Needs both, `script`, and the executable (npm run build:exe);
# says so and ends well where one is missing. Ends with "N passed, N failed".
#
# The base is taken from CRYOSCOPE_IMAGE_BASE; without it, made of this machine's own files, as nothing
# can be pulled where these tests run.
set -euo pipefail
cd "$(dirname "$0")/../.."
for program in buildah podman script; do
  command -v $program >/dev/null || { echo "left out: there is no $program here"; echo "0 passed, 0 failed"; exit; }
done
case $(uname -m) in x86_64) arch=x64 ;; *) arch=arm64 ;; esac
executable=out/cryoscope-linux-$arch
[ -e $executable ] || { echo "left out: $executable was not built (npm run build:exe)"; echo "0 passed, 0 failed"; exit; }

work=$(mktemp -d "$PWD/out/own-image.XXXXXX")
trap 'rm -rf "$work"' EXIT
exec </dev/null
export PODMAN_IGNORE_CGROUPSV1_WARNING=1
store=(--root "$work/storage" --runroot "$work/run" --storage-driver vfs)
podman=(podman "${store[@]}" --cgroup-manager=cgroupfs --events-backend=file)
passed=0
failed=0
check() { # NAME EXPECTED FOUND
  if [ "$2" = "$3" ]; then passed=$((passed + 1)); else
    failed=$((failed + 1))
    printf 'FAILED %s\n  expected %s\n  found    %s\n' "$1" "$2" "$3"
  fi
}
has() { # NAME PART WHOLE
  case $3 in *"$2"*) check "$1" yes yes ;; *) check "$1" "… $2 …" "$3" ;; esac
}

base=${CRYOSCOPE_IMAGE_BASE:-}
if [ -z "$base" ]; then
  base=localhost/base:1
  # Programs of the first stage with their libraries, and glibc.
  mapfile -t programs < <(for name in sh cp mkdir uname printf chmod; do type -P "$name"; done)
  mapfile -t libraries < <(ldd "${programs[@]}" | grep -o '/[^ :]*' | grep '\.so' | sort -u)
  glibc=(/lib/"$(uname -m)"-linux-gnu/{libc.so.6,libm.so.6,libdl.so.2,libpthread.so.0})
  mkdir "$work/base"
  cp -L --parents "${programs[@]}" "${libraries[@]}" "$work/base"
  cp -L --parents --update=none "${glibc[@]}" /usr/share/doc/libc6/copyright "$work/base"
  [ -e "$work/base/bin" ] || ln -s usr/bin "$work/base/bin"
  tar -C "$work/base" -c . | "${podman[@]}" import - "$base" >/dev/null 2>"$work/import" || { cat "$work/import"; exit 1; }
  rm -r "$work/base"
fi

# Only what belongs to it is handed over.
mkdir "$work/context"
ln $executable $executable.LICENSES "$work/context" 2>/dev/null || cp $executable $executable.LICENSES "$work/context"
start=$(date +%s%N)
# No more open files than this shell may have: only a whole root may raise that.
buildah "${store[@]}" build --isolation chroot --quiet --ulimit "nofile=$(ulimit -Sn):$(ulimit -Hn)" \
  --ulimit "nproc=$(ulimit -Su):$(ulimit -Hu)" --build-arg BASE="$base" \
  --build-arg VERSION=1.2.3 --build-arg REVISION=abc --build-arg SOURCE=https://host.example/cryoscope \
  -f deploy/image/Containerfile -t localhost/cryoscope:e2e "$work/context" >"$work/built" 2>&1 || { cat "$work/built"; exit 1; }
took=$((($(date +%s%N) - start) / 1000000))

config() { "${podman[@]}" image inspect localhost/cryoscope:e2e --format "$1"; }
check "user" 65532:65532 "$(config '{{.Config.User}}')"
check "entry" "[/usr/bin/cryoscope]" "$(config '{{.Config.Entrypoint}}')"
check "no volumes" "map[]" "$(config '{{.Config.Volumes}}')"
check "signal" SIGTERM "$(config '{{.Config.StopSignal}}')"
check "version label" 1.2.3 "$(config '{{index .Config.Labels "org.opencontainers.image.version"}}')"
check "revision label" abc "$(config '{{index .Config.Labels "org.opencontainers.image.revision"}}')"
check "source label" https://host.example/cryoscope "$(config '{{index .Config.Labels "org.opencontainers.image.source"}}')"
check "licence label" Apache-2.0 "$(config '{{index .Config.Labels "org.opencontainers.image.licenses"}}')"
size=$(config '{{.Size}}')

files=$("${podman[@]}" save localhost/cryoscope:e2e | tar -xO --wildcards '*.tar' | tar -t | grep -v '/$' | sort)
check "executables and libraries alone" "etc/group etc/passwd usr/bin/cryoscope usr/share/doc/cryoscope/LICENSES usr/share/doc/libc6/copyright" \
  "$(grep -v '^lib' <<<"$files" | xargs)"
check "five files of glibc" 5 "$(grep -c '^lib' <<<"$files")"

locked=(--rm --read-only --cap-drop all --security-opt no-new-privileges --network none)
run() { # OPTIONS OF PODMAN -- WORDS
  local options=()
  while [ "$1" != -- ]; do options+=("$1"); shift; done
  shift
  "${podman[@]}" run "${locked[@]}" "${options[@]}" localhost/cryoscope:e2e "$@" 2>&1
}
samples=(-v "$PWD/samples:/archives:ro")
rich=podman/rich-crun.tar

check "says its version" "cryoscope $(node -p 'require("./package.json").version')" "$(run -- --version)"
for user in 65532 0; do
  who=(--user $user "${samples[@]}")
  has "uid $user: inspect" '"kind":"Inspection"' "$(run "${who[@]}" -- inspect -q --permissions any -o json $rich | tr -d ' \n')"
  has "uid $user: ps" "/bin/" "$(run "${who[@]}" -- ps --permissions any crio/counter.tar 2>/dev/null || run "${who[@]}" -- ps --permissions any $rich)"
  has "uid $user: list" rich-crun.tar "$(run "${who[@]}" -- list --permissions any podman)"
  # Threads, WebAssembly and the rules.
  has "uid $user: audit" '"kind":"AuditReport"' "$(run "${who[@]}" -- audit --permissions any -o json podman | tr -d ' \n')"
  code=0
  run "${who[@]}" -- memory search --permissions any --text nowhere-at-all $rich >/dev/null || code=$?
  check "uid $user: memory search finds nothing: exit code" 1 $code
done

# A node's folder: root's, and nobody else's.
mkdir -m 700 "$work/kubelet"
install -m 600 samples/$rich "$work/kubelet/checkpoint-cart-0_shop-app-2026-11-22T09:00:00Z.tar"
kubelet=(-v "$work/kubelet:/var/lib/kubelet/checkpoints:ro")
has "root reads the kubelet's folder, with the gate" "✓ root" "$(run --user 0 "${kubelet[@]}" -- list)"
has "others are refused it" "you may not look into /var/lib/kubelet/checkpoints" "$(run "${kubelet[@]}" -- list || true)"
check "others: exit code" 4 "$(code=0; run "${kubelet[@]}" -- list >/dev/null || code=$?; echo $code)"

# Nothing can be written, and that is said.
has "the root file system is read-only" "EROFS" "$(run --user 0 "${samples[@]}" -- inspect --permissions any --output-file /x.txt $rich || true)"
check "there is no shell" 127 "$("${podman[@]}" run "${locked[@]}" --entrypoint /bin/sh localhost/cryoscope:e2e -c true >/dev/null 2>&1; echo $?)"

# The API server by address and by name: sockets, TLS and the resolver of glibc.
for server in https://127.0.0.1:1 https://api.cluster.example; do
  cat >"$work/kubeconfig" <<YAML
apiVersion: v1
kind: Config
clusters: [{name: lab, cluster: {server: "$server"}}]
users: [{name: me, user: {token: t}}]
contexts: [{name: lab, context: {cluster: lab, user: me}}]
current-context: lab
YAML
  chmod 644 "$work/kubeconfig"
  code=0
  said=$(run -v "$work/kubeconfig:/.kube/config:ro" -- checkpoint shop/cart-0/app) || code=$?
  check "$server: exit code" 5 $code
  has "$server: by the kubeconfig of its home" "$server" "$said"
done

# It is the first process there, which no signal ends by itself.
mkfifo "$work/silence"
exec 9<>"$work/silence"
for ending in TERM:143 INT:130; do
  name=waits-${ending%:*}
  "${podman[@]}" run -i "${locked[@]}" --name "$name" localhost/cryoscope:e2e inspect --permissions any - \
    <&9 >"$work/waits" 2>&1 &
  waiting=$!
  sleep 3
  "${podman[@]}" kill --signal "${ending%:*}" "$name" >/dev/null || true
  (sleep 5; "${podman[@]}" kill "$name" >/dev/null 2>&1) &
  code=0
  wait $waiting || code=$?
  check "SIG${ending%:*} ends it" "${ending#*:}" $code
done

# The terminal UI on a terminal of Podman's.
screen=$( (sleep 6; printf ':q\r'; sleep 1; printf 'q') | TERM=xterm-256color timeout 60 \
  script -qec "stty cols 120 rows 35; ${podman[*]} run -it ${locked[*]} ${samples[*]} localhost/cryoscope:e2e open --permissions any $rich" /dev/null | tr -d '\r') || true
has "the UI shows the checkpoint" "Summary" "$screen"
has "the UI gives the terminal back" $'\e[?1049l' "$screen"

echo "image: $((size / 1048576)) MiB, built in $took ms"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
