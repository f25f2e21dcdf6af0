// What an archive would do to the node that restores it.
import { appended, message } from "./images.js";
import { member, tar } from "./parts.js";

/** rootfs-diff.tar with more in it. */
const changed = (parts, ...members) => {
  const before = parts.content("rootfs-diff.tar");
  // The end marker, and what pads it, makes room.
  const end = before.length - [...before].reverse().findIndex((byte) => byte !== 0);
  const whole = before.subarray(0, Math.ceil(end / 512) * 512);
  parts.replace("rootfs-diff.tar", Buffer.concat([whole, tar(...members)]));
};

export const hostile = [
  {
    rule: "hostile/member-type",
    what: "CVE-2026-53489: container.log is a symbolic link to /etc/shadow",
    from: "containerd",
    make: (parts) =>
      parts.swap("container.log", member("container.log", "", { type: "2", linkName: "/etc/shadow" })),
  },
  {
    rule: "hostile/nested-name",
    what: "rootfs-diff.tar holds ../../etc/cron.d/job",
    make: (parts) => changed(parts, member("../../etc/cron.d/job", "* * * * * root id\n")),
  },
  {
    rule: "hostile/nested-link",
    what: "rootfs-diff.tar holds a link to /etc, and a file below the link",
    make: (parts) =>
      changed(
        parts,
        member("data/out", "", { type: "2", linkName: "/etc" }),
        member("data/out/cron.d/job", "* * * * * root id\n"),
      ),
  },
  {
    rule: "hostile/nested-device",
    what: "rootfs-diff.tar holds a character device",
    make: (parts) => changed(parts, member("dev/door", "", { type: "3", mode: 0o666 })),
  },
  {
    rule: "hostile/setuid",
    what: "rootfs-diff.tar holds a shell with set-user-ID",
    make: (parts) => changed(parts, member("tmp/.sh", "#!/bin/sh\n", { mode: 0o4755 })),
  },
  {
    rule: "hostile/cdi",
    what: "CVE-2026-53492: an annotation of status.dump asks for all GPUs",
    from: "containerd",
    make: (parts) =>
      parts.edit("status.dump", (status) => {
        status.annotations["cdi.k8s.io/injected"] = "nvidia.com/gpu=all";
      }),
  },
  {
    rule: "hostile/annotations",
    what: "an annotation names a file of options for CRIU",
    make: (parts) =>
      parts.edit("spec.dump", (spec) => {
        spec.annotations["org.criu.config"] = "/var/lib/kubelet/pods/x/volumes/criu.conf";
      }),
  },
  {
    rule: "hostile/hooks",
    what: "spec.dump has a hook that runs a shell on the node",
    make: (parts) =>
      parts.edit("spec.dump", (spec) => {
        spec.hooks = { createRuntime: [{ path: "/bin/sh", args: ["sh", "-c", "id >/tmp/hooked"] }] };
      }),
  },
  {
    rule: "hostile/bind-mounts",
    what: "bind.mounts has a folder of the node that the specification does not mount",
    make: (parts) =>
      parts.edit("bind.mounts", (mounts) => {
        mounts.push({
          source: "/etc/cron.d/made-by-restore",
          destination: "/mnt",
          file_type: "directory",
          permissions: 511,
        });
      }),
  },
  {
    rule: "hostile/deleted-files",
    what: "deleted.files names /../../../etc/passwd",
    make: (parts) => parts.add(member("deleted.files", '["/../../../etc/passwd"]')),
  },
  {
    rule: "hostile/image-digest",
    what: "config.dump names the id of another image than spec.dump",
    make: (parts) =>
      parts.edit("config.dump", (config) => {
        config.rootfsImageRef = "e".repeat(64);
      }),
  },
  {
    rule: "hostile/tag-poisoning",
    what: "CVE-2026-50195: a trusted name stands for the digest of another repository",
    from: "containerd",
    make: (parts) =>
      parts.edit("config.dump", (config) => {
        const [, digest] = config.rootfsImageRef.split("@");
        config.rootfsImageRef = `registry.example/stranger/tool@${digest}`;
      }),
  },
  {
    rule: "hostile/identifiers",
    what: "the container's id is a path",
    make: (parts) =>
      parts.edit("config.dump", (config) => {
        config.id = "../../../../etc/cron.d";
      }),
  },
  {
    rule: "hostile/criu-paths",
    what: "files.img has an open file /../../../etc/shadow",
    make: (parts) => {
      const fown = message({ 1: 0, 2: 0, 3: 0, 4: 0, 5: 0 });
      const reg = message({ 1: 4711, 2: 0, 3: 0, 5: fown, 6: "/../../../etc/shadow" });
      const files = "checkpoint/files.img";
      parts.replace(files, appended(parts.content(files), { 1: 1, 2: 4711, 3: reg }));
    },
  },
];
