import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CheckpointBuilder } from "../../support/checkpoint-builder.ts";
import { type Ran, run } from "../../support/run.ts";
import { criuDumps, privateCopy, scratch } from "../../support/samples.ts";
import { type Entry, privateFile, zeroBlock } from "../../support/tar-builder.ts";

async function attempt(path: string): Promise<Ran & { left: string[] }> {
  const folder = scratch();
  const argv = ["restore", "image", path, "--output-file", `oci:${folder}/image`];
  const ran = await run([...argv, "--permissions", "owner"]);
  return { ...ran, left: readdirSync(folder) };
}

const builder = await CheckpointBuilder.from();

const hostile: [string, string, Entry, RegExp][] = [
  ["a name above the top", "../up", {}, /climbs out of the archive/],
  ["an absolute name", "/etc/passwd", {}, /absolute name/],
  ["a device", "disk", { type: "4" }, /block device/],
  ["a FIFO", "pipe", { type: "6" }, /FIFO/],
  ["a deletion", "checkpoint/.wh.core-1.img", {}, /deletion/],
  ["an opaque folder", ".wh..wh..opq", {}, /deletion/],
  ["a link outside", "log", { type: "2", linkName: "../../etc/shadow" }, /outside the archive/],
  ["an absolute link", "container.log", { type: "2", linkName: "/etc/shadow" }, /outside/],
  ["a hard link outside", "hard", { type: "1", linkName: "../x" }, /outside the archive/],
  ["a link down and up", "log", { type: "2", linkName: "checkpoint/../.." }, /outside|up again/],
  ["a link over a folder", "log", { type: "2", linkName: "a/../b" }, /goes down and up again/],
  ["a hard link to nothing", "hard", { type: "1", linkName: "nowhere" }, /not in the archive/],
];

describe("a hostile archive", () => {
  it.each(hostile)(
    "with %s is refused, and nothing is written",
    async (_what, name, entry, reason) => {
      const path = builder.copy().add(name, entry).write();
      const { code, err, out, left } = await attempt(path);
      expect(code).toBe(4);
      expect(err).toContain("is not made into an image");
      expect(err).toMatch(reason);
      expect({ out, left }).toEqual({ out: "", left: [] });
    },
  );

  it("is refused where files lie below a link, or a link has a second name", async () => {
    const below = builder
      .copy()
      .add("near", { type: "2", linkName: "checkpoint" })
      .add("near/x", "y")
      .write();
    expect((await attempt(below)).err).toContain("lies below near, which is a link");
    const second = builder
      .copy()
      .add("checkpoint/near", { type: "2", linkName: "../config.dump" })
      .add("far", { type: "1", linkName: "checkpoint/near" })
      .write();
    expect((await attempt(second)).err).toContain("far is a second name of checkpoint/near");
  });

  it("is refused where it is damaged, or hides members", async () => {
    const whole = builder.bytes();
    const cut = await attempt(privateFile(whole.subarray(0, whole.length - 2048)));
    expect(cut.code).toBe(4);
    const hidden = await attempt(privateFile(Buffer.concat([whole, builder.bytes()])));
    expect(hidden.err).toContain("follows the end marker");
    const lone = await attempt(privateFile(Buffer.concat([builder.bytes(zeroBlock), whole])));
    expect(lone.err).toContain("single block of zeros");
    expect([cut, hidden, lone].map(({ left }) => left)).toEqual([[], [], []]);
  });

  it("is judged soon, whatever its names are", async () => {
    const deep = "a/".repeat(200_000);
    const path = builder
      .copy()
      .add("near", { type: "2", linkName: "x", pax: [["linkpath", `${deep}b`]] })
      .add("x", { body: "y", pax: [["path", `${deep}b`]] })
      .add("other", { body: "y", pax: [["path", `near/${deep}b`]] })
      .write();
    const { code, err } = await attempt(path);
    expect(code).toBe(4);
    expect(err).toMatch(/near\/a\/a\/.*…/);
    expect(err.length).toBeLessThan(3000);
  });

  it("tells the first reasons of many", async () => {
    const many = builder.copy();
    for (let index = 0; index < 50; index += 1) many.add(`.wh.${index}`, "");
    const { err } = await attempt(many.write());
    expect(err).toContain(".wh.0");
    expect(err).toContain("and 45 more");
    expect(err).not.toContain(".wh.6 ");
  });

  it("may hold links that stay inside", async () => {
    const path = builder
      .copy()
      .add("checkpoint/parent", { type: "2", linkName: "../pre-checkpoint" })
      .add("copy", { type: "1", linkName: "config.dump" })
      .write();
    expect(await attempt(path)).toMatchObject({ code: 0, left: ["image"] });
  });
});

describe("an archive that no runtime restores", () => {
  it("is told so", async () => {
    const bare = await attempt(privateCopy(criuDumps[0]?.path as string));
    expect(bare).toMatchObject({ code: 3, left: [] });
    expect(bare.err).toContain("it has no config.dump");
    const spec = await attempt(builder.copy().replace("spec.dump", "[]").write());
    expect(spec).toMatchObject({ code: 3, left: [] });
    const core = builder.names().filter((name) => /core-\d+\.img$/.test(name));
    const nobody = await attempt(
      builder
        .copy()
        .drop(...core)
        .write(),
    );
    expect(nobody).toMatchObject({ code: 3, left: [] });
    expect(nobody.err).toContain("for which processor");
  });

  it("cannot come by a pipe or from a folder", async () => {
    const folder = scratch();
    const argv = ["restore", "image", "--permissions", "owner", "--output-file", `oci:${folder}/i`];
    async function* pipe(): AsyncGenerator<Uint8Array> {
      yield builder.bytes();
    }
    const piped = await run([...argv, "-"], { stdin: pipe() });
    expect(piped.code).toBe(2);
    expect(piped.err).toContain("goes by once");
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("hostile words", () => {
  it("never become annotations, names or files", async () => {
    const config = JSON.parse(`${builder.content("config.dump")}`) as Record<string, unknown>;
    config["rootfsImageName"] = "image\u001b[31m\nred";
    config["rootfsImage"] = "x".repeat(5000);
    const spec = JSON.parse(`${builder.content("spec.dump")}`) as {
      annotations: Record<string, string>;
    };
    spec.annotations["io.kubernetes.container.name"] = "../Bad NAME:é";
    const path = builder
      .copy()
      .replace("config.dump", JSON.stringify(config))
      .replace("spec.dump", JSON.stringify(spec))
      .write();
    const to = `oci:${scratch()}/image`;
    const argv = ["restore", "image", path, "--output-file", to, "--permissions", "owner"];
    const { code, out } = await run([...argv, "-o", "wide"]);
    expect(code).toBe(0);
    expect(out).toContain("localhost/bad-name:checkpoint-");
    expect(out).toContain("holds control characters");
    expect(out).toContain("5000 characters");
    expect(out).not.toContain("\u001b");
  });
});
