import { execFileSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import type { RestoreBundle } from "../../../src/restore/bundle/bundle.ts";
import { CheckpointBuilder } from "../../support/checkpoint-builder.ts";
import {
  containerdCounter,
  crioCounter,
  privateCopy,
  rich,
  samplePath,
  scratch,
} from "../../support/samples.ts";
import { baseFolder, bundle } from "./trees.ts";

async function made(
  archive: string,
  ...more: string[]
): Promise<{ out: string; document: RestoreBundle; config: Config }> {
  const out = join(scratch(), "bundle");
  const { code, out: text, err } = await bundle(archive, baseFolder(), out, ...more);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const config = JSON.parse(readFileSync(join(out, "config.json"), "utf8")) as Config;
  return { out, document: JSON.parse(text) as RestoreBundle, config };
}

interface Config {
  hooks?: unknown;
  annotations: Record<string, string>;
  mounts: { destination: string; type: string; source: string }[];
  linux: { cgroupsPath: string; namespaces: { type: string; path?: string }[] };
}

describe("a bundle", () => {
  it("has all that a runtime restores from, for its owner alone", async () => {
    const { out, document, config } = await made(privateCopy(containerdCounter));
    expect(readdirSync(out).sort()).toEqual(
      ["checkpoint", "config.json", "criu.conf", "mounts", "restore.sh", "rootfs"].sort(),
    );
    const mode = (name: string): number => lstatSync(join(out, name)).mode & 0o777;
    expect(mode(".")).toBe(0o700);
    expect(mode("restore.sh")).toBe(0o700);
    expect(mode("config.json")).toBe(0o600);
    expect(mode("checkpoint/pages-1.img")).toBe(0o600);
    // What the dump says of the root folder; CRIU compares it.
    expect(mode("rootfs")).toBe(0o755);
    expect(readFileSync(join(out, "rootfs/tmp/count"), "utf8")).toBe("12\n");
    expect(config.annotations).toEqual({ "org.criu.config": `${out}/criu.conf` });
    expect(config.linux.namespaces.filter(({ path }) => path !== undefined)).toEqual([]);
    expect(config.linux.cgroupsPath).toBe(`/cryoscope/${document.containerId}`);
    execFileSync("sh", ["-n", join(out, "restore.sh")]);
  });

  it("takes no source of a mount from the machine that restores", async () => {
    for (const sample of [
      containerdCounter,
      crioCounter,
      samplePath("podman/busybox-volume.tar.gz"),
    ]) {
      const { out, config } = await made(privateCopy(sample));
      const binds = config.mounts.filter(({ type }) => type === "bind");
      expect(binds.length).toBeGreaterThan(3);
      for (const { source } of binds) expect(source.startsWith(`${out}/mounts/`)).toBe(true);
      for (const { source } of binds) expect(existsSync(source)).toBe(true);
    }
  });

  it("knows files from folders, and fills what the archive carries", async () => {
    const { document, out } = await made(privateCopy(samplePath("podman/busybox-volume.tar.gz")));
    const shapes = Object.fromEntries(document.mounts.map((it) => [it.destination, it.shape]));
    expect(shapes).toEqual({
      "/data": "directory",
      "/dev/shm": "directory",
      "/etc/hostname": "file",
      "/etc/hosts": "file",
      "/mnt/host": "directory",
      "/run/.containerenv": "file",
    });
    const data = document.mounts.find(({ destination }) => destination === "/data");
    expect(data?.content).toBe("volumes/lab-vol.tar");
    expect(readdirSync(data?.source ?? "")).toEqual(["v"]);
    const shm = document.mounts.find(({ destination }) => destination === "/dev/shm");
    expect(lstatSync(join(out, "mounts", shm?.source.split("/").at(-1) ?? "")).mode & 0o7777).toBe(
      0o1777,
    );
  });

  it("maps the masks of runc and of crun for the other", async () => {
    const runc = await made(privateCopy(containerdCounter));
    expect(readFileSync(join(runc.out, "criu.conf"), "utf8").split("\n").slice(1, -1)).toEqual([
      "manage-cgroups=ignore",
      "external mnt[/dev/null]:/dev/null",
    ]);
    const crun = await made(privateCopy(crioCounter));
    expect(readFileSync(join(crun.out, "criu.conf"), "utf8").split("\n").slice(1, -1)).toEqual([
      "manage-cgroups=ignore",
      "external mnt[/proc/interrupts]:/dev/null",
      "external mnt[/proc/keys]:/dev/null",
      "external mnt[/proc/timer_list]:/dev/null",
      `external mnt[/run/crun/.empty-directory]:${crun.out}/mounts/empty`,
    ]);
  });

  it("applies what containerd and the others say was deleted or changed", async () => {
    const name = "checkpoint-rootfs-lab-node_default-rootfs-2026-11-21T21";
    for (const sample of [`containerd/${name}:05:02Z.tar`, `crio/${name}:20:15Z.tar`]) {
      const path = samplePath(sample);
      if (!existsSync(path)) continue;
      const { out } = await made(privateCopy(path));
      expect(existsSync(join(out, "rootfs/etc/lab-delete-me"))).toBe(false);
      const changed = readFileSync(join(out, "rootfs/etc/lab-changed.conf"), "utf8");
      expect(changed === "original\n").toBe(sample.startsWith("crio"));
    }
  });

  it("gives CRIU the options that the dump needs, and lo where runc would leave it down", async () => {
    const { out, document } = await made(privateCopy(rich));
    expect(document.options.map(({ option }) => option)).toEqual([
      "manage-cgroups=ignore",
      "--tcp-established",
      "--file-locks",
    ]);
    const script = readFileSync(join(out, "restore.sh"), "utf8");
    expect(script).toContain("--tcp-established --file-locks");
    expect(document.network).toEqual({ dumped: "own", mode: "none", unshare: false });
    expect(readFileSync(join(out, "criu.conf"), "utf8")).toContain(
      `action-script ${out}/loopback.sh`,
    );
    execFileSync("sh", ["-n", join(out, "loopback.sh")]);
    expect(document.rootfs.mode).toBe("0555");
    expect(lstatSync(join(out, "rootfs/tmp/rich.fifo")).isFIFO()).toBe(true);
  });

  it("begins in an empty network where the dump had the node's, unless told otherwise", async () => {
    const none = await made(privateCopy(crioCounter));
    expect(none.document.network).toEqual({ dumped: "host", mode: "none", unshare: true });
    expect(readFileSync(join(none.out, "restore.sh"), "utf8")).toContain("unshare --mount --net ");
    const host = await made(privateCopy(crioCounter), "--network", "host");
    expect(host.document.network.unshare).toBe(false);
    expect(host.config.linux.namespaces.map(({ type }) => type)).not.toContain("network");
  });

  it("fits its schema, which misses no key", async () => {
    const path = new URL("../../../src/report/schema/restore-bundle.json", import.meta.url);
    const schema = JSON.parse(readFileSync(path, "utf8")) as { required: string[] };
    const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);
    const { document } = await made(privateCopy(rich));
    validate(document);
    expect(validate.errors ?? []).toEqual([]);
    expect(Object.keys(document).sort()).toEqual([...schema.required].sort());
  });
});

describe("a hostile archive", () => {
  async function altered(change: (spec: Record<string, unknown>) => void): Promise<string> {
    const builder = await CheckpointBuilder.from(crioCounter);
    const spec = JSON.parse(builder.content("spec.dump").toString()) as Record<string, unknown>;
    change(spec);
    return builder.replace("spec.dump", JSON.stringify(spec)).write();
  }

  it("brings no hooks, annotations, devices or unknown parts along", async () => {
    const archive = await altered((spec) => {
      const hooks = { prestart: [{ path: "/bin/evil" }] };
      const annotations = { "run.oci.handler": "evil", "cdi.k8s.io/x": "vendor/class=all" };
      const linux = {
        ...(spec["linux"] as object),
        devices: [{ path: "/dev/sda" }],
        sysctl: { a: "b" },
      };
      Object.assign(spec, { hooks, annotations, linux, windows: {} });
    });
    const { out, document } = await made(archive);
    const config = readFileSync(join(out, "config.json"), "utf8");
    for (const word of ["evil", "cdi", "/dev/sda", "sysctl", "windows"])
      expect(config).not.toContain(word);
    const dropped = document.config
      .filter(({ action }) => action === "dropped")
      .map(({ field }) => field);
    for (const field of ["/hooks", "/annotations", "/linux/devices", "/linux/sysctl", "/windows"]) {
      expect(dropped).toContain(field);
    }
    const kept = await made(archive, "--keep-hooks");
    expect(kept.config.hooks).toEqual({ prestart: [{ path: "/bin/evil" }] });
  });

  it("cannot name what restore.sh runs", async () => {
    const builder = await CheckpointBuilder.from(crioCounter);
    const config = JSON.parse(builder.content("config.dump").toString()) as Record<string, unknown>;
    const evil = "$(touch /tmp/evil); `id`' \"";
    const spec = JSON.parse(builder.content("spec.dump").toString()) as { annotations: object };
    Object.assign(spec.annotations, { "io.kubernetes.container.name": evil });
    const archive = builder
      .replace("config.dump", JSON.stringify({ ...config, id: evil, name: evil }))
      .replace("spec.dump", JSON.stringify(spec))
      .write();
    const { document } = await made(archive);
    expect(document.containerId).toMatch(/^[A-Za-z0-9-]+$/);
  });

  it("deletes nothing outside", async () => {
    const out = join(scratch(), "bundle");
    const victim = join(out, "..", "victim");
    writeFileSync(victim, "here");
    const builder = await CheckpointBuilder.from(crioCounter);
    const list = ["../../victim", "/../../victim", "/", "", ".", 7, "/nowhere"];
    const archive = builder.add("deleted.files", JSON.stringify(list)).write();
    expect((await bundle(archive, baseFolder(), out)).code).toBe(0);
    expect(readFileSync(victim, "utf8")).toBe("here");
    expect(existsSync(join(out, "rootfs/bin/counter"))).toBe(true);
  });
});

describe("refusals", () => {
  it("leave nothing behind, and never touch what is there", async () => {
    const folder = scratch();
    const there = join(folder, "there");
    mkdirSync(there);
    const cases: [archive: string, base: string, out: string, code: number, says: string][] = [
      [privateCopy(crioCounter), baseFolder(), there, 4, "exists already"],
      [privateCopy(crioCounter), join(folder, "none"), join(folder, "a"), 2, "no folder"],
      [privateCopy(crioCounter), baseFolder(), join(folder, "no/such/b"), 2, "no folder"],
      [privateCopy(crioCounter), baseFolder(), join(folder, "with blank"), 2, "no way to write"],
      [
        privateCopy(samplePath("criu/files.tar.gz")),
        baseFolder(),
        join(folder, "c"),
        3,
        "no container",
      ],
    ];
    const damaged = await CheckpointBuilder.from(crioCounter);
    const diff = damaged.content("rootfs-diff.tar");
    damaged.replace("rootfs-diff.tar", diff.subarray(0, 700));
    cases.push([damaged.write(), baseFolder(), join(folder, "d"), 3, "damaged"]);
    for (const [archive, base, out, code, says] of cases) {
      const ran = await bundle(archive, base, out);
      expect({ code: ran.code, out: ran.out, says }).toEqual({ code, out: "", says });
      expect(ran.err).toContain(says);
    }
    expect(readdirSync(folder)).toEqual(["there"]);
    expect(readdirSync(there)).toEqual([]);
  });

  it("tell that CRIU would make its own network", async () => {
    const ran = await bundle(
      privateCopy(rich),
      baseFolder(),
      join(scratch(), "b"),
      "--network",
      "host",
    );
    expect(ran.code).toBe(4);
    expect(ran.err).toContain("a network namespace of its own");
  });
});
