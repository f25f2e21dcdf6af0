import { describe, expect, it } from "vitest";
import { openCheckpoint } from "../../../src/checkpoint/open-checkpoint.ts";
import { planImage } from "../../../src/restore/image/write-image.ts";
import { containerdCounter, crioCounter, privateCopy, samplePath } from "../../support/samples.ts";

async function annotations(
  sample: string,
): Promise<{ texts: Record<string, string>; restores: string[] }> {
  const checkpoint = await openCheckpoint(privateCopy(sample), { permissions: "owner" });
  const plan = await planImage(checkpoint);
  await checkpoint.close();
  expect(plan.withheld).toEqual([]);
  expect(plan.annotations.every(({ source }) => source !== "")).toBe(true);
  return {
    texts: Object.fromEntries(plan.annotations.map(({ key, value }) => [key, value])),
    restores: plan.facts.restorers.filter(({ restores }) => restores).map(({ engine }) => engine),
  };
}

const crio = "io.kubernetes.cri-o.annotations.checkpoint";
const criu = "org.criu.checkpoint";
const podman = "io.podman.annotations.checkpoint";

describe("annotations", () => {
  it("of CRI-O", async () => {
    const { texts, restores } = await annotations(crioCounter);
    const id = "3182367233a9a2c11d36e78be0cea94ecb05c49587ecd42f11dcb76fb58a822a";
    expect(texts).toMatchObject({
      [`${crio}.name`]: "counter",
      [`${crio}.rootfsImageID`]: id,
      [`${crio}.rootfsImageName`]: "127.0.0.1:5000/lab/busybox:1",
      [`${crio}.criu.version`]: "40201",
      [`${criu}.engine.name`]: "cri-o",
      [`${criu}.container.name`]: "counter",
      [`${criu}.pod.name`]: "counter-lab-node",
      [`${criu}.pod.namespace`]: "default",
      [`${criu}.rootfsImageSha`]:
        "sha256:c24b78303cf6660644401f8bd4ff3328dfcc5931b05588fd75ccce65353cec9f",
      [`${criu}.cgroup.version`]: "v1",
      [`${podman}.name`]: "counter",
      [`${podman}.runtime.name`]: "crun",
      [`${podman}.host.arch`]: "amd64",
      [`${podman}.host.kernel`]: "6.18.44-fc-v595",
    });
    expect(restores).toEqual(["cri-o"]);
  });

  it("of containerd", async () => {
    const { texts, restores } = await annotations(containerdCounter);
    const reference =
      "127.0.0.1:5000/lab/busybox@sha256:c24b78303cf6660644401f8bd4ff3328dfcc5931b05588fd75ccce65353cec9f";
    expect(texts).toMatchObject({
      [`${crio}.name`]: "counter",
      [`${criu}.container.name`]: "counter",
      [`${criu}.engine.name`]: "containerd",
      [`${criu}.rootfsImageID`]: reference,
      [`${criu}.rootfsImageUserRequested`]: "127.0.0.1:5000/lab/busybox:1",
      [`${criu}.runtime.name`]: "io.containerd.runc.v2",
      [`${podman}.rootfsImageName`]: "127.0.0.1:5000/lab/busybox:1",
    });
    expect(restores).toEqual(["containerd"]);
  });

  it("of Podman, which says nothing of CRIU and its host", async () => {
    const { texts, restores } = await annotations(samplePath("podman/busybox-crun-none.tar"));
    expect(texts).toMatchObject({
      [`${podman}.name`]: "busybox-crun-none",
      [`${podman}.rawImageName`]: "localhost/lab/busybox:1",
      [`${podman}.rootfsImageID`]:
        "4e3d6e421f1f9a0b2a2c890f19428a64756527c38ed4f62160f71890f69ee157",
      [`${podman}.runtime.name`]: "crun",
      [`${podman}.cgroups.version`]: "v1",
      [`${criu}.engine.name`]: "podman",
    });
    expect(Object.keys(texts).filter((key) => /criu\.version|kernel|pod\./.test(key))).toEqual([]);
    expect(restores).toEqual(["podman"]);
  });
});
