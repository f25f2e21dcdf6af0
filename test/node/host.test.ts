import { execFileSync } from "node:child_process";
import { chmodSync, truncateSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folderHost } from "../../src/node/folder-host.ts";
import { runProgram } from "../../src/node/run-program.ts";
import { listenAt, nodeTree, type Tree } from "../support/node-tree.ts";
import { scratch } from "../support/samples.ts";

const isRoot = userInfo().uid === 0;

describe("links below a root", () => {
  const tree: Tree = {
    "etc/real": "real",
    "etc/relative": { link: "real" },
    "etc/absolute": { link: "/etc/real" },
    "etc/above": { link: "../../../../etc/real" },
    lib: { link: "usr/lib" },
    "usr/lib/deep": { link: "/lib/other" },
    "usr/lib/other": "other",
    "etc/a": { link: "b" },
    "etc/b": { link: "a" },
    "etc/self": { link: "self" },
    "etc/gone": { link: "nothing" },
    "etc/out": { link: "/etc/hostname-of-this-machine" },
  };
  const treeHost = () => folderHost(nodeTree(tree));

  it.each([
    ["/etc/real", "real"],
    ["/etc/relative", "real"],
    ["/etc/absolute", "real"],
    ["/etc/above", "real"],
    ["/../../etc/real", "real"],
    ["/lib/deep", "other"],
  ])("%s leads to %s", (path, text) => {
    expect(treeHost().text(path)).toEqual({ state: "found", path, value: text });
  });

  it.each(["/etc/a", "/etc/self"])("%s leads in a circle", (path) => {
    expect(treeHost().text(path)).toMatchObject({
      state: "unreadable",
      why: expect.stringMatching(/circle/),
    });
  });

  it.each(["/etc/gone", "/etc/out", "/nowhere/at/all", "/etc/real/below"])(
    "%s is absent",
    (path) => {
      const host = treeHost();
      expect(host.text(path)).toEqual({ state: "absent", path });
      expect(host.stat(path)).toEqual({ state: "absent", path });
    },
  );

  it("are told as they are written", () => {
    const host = treeHost();
    expect(host.link("/etc/absolute")).toMatchObject({ state: "found", value: "/etc/real" });
    expect(host.link("/lib/deep")).toMatchObject({ state: "found", value: "/lib/other" });
    expect(host.link("/etc/real")).toMatchObject({ state: "absent" });
    expect(host.link("/etc/none")).toMatchObject({ state: "absent" });
  });

  it("never lead out, not even to what this machine has", () => {
    const trap = nodeTree({
      "etc/os": { link: "/etc/os-release" },
      up: { link: "../../../../etc" },
    });
    expect(folderHost(trap).text("/etc/os").state).toBe("absent");
    expect(folderHost(trap).list("/up")).toMatchObject({ value: [{ name: "os", kind: "link" }] });
  });
});

describe("what is no file of text", () => {
  it("is said to be none", async () => {
    const root = nodeTree({ "d/x": "", binary: Uint8Array.of(1, 0, 2), empty: "" });
    execFileSync("mkfifo", [join(root, "fifo")]);
    const close = await listenAt(join(root, "socket"));
    truncateSync(join(root, "empty"), 3 * 1024 * 1024);
    const host = folderHost(root);
    const why = (path: string): unknown => {
      const found = host.text(path);
      return found.state === "unreadable" ? found.why : found.state;
    };
    expect(why("/d")).toMatch(/directory, not a file/);
    expect(why("/binary")).toMatch(/binary/);
    expect(why("/fifo")).toMatch(/fifo, not a file/);
    expect(why("/socket")).not.toBe("found");
    expect(why("/empty")).toMatch(/3145728 bytes, more than 1048576/);
    expect(host.stat("/socket")).toMatchObject({ value: { kind: "socket" } });
    close();
  });

  it.skipIf(isRoot)("or that may not be read is said to be so", () => {
    const root = nodeTree({ secret: { text: "x", mode: 0o000 }, "locked/x": "" });
    chmodSync(join(root, "locked"), 0o000);
    const host = folderHost(root);
    expect(host.text("/secret")).toMatchObject({ why: expect.stringMatching(/as root/) });
    expect(host.list("/locked")).toMatchObject({ why: expect.stringMatching(/as root/) });
    chmodSync(join(root, "locked"), 0o700);
  });

  it("reads files of the kernel, which have no size", () => {
    const found = folderHost("/").text("/proc/self/status");
    expect(found.state === "found" ? found.value : found).toMatch(/^Name:/);
  });
});

describe("programs", () => {
  it("of another root are never run", async () => {
    const root = nodeTree({ "bin/true": { text: "#!/bin/sh\ntouch /tmp/ran\n", mode: 0o755 } });
    expect(await folderHost(root).run("/bin/true", [])).toMatchObject({ state: "unreadable" });
  });

  it("are run where only root can change them", async () => {
    expect(await folderHost("/").run("/bin/sh", ["-c", "echo out; echo err >&2; exit 3"])).toEqual({
      state: "found",
      path: "/bin/sh",
      value: { code: 3, text: "out\nerr\n" },
    });
    expect(await folderHost("/").run("/bin/no-such-program", [])).toMatchObject({
      state: "absent",
    });
  });

  it("that others can change are not run, whoever owns them", async () => {
    const path = join(scratch(), "program");
    writeFileSync(path, "#!/bin/sh\necho ran\n", { mode: 0o755 });
    chmodSync(path, 0o777);
    expect(await runProgram(path, [])).toMatchObject({
      state: "unreadable",
      why: expect.stringMatching(/others than root can change/),
    });
  });
});
