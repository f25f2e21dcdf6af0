import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { TarMember } from "../../../../src/archive/member.ts";
import { LinkTrail } from "../../../../src/audit/facts/link-trail.ts";
import type { Finding } from "../../../../src/audit/finding.ts";
import { hashOf, parseReference } from "../../../../src/checkpoint/needs/image-reference.ts";
import { CheckpointBuilder } from "../../../support/checkpoint-builder.ts";
import { findingsOf } from "../../../support/rules.ts";
import { containerdCounter, samplePath } from "../../../support/samples.ts";
import { type Entry, tar } from "../../../support/tar-builder.ts";

type Json = Record<string, unknown>;

/** Rule, severity and message of what is found. */
async function told(builder: CheckpointBuilder): Promise<string[]> {
  const findings = await findingsOf(builder.write());
  return findings.map(
    ({ ruleId, severity, message }: Finding) => `${severity} ${ruleId}: ${message}`,
  );
}

function edited(builder: CheckpointBuilder, name: string, change: (value: Json) => void) {
  const value = JSON.parse(builder.content(name).toString()) as Json;
  change(value);
  return builder.replace(name, JSON.stringify(value));
}

describe("archives inside the archive", () => {
  const nested = async (...entries: Entry[]): Promise<string[]> =>
    told((await CheckpointBuilder.from()).replace("rootfs-diff.tar", tar(entries)));

  test.each<[string, Entry, string]>([
    ["a whiteout of the folder above", { name: "etc/.wh..." }, "critical hostile/nested-name"],
    ["an absolute name", { name: "/etc/passwd" }, "critical hostile/nested-name"],
    [
      "a hard link to the outside",
      { name: "a", type: "1", linkName: "../../etc/passwd" },
      "high hostile/nested-link",
    ],
    [
      "a symbolic link that climbs",
      { name: "a/b", type: "2", linkName: "../../x" },
      "medium hostile/nested-link",
    ],
    ["a block device", { name: "a", type: "4" }, "medium hostile/nested-device"],
    ["set-group-ID", { name: "a", mode: 0o2755 }, "medium hostile/setuid"],
  ])("are told with %s", async (_, entry, start) => {
    const [only, ...others] = await nested(entry);
    expect(only?.startsWith(`${start}: in rootfs-diff.tar: ${entry.name}`), only).toBe(true);
    expect(others).toEqual([]);
  });

  test.each<[string, Entry[]]>([
    [
      "links that stay in the container",
      [{ name: "etc/mtab", type: "2", linkName: "/proc/mounts" }],
    ],
    ["opaque folders and deleted files", [{ name: "a/.wh..wh..opq" }, { name: "a/.wh.x" }]],
    ["hard links to files of the image", [{ name: "a", type: "1", linkName: "usr/bin/b" }]],
    ["folders whose files go by group", [{ name: "a/", type: "5", mode: 0o2775 }]],
    ["files that are marked for locking", [{ name: "a", mode: 0o2644 }]],
    ["names that only look alike", [{ name: "..a/b" }, { name: "a..", mode: 0o644 }]],
    [
      "more links than problems are listed of",
      Array.from({ length: 1200 }, (_, at) => ({ name: `l${at}`, type: "2", linkName: "/x" })),
    ],
  ])("are not told for %s", async (_, entries) => {
    expect(await nested(...entries)).toEqual([]);
  });

  it("are told graver where they come to lie on the node", async () => {
    const builder = await CheckpointBuilder.from(samplePath("podman/busybox-volume.tar.gz"));
    const name = builder.names().find((each) => each.startsWith("volumes/")) as string;
    const found = await told(builder.replace(name, tar([{ name: "disk", type: "4" }])));
    expect(found).toEqual([`high hostile/nested-device: in ${name}: disk is a block device`]);
  });
});

describe("members below links of the same archive", () => {
  const step = fc.constantFrom("a", "b", "ab", "c");
  const name = fc.array(step, { minLength: 1, maxLength: 4 }).map((steps) => steps.join("/"));
  const member = (path: string, type: TarMember["type"]): TarMember =>
    ({ name: path, type, linkName: "x" }) as TarMember;

  it("are those with a link among the folders of their names", () => {
    fc.assert(
      fc.property(fc.array(name), fc.array(name), (links, names) => {
        const trail = new LinkTrail(links.map((path) => member(path, "symlink")));
        for (const path of names) {
          const naive = links.some((link) => path.startsWith(`${link}/`));
          expect(trail.faultOf(member(path, "file")) !== undefined).toBe(naive);
        }
      }),
    );
  });
});

describe("members of the archive", () => {
  it("are judged also where a later one of the same name counts", async () => {
    const builder = await CheckpointBuilder.from();
    builder.addFirst("config.dump", { type: "2", linkName: "/etc/shadow" });
    expect((await told(builder)).map((line) => line.split(":")[0])).toEqual([
      "critical hostile/member-type",
      "high integrity/duplicate",
    ]);
  });

  it("may not be links where folders belong, nor folders where files belong", async () => {
    const builder = await CheckpointBuilder.from();
    builder.add("volumes", { type: "2", linkName: "/var/lib" }).add("ctr.log", { type: "5" });
    expect(await told(builder)).toEqual([
      "critical hostile/member-type: volumes is a symbolic link to /var/lib, where a folder belongs",
      "high hostile/member-type: ctr.log is a folder, where a file belongs",
    ]);
  });
});

describe("annotations", () => {
  const annotated = async (key: string, value: string, sample?: string): Promise<string[]> => {
    const builder = await CheckpointBuilder.from(sample);
    return told(
      edited(builder, "spec.dump", (spec) => {
        (spec["annotations"] as Json)[key] = value;
      }),
    );
  };

  test.each([
    ["platform-runtime-path.crio.io", "/tmp/runtime", "high"],
    ["seccomp-profile.kubernetes.cri-o.io/POD", "registry.example/x", "high"],
    ["run.oci.hooks.stdout", "/etc/cron.d/job", "high"],
    ["org.systemd.property.ExecStartPost", "'/bin/sh'", "medium"],
    ["container.apparmor.security.beta.kubernetes.io/app", "unconfined", "medium"],
  ])("that have power are told: %s", async (key, value, severity) => {
    const found = await annotated(key, value);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${severity} hostile/annotations: annotation ${key}=${value} `);
  });

  test.each([
    ["platform-runtime-path.crio.io", ""],
    ["org.systemd.property.KillSignal", "15"],
    ["container.apparmor.security.beta.kubernetes.io/app", "runtime/default"],
    ["team.example/owner", "a"],
  ])("that have none are not: %s=%s", async (key, value) => {
    expect(await annotated(key, value)).toEqual([]);
  });

  it("of another engine are told", async () => {
    const found = await annotated("io.kubernetes.cri-o.Stdin", "true", containerdCounter);
    expect(found).toEqual([
      "medium hostile/annotations: annotation io.kubernetes.cri-o.Stdin=true is cri-o's, in an archive of containerd",
    ]);
  });

  it("are found in the text in which CRI-O keeps those of the request, and masked", async () => {
    const inner = { "nvidia.cdi.k8s.io/gpu": "nvidia.com/gpu=0", "run.oci.token": "hunter2" };
    const found = await annotated("io.kubernetes.cri-o.Annotations", JSON.stringify(inner));
    expect(found[0]).toContain("high hostile/cdi: annotation nvidia.cdi.k8s.io/gpu asks for");
    expect(found[1]).toContain("medium hostile/annotations: annotation run.oci.token=");
    expect(found.join()).not.toContain("hunter2");
  });
});

describe("what Podman's configuration brings", () => {
  it("is judged as the specification is", async () => {
    const builder = await CheckpointBuilder.from(samplePath("podman/busybox-volume.tar.gz"));
    edited(builder, "config.dump", (config) => {
      const hook = { path: "/bin/sh", args: ["sh", "--password=hunter2"] };
      (config["spec"] as Json)["hooks"] = { prestart: [hook], poststop: "no list" };
      (config["namedVolumes"] as Json[])[0] = { volumeName: "../../etc", dest: "/data" };
      config["rootfsImageName"] = "localhost/lab/busybox@sha256:12";
    });
    const found = await told(builder);
    expect(found.map((line) => line.replace("••••••••", "*"))).toEqual([
      "high hostile/hooks: config.dump has the runtime run /bin/sh --password=* (prestart)",
      "high hostile/identifiers: config.dump gives ../../etc as volume",
      "high hostile/image-digest: localhost/lab/busybox@sha256:12 has a digest that no registry gives",
    ]);
  });
});

describe("lists of paths", () => {
  it("of mounts are compared with the specification entry by entry", async () => {
    const builder = await CheckpointBuilder.from();
    const mounts = JSON.parse(builder.content("bind.mounts").toString()) as Json[];
    const [first, second, third] = mounts as [Json, Json, Json];
    const list = [
      first,
      { ...second, source: "/etc" },
      { ...third, destination: "/../x" },
      { source: 7 },
      null,
    ];
    const found = await told(builder.replace("bind.mounts", JSON.stringify(list)));
    expect(found.map((line) => line.replace(/^.* on/, "on")).sort()).toEqual([
      "on /../x: a path climbs with ..",
      `on ${second["destination"]}: the specification mounts something else there`,
      "on nowhere: source or destination is no text",
    ]);
  });

  it("of deleted files have to be absolute and lead to something", async () => {
    const list = ["/etc/x", "/", "", "etc/y", 7, "/a/../b", "/..a"];
    const builder = (await CheckpointBuilder.from()).add("deleted.files", JSON.stringify(list));
    expect(await told(builder)).toEqual([
      "critical hostile/deleted-files: deleted.files names , which is not absolute",
      "critical hostile/deleted-files: deleted.files names /, which is the whole root folder",
      "critical hostile/deleted-files: deleted.files names /a/../b, which climbs with ..",
      "medium hostile/deleted-files: deleted.files names 7, which is no path",
      "medium hostile/deleted-files: deleted.files names etc/y, which is not absolute",
    ]);
  });
});

describe("images", () => {
  const hash = "c".repeat(64);

  test.each([
    ["busybox", "docker.io/library/busybox", undefined, undefined],
    ["busybox:1", "docker.io/library/busybox", "1", undefined],
    ["docker.io/busybox", "docker.io/library/busybox", undefined, undefined],
    ["team/app:2", "docker.io/team/app", "2", undefined],
    ["localhost/app", "localhost/app", undefined, undefined],
    ["10.0.0.1:5000/a/b:3", "10.0.0.1:5000/a/b", "3", undefined],
    [`quay.io/a/b:3@sha256:${hash}`, "quay.io/a/b", "3", `sha256:${hash}`],
  ])("are read as runtimes read them: %s", (text, repository, tag, digest) => {
    expect(parseReference(text)).toEqual({ repository, tag, digest });
  });

  it("have a hash where they are ids or have digests", () => {
    expect(hashOf(hash)).toBe(hash);
    expect(hashOf(`sha256:${hash}`)).toBe(hash);
    expect(hashOf(`a/b@sha256:${hash}`)).toBe(hash);
    expect(hashOf("a/b:1")).toBeUndefined();
    expect(parseReference(`sha256:${hash}`)).toBeUndefined();
  });

  it("of containerd are compared with its status", async () => {
    const builder = await CheckpointBuilder.from(containerdCounter);
    edited(builder, "status.dump", (status) => {
      status["image_ref"] = `127.0.0.1:5000/lab/busybox@sha256:${hash}`;
    });
    const found = await told(builder);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`hostile/image-digest: 127.0.0.1:5000/lab/busybox@sha256:${hash}`);
  });

  test.each(["Image", "ImageRef"])("of CRI-O have one id in all places: %s", async (key) => {
    const builder = edited(await CheckpointBuilder.from(), "spec.dump", (spec) => {
      (spec["annotations"] as Json)[`io.kubernetes.cri-o.${key}`] = hash;
    });
    const [only, ...others] = await told(builder);
    expect(only).toContain(`hostile/image-digest: ${hash} (spec.dump) is of another image than`);
    expect(others).toEqual([]);
  });

  it("have one name, whoever gives it", async () => {
    const builder = await CheckpointBuilder.from(containerdCounter);
    edited(builder, "status.dump", (status) => {
      status["image"] = { image: "127.0.0.1:5000/lab/busybox:2" };
    });
    const [only, ...others] = await told(builder);
    expect(only).toContain("127.0.0.1:5000/lab/busybox:2 (status.dump) is another name than");
    expect(others).toEqual([]);
  });

  it("may go by a short name in one place", async () => {
    const builder = await CheckpointBuilder.from(containerdCounter);
    edited(builder, "config.dump", (config) => {
      config["rootfsImageName"] = "docker.io/library/busybox:1";
      config["rootfsImage"] = config["rootfsImageName"];
      config["rootfsImageRef"] = `docker.io/library/busybox@sha256:${hash}`;
    });
    edited(builder, "status.dump", (status) => {
      status["image"] = { image: "busybox:1" };
      status["image_ref"] = `docker.io/library/busybox@sha256:${hash}`;
    });
    edited(builder, "spec.dump", (spec) => {
      (spec["annotations"] as Json)["io.kubernetes.cri.image-name"] = `sha256:${hash}`;
    });
    expect(await told(builder)).toEqual([]);
  });

  it("have an id and a digest that need not be equal, nor one of each", async () => {
    const builder = await CheckpointBuilder.from();
    edited(builder, "spec.dump", (spec) => {
      const annotations = spec["annotations"] as Json;
      const known = annotations["io.kubernetes.cri-o.ImageRepoDigests"] as string;
      annotations["io.kubernetes.cri-o.ImageRef"] = `127.0.0.1:5000/lab/busybox@sha256:${hash}`;
      annotations["io.kubernetes.cri-o.ImageRepoDigests"] =
        `${known} mirror.example/busybox@sha256:${hash}`;
    });
    expect(await told(builder)).toEqual([]);
  });

  it("that are named by digest have to be the ones that are restored on", async () => {
    const builder = await CheckpointBuilder.from(containerdCounter);
    edited(builder, "config.dump", (config) => {
      config["rootfsImageName"] = `127.0.0.1:5000/lab/busybox:1@sha256:${hash}`;
    });
    const [only, ...others] = await told(builder);
    expect(only).toContain(`hostile/image-digest: 127.0.0.1:5000/lab/busybox:1@sha256:${hash}`);
    expect(others).toEqual([]);
  });

  it("that came out of a file have a repository that containerd made up", async () => {
    const builder = await CheckpointBuilder.from(containerdCounter);
    const reference = `docker.io/library/import-2026-11-21@sha256:${hash}`;
    edited(builder, "config.dump", (config) => {
      config["rootfsImageRef"] = reference;
    });
    edited(builder, "status.dump", (status) => {
      status["image_ref"] = reference;
    });
    expect(await told(builder)).toEqual([]);
  });
});
