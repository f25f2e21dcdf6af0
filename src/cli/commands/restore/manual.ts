import type { ManualPage } from "../../manual/page.ts";

const all: ManualPage = {
  about: `
Says whether a checkpoint will come back at a place, and makes what runtimes restore it from: an image, the
pod that asks for it, or a bundle for a bench. docs/restore.md traces every field to its source.`,
  examples: [["cryoscope restore plan cart.tar", "what any place has to have"]],
  see: ["node", "explain"],
};

const plan: ManualPage = {
  about: `
Compares what the archive asks for, need by need, with a place: processor, page size, kernel, memory, CRIU and
its options, runtime, OCI runtime, image, mounts, files that the archive does not carry, addresses, security,
namespaces, control groups, devices, taints and clock. The answer is yes, no or not yet, and each need has what
was found and what mends it. Without a place it lists what any place has to have. No page image is read
for it.`,
  examples: [
    ["cryoscope restore plan cart.tar", "what any place has to have"],
    ["cryoscope restore plan cart.tar --node worker-7", "a node of the cluster"],
    ["cryoscope restore plan cart.tar --node-file worker-7.json", "a node, as kubectl printed it"],
    ["cryoscope restore plan cart.tar --root /mnt/node", "a node's disk, mounted elsewhere"],
    ["cryoscope restore plan cart.tar --host --runtime podman", "this machine"],
  ],
  exits: {
    fine: "yes; or no place was named, and the archive itself is not against it",
    findings: "no",
    archive: "it cannot be told, or the archive cannot be read",
    remote: "the cluster refused, or cannot be reached",
    timeout: "the cluster did not answer in time",
  },
  see: ["node", "restore image", "restore manifest", "restore bundle"],
};

const image: ManualPage = {
  about: `
The image has the archive as its one layer, and the annotations of all three runtimes, each value out of the
archive. No daemon is needed, nothing is unpacked, and the same archive gives the same image to the byte. The
output says which runtime will know its own in it. --push sends it to a registry, with the credentials of
podman login and docker login.`,
  examples: [
    ["cryoscope restore image cart.tar --output-file oci:cart", "an OCI layout"],
    [
      "cryoscope restore image cart.tar --output-file oci-archive:cart-image.tar --tag registry.example/cart:1",
      "one file",
    ],
    ["cryoscope restore image cart.tar --push registry.example/team/cart:1 --yes", "to a registry"],
  ],
  exits: {
    refused: "dangerous to unpack as root, or nobody agreed to the push",
    remote: "the registry refused, broke off, or has other bytes",
    timeout: "the registry was silent for five minutes",
  },
  environment: [
    [
      "REGISTRY_AUTH_FILE",
      "file of credentials, instead of the places of podman login and docker login",
    ],
    ["XDG_RUNTIME_DIR, XDG_CONFIG_HOME, DOCKER_CONFIG", "where those places are"],
  ],
  security: `
All memory of the container leaves this machine with a push, and whoever may pull the image can read it.
Without --yes a person is asked.`,
  see: ["restore manifest", "restore plan"],
};

const manifest: ManualPage = {
  about: `
Writes a Pod that has CRI-O or containerd restore the checkpoint image: every mount with the volume that it
probably was, rights, seccomp and security modules, namespaces, resources, ports and placement. A comment at each
field says where in the archive it was read. What the archive cannot tell is marked DECIDE where it stands, and
listed at the head and on stderr. The environment of the processes is never in it, but for the host name.`,
  examples: [
    [
      "cryoscope restore manifest cart.tar --image registry.example/team/cart:1 --node worker-7 > cart.yaml",
      "the pod",
    ],
    [
      "cryoscope restore manifest -o json cart.tar | jq -r '.decisions[].path'",
      "what has to be decided",
    ],
  ],
  security: `
What an archive asks for is its author's wish: a mount of the node's root or a privileged container is written
down, and marked. Read it before you apply it.`,
  see: ["restore image", "restore plan"],
};

const bundle: ManualPage = {
  about: `
Makes a folder with config.json, the root file system (base image, what the container changed, what it
deleted), CRIU's images, a source for every bind mount and a restore.sh, whichever engine and OCI
runtime made the archive. Nothing of the machine is handed in: no path, hook, annotation or device of the
archive's, and no network unless --network host. What was not made or will be missed is listed.`,
  examples: [
    [
      "cryoscope restore bundle cart.tar -C cart-bundle --rootfs oci-archive:cart-base.tar",
      "make it",
    ],
    ["sudo cart-bundle/restore.sh", "and restore it"],
  ],
  exits: {
    refused: "the folder is there, a name cannot be told to CRIU, or the network cannot be had",
  },
  security: `
What was in the checkpoint runs again, as root's child on that machine. Use one that you can do without.`,
  see: ["restore plan", "runc(8)", "crun(1)", "criu(8)"],
};

export const restorePages: Readonly<Record<string, ManualPage>> = {
  restore: all,
  "restore plan": plan,
  "restore image": image,
  "restore manifest": manifest,
  "restore bundle": bundle,
};
