/**
 * Examples that cannot run in a test, by their exact text without comments, and why. Their options
 * and arguments are checked all the same. One that no document has any more is a failure.
 */
export const setApart: Readonly<Record<string, string>> = {
  cryoscope: "opens the UI, which test/tui and test/e2e/tui.test.ts drive",
  "cryoscope open": "opens the UI",
  "cryoscope open --permissions owner cart.tar": "opens the UI",
  "cryoscope open --readonly /mnt/evidence": "opens the UI",
  "cryoscope node": "asks this very machine, which is no node",
  "cryoscope node worker-7": "asks a cluster",
  "cryoscope node --all -o json": "asks a cluster",
  "cryoscope restore plan cart.tar --host --runtime podman": "asks this very machine",
  "cryoscope restore plan cart.tar --node worker-7": "asks a cluster",
  "cryoscope restore image cart.tar --push registry.example/team/cart:1 --yes": "needs a registry",
  "cryoscope restore image cart.tar --push registry.example/team/cart:1":
    "asks a person, and needs a registry",
  "cryoscope inspect 'https://store.example/bucket/cart.tar?X-Amz-Signature=…'": "needs a store",
  "cryoscope open oci://registry.example/team/cart:1": "needs a registry",
  "cryoscope audit --no-memory -o json --output-file 'https://store.example/reports/worker-7.json?X-Amz-Signature=…' /var/lib/kubelet/checkpoints":
    "needs a store",
  "cryoscope checkpoint shop/cart-0/app --dry-run": "asks a cluster",
  "cryoscope checkpoint shop/cart-0/app": "asks a cluster",
  "cryoscope checkpoint -n shop -l app=cart --all-containers --parallel 2": "asks a cluster",
  "cryoscope checkpoint shop/cart-0/app --fetch .": "asks a cluster",
  "cryoscope checkpoint -n shop pod/cart-0 -c app": "asks a cluster",
  "kubectl cryoscope node": "asks a cluster",
  "kubectl cryoscope node worker-7": "asks a cluster",
  "kubectl cryoscope checkpoint cart-0 -c app --dry-run": "asks a cluster",
  "kubectl cryoscope checkpoint pod/cart-0 -c app": "asks a cluster",
  "kubectl cryoscope checkpoint cart-0 -n shop --fetch .": "asks a cluster",
  "kubectl cryoscope checkpoint cart-0 -c app -n shop --fetch .": "asks a cluster",
  "kubectl cryoscope open --permissions owner FILE": "opens the UI",
  "kubectl cryoscope restore plan FILE --node worker-7": "asks a cluster",
  "cryoscope checkpoint --kubelet https://worker-7:10250 --token-file token shop/cart-0/app":
    "asks a kubelet",
  "kubectl describe pod cart | cryoscope explain": "asks a cluster",
  "sudo cart-bundle/restore.sh": "restores as root with CRIU; test/e2e/bundle.sh does that",
  'cryoscope completion zsh > "${fpath[1]}/_cryoscope"': "needs zsh and its folders",
};

/** Programs whose lines are theirs alone: what they need, no test has. */
export const foreign: Readonly<Record<string, string>> = {
  kubectl: "a cluster",
  podman: "root and CRIU",
  buildah: "root",
  skopeo: "a registry",
  git: "a network",
  npm: "a checkout of its own; that the script is there is checked",
  apt: "root",
};

/** Exit codes that an example is there to show, where they are not 0, or 1 for something found. */
export const shownCodes: Readonly<Record<string, number>> = {
  // As without it.
  "kubectl cryoscope": 2,
  "cryoscope inspect open.tar": 4,
  "cryoscope inspect -o json missing.tar": 3,
};
