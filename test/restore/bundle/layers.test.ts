import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { guarded, layDown } from "./trees.ts";

const folder = (name: string, mode = 0o755) => ({ name, type: "5", mode });
const link = (name: string, linkName: string) => ({ name, type: "2", linkName });

describe("layers", () => {
  it("lie over each other, with whiteouts for what is below them alone", async () => {
    const { root } = guarded();
    const { removed } = await layDown(
      root,
      [
        folder("a/"),
        { name: "a/one", body: "1" },
        { name: "a/two", body: "2" },
        { name: "b", body: "b" },
      ],
      // The whiteouts come last here, and yet mean the layer below.
      [
        { name: "a/new", body: "new" },
        { name: "a/.wh.one" },
        { name: "c/deep", body: "deep", mode: 0o640 },
        { name: ".wh.b" },
        { name: ".wh.nothing" },
      ],
    );
    expect(readdirSync(join(root, "a")).sort()).toEqual(["new", "two"]);
    expect(existsSync(join(root, "b"))).toBe(false);
    expect(readFileSync(join(root, "c/deep"), "utf8")).toBe("deep");
    expect(lstatSync(join(root, "c")).mode & 0o7777).toBe(0o755);
    expect(lstatSync(join(root, "c/deep")).mode & 0o7777).toBe(0o640);
    expect(removed).toBe(2);
  });

  it("empty a folder that is opaque, but not of what they bring", async () => {
    const { root } = guarded();
    await layDown(
      root,
      [folder("a/"), { name: "a/old", body: "1" }, { name: "a/deep/old", body: "1" }],
      [folder("a/"), { name: "a/new", body: "2" }, { name: "a/.wh..wh..opq" }],
    );
    expect(readdirSync(join(root, "a"))).toEqual(["new"]);
  });

  it("take names that hide nothing for nothing", async () => {
    const { root, outside } = guarded();
    await layDown(
      root,
      [{ name: "a/b", body: "1" }],
      [
        { name: "a/.wh." },
        { name: "a/.wh.." },
        { name: "a/.wh..." },
        { name: ".wh..." },
        { name: "a/.wh..wh.aufs" },
      ],
    );
    expect(readFileSync(join(root, "a/b"), "utf8")).toBe("1");
    expect(readFileSync(join(outside, "kept"), "utf8")).toBe("untouched");
  });

  it("put one kind in the place of another", async () => {
    const { root } = guarded();
    await layDown(
      root,
      [{ name: "x/in/side", body: "1" }, { name: "y", body: "file" }, link("z", "y")],
      [{ name: "x", body: "now a file" }, folder("y/", 0o700), { name: "z", body: "no link" }],
    );
    expect(readFileSync(join(root, "x"), "utf8")).toBe("now a file");
    expect(lstatSync(join(root, "y")).isDirectory()).toBe(true);
    expect(lstatSync(join(root, "z")).isFile()).toBe(true);
  });

  it("keep modes with set-user-ID, and tell them", async () => {
    const { root } = guarded();
    const { setuid } = await layDown(root, [
      { name: "su", mode: 0o4755, body: "x" },
      { name: "plain", mode: 0o755, body: "x" },
      folder("./", 0o555),
    ]);
    expect(lstatSync(join(root, "su")).mode & 0o7777).toBe(0o4755);
    expect(lstatSync(root).mode & 0o7777).toBe(0o555);
    expect(setuid).toEqual(["/su"]);
  });

  it("give a file its second name, and none to what is not there", async () => {
    const { root } = guarded();
    const { notMade } = await layDown(root, [
      { name: "a/file", body: "same" },
      { name: "b/name", type: "1", linkName: "a/file" },
      { name: "lost", type: "1", linkName: "nowhere" },
    ]);
    expect(lstatSync(join(root, "a/file")).ino).toBe(lstatSync(join(root, "b/name")).ino);
    expect(notMade.map(({ path }) => path)).toEqual(["lost"]);
  });

  it("make FIFOs and never devices", async () => {
    const { root } = guarded();
    const { notMade } = await layDown(root, [
      { name: "pipe", type: "6", mode: 0o640 },
      { name: "disk", type: "4" },
      { name: "null", type: "3" },
    ]);
    expect(lstatSync(join(root, "pipe")).isFIFO()).toBe(true);
    expect(lstatSync(join(root, "pipe")).mode & 0o777).toBe(0o640);
    expect(readdirSync(root)).toEqual(["pipe"]);
    expect(notMade.map(({ path, reason }) => `${path}: ${reason}`)).toEqual([
      "disk: devices are never made",
      "null: devices are never made",
    ]);
  });
});

describe("hostile layers", () => {
  it("write where links lead inside the root, and never outside", async () => {
    const { root, outside } = guarded();
    await layDown(
      root,
      [
        link("up", "../outside"),
        link("absolute", outside),
        link("etc", "/usr/etc"),
        folder("usr/etc/"),
        link("deep", "../../../../../../outside"),
      ],
      [
        { name: "up/kept", body: "stolen" },
        { name: "absolute/kept", body: "stolen" },
        { name: "deep/kept", body: "stolen" },
        { name: "etc/file", body: "inside" },
        { name: "up/.wh.kept" },
      ],
    );
    expect(readFileSync(join(outside, "kept"), "utf8")).toBe("untouched");
    expect(readdirSync(outside)).toEqual(["kept"]);
    expect(readFileSync(join(root, "usr/etc/file"), "utf8")).toBe("inside");
    expect(readlinkSync(join(root, "absolute"))).toBe(outside);
  });

  it("do not climb by names, whiteouts or hard links", async () => {
    const { root, outside } = guarded();
    const { notMade } = await layDown(root, [
      { name: "../outside/new", body: "x" },
      { name: "a/../../outside/kept", body: "x" },
      { name: "../outside/.wh.kept" },
      { name: "stolen", type: "1", linkName: "../outside/kept" },
      link("way", "../outside"),
      { name: "through", type: "1", linkName: "way/kept" },
    ]);
    expect(readdirSync(outside)).toEqual(["kept"]);
    expect(readdirSync(root).sort()).toEqual(["way"]);
    expect(notMade).toHaveLength(5);
  });

  it("do not follow a link in the last place when they replace it", async () => {
    const { root, outside } = guarded();
    symlinkSync(join(outside, "kept"), join(root, "file"));
    await layDown(root, [{ name: "file", body: "inside", mode: 0o777 }]);
    expect(lstatSync(join(root, "file")).isFile()).toBe(true);
    expect(readFileSync(join(outside, "kept"), "utf8")).toBe("untouched");
  });

  it("end at links in a circle, and at files where folders should be", async () => {
    const { root } = guarded();
    mkdirSync(join(root, "real"));
    const { notMade } = await layDown(root, [
      link("one", "two"),
      link("two", "one"),
      { name: "one/file", body: "x" },
      { name: "plain", body: "x" },
      { name: "plain/below", body: "x" },
    ]);
    expect(notMade.map(({ path }) => path)).toEqual(["one/file", "plain/below"]);
  });
});
