import { copyFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { jump, jumpToBytes, jumpToProcess } from "../../../src/tui/screens/places/jump.ts";
import type { PlaceRow } from "../../../src/tui/state/audit-rows.ts";
import { containerdCounter, crioCounter, privateCopy, rich } from "../../support/samples.ts";
import { checkpointAt, listOf, type RunningTui, startTui } from "../support/tui.ts";

const wide = { columns: 120, rows: 40 };

async function tabOfRich(name: string): Promise<RunningTui> {
  const ui = startTui(checkpointAt(privateCopy(rich)), wide);
  await ui.shows("What fills it");
  ui.type(":", ...name, "enter");
  await ui.shows(/1 of \d+/);
  return ui;
}

describe("the audit tab", () => {
  it("lists what the rules find, the gravest first, and memory only when it is asked for", async () => {
    const ui = await tabOfRich("audit");
    const text = await ui.shows("without secrets in memory: m looks");
    expect(text).toMatch(
      /✗ high +rich-main \(pid 1\) has .*anonymous memory.*attack\/writable-executable/,
    );
    expect(text).not.toContain("secrets/memory");
    expect(text.indexOf("✗ high  ")).toBeLessThan(text.indexOf("! medium  "));
    ui.type("m");
    expect(await ui.shows("with memory")).toContain("secrets/memory");
    ui.type("m");
    await ui.shows("memory was looked through");
  });

  it("filters, sorts, and says of a finding why, what to do and where", async () => {
    const ui = await tabOfRich("audit");
    ui.type("/", ..."writable-exec", "enter");
    await ui.shows("1 of 1 (");
    ui.type("enter");
    const text = await ui.shows("Why it matters");
    for (const title of ["What to do", "Facts", "Places"]) expect(text).toContain(title);
    expect(text).toMatch(/▸ pid 1, 0x100000030000 in anonymous/);
    ui.type("enter");
    expect(await ui.shows("wx-page-marker")).toContain("at     100000030000");
    ui.type("esc");
    await ui.shows("Why it matters");
    ui.type("o");
    await ui.shows(/pid 1 +rich-main|rich-main/);
  });

  it("goes to the entry of an image", async () => {
    const ui = await tabOfRich("audit");
    ui.type("/", ..."udp 0.0.0.0:18082", "enter", "enter");
    const place = /▸ pid 1, descriptor 23, checkpoint\/files\.img, entry (\d+)/.exec(
      await ui.shows("Places"),
    );
    ui.type("enter");
    await ui.shows(` ${Number(place?.[1]) + 1} of `);
    // Its JSON is under the cursor.
    ui.type("enter");
    expect(await ui.shows(/src_port|18082/)).toContain("18082");
  });

  it("masks secrets until they are shown, and shows them with v", async () => {
    const ui = await tabOfRich("audit");
    ui.type("/", ..."command-line", "enter", "enter");
    expect(await ui.shows("Places")).not.toContain("cmdline-secret-not-real");
    ui.type("v");
    await ui.shows("cmdline-secret-not-real");
  });
});

describe("the tab of secrets", () => {
  it("lists each secret once, and goes to each of its places in memory", async () => {
    const ui = await tabOfRich("secrets");
    const text = await ui.shows("AWS secret access key");
    expect(text.match(/AWS secret access key/g)).toHaveLength(1);
    expect(text).not.toContain("wJalrXUtnFEMI");
    ui.type("/", ..."AWS secret", "enter", "enter");
    await ui.shows("Places");
    ui.type("G", "enter");
    // The last place is in the environment of pid 6.
    expect(await ui.shows("wJalrXUtnFEMI")).toContain("pid 6 rich-deleted");
  });

  it("shows the secret itself with v, without looking anew", async () => {
    const ui = await tabOfRich("secrets");
    ui.type("v");
    await ui.shows("wJalrXUtnFEMI/K7MDENG/");
    ui.type("v");
    const masked = await ui.settled();
    expect(masked).not.toContain("wJalrXUtnFEMI");
  });

  it("finds what lies in memory alone once memory is looked through", async () => {
    const ui = await tabOfRich("secrets");
    expect(await ui.settled()).not.toMatch(/•+ +memory +1/);
    ui.type("m");
    await ui.shows("with memory");
    ui.type("v");
    await ui.shows("hunter2-not-real");
  });
});

describe("the differences of two checkpoints", () => {
  function two(): RunningTui {
    const first = privateCopy(crioCounter);
    copyFileSync(privateCopy(containerdCounter), join(dirname(first), "other.tar"));
    return startTui(listOf(dirname(first)), wide);
  }

  it("are those of the two that are marked, the earlier first", async () => {
    const ui = two();
    await ui.shows("1 of 2");
    ui.type("=");
    await ui.shows("mark two checkpoints with Space");
    ui.type("g", "space", "space");
    await ui.shows("= compare");
    ui.type("=");
    const text = await ui.shows(/1 of \d+ /);
    // containerd's was made a quarter of an hour before CRI-O's.
    expect(text).toMatch(/- 2026-11-21 21:05:01 UTC .*other\.tar/);
    expect(text).toMatch(/\+ 2026-11-21 21:20:14 UTC .*checkpoint-counter/);
    expect(text).toMatch(/runtime +~ changed +engine +containerd → cri-o/);
  });

  it("can be seen in the checkpoint that has them, and in full", async () => {
    const ui = two();
    await ui.shows("1 of 2");
    ui.type("space", "space", "=");
    await ui.shows(/1 of \d+ /);
    ui.type("/", ..."^processes", "enter", "enter");
    await ui.shows("Overview  Environment");
    expect(await ui.settled()).toContain("› differences › ");
    ui.type("esc", "d");
    await ui.shows(/processes: (new|gone|changed)/);
  });

  it("are told of the bytes of pages too, once that is asked for", async () => {
    const ui = two();
    await ui.shows("1 of 2");
    ui.type("space", "space", "=");
    await ui.shows("bytes of pages were not compared: m");
    ui.type("m");
    await ui.shows("pages were compared byte by byte");
  });
});

describe("a place", () => {
  const path = "/x.tar";
  const row = (place: PlaceRow["place"], form: PlaceRow["form"] = null): PlaceRow => ({
    place,
    form,
    note: "",
  });
  const pushed = (kind: string, argument: object) => ({
    act: "push",
    screen: { kind, argument: { path, ...argument } },
  });

  it("in memory is gone to by its address, whatever else is known of it", () => {
    const place = { pid: 4, address: 0x1000n, member: "checkpoint/pages-1.img", offset: 7 };
    expect(jump(path, row(place, "bytes"))).toEqual(pushed("hex", { pid: 4, at: 0x1000n }));
    expect(jumpToBytes(path, row(place, "bytes"))).toEqual(
      pushed("hex", { member: "checkpoint/pages-1.img", at: 7n }),
    );
    expect(jumpToProcess(path, row(place))).toEqual(pushed("process", { pid: 4 }));
  });

  it("in a member is gone to as what the member is", () => {
    const member = "checkpoint/core-1.img";
    expect(jump(path, row({ member, pid: 1 }, "image"))).toEqual(pushed("image", { member }));
    expect(jump(path, row({ member, entry: 3, offset: 9 }, "image"))).toEqual(
      pushed("image", { member, entry: 3 }),
    );
    expect(jump(path, row({ member: "dump.log", offset: 9 }, "content"))).toEqual(
      pushed("hex", { member: "dump.log", at: 9n }),
    );
    expect(jump(path, row({ member: "dump.log" }, "content"))).toEqual(
      pushed("preview", { member: "dump.log" }),
    );
    expect(jump(path, row({ member: "rootfs-diff.tar" }, "archive"))).toEqual(
      pushed("members", { member: "rootfs-diff.tar" }),
    );
  });

  it("of a process is the process; one that is nowhere in the archive says so", () => {
    expect(jump(path, row({ pid: 3, fd: 1 }))).toEqual(pushed("process", { pid: 3 }));
    for (const place of [{ path: "/var/lib" }, { member: "gone" }, {}]) {
      expect(jump(path, row(place)).act).toBe("flash");
      expect(jumpToBytes(path, row(place)).act).toBe("flash");
      expect(jumpToProcess(path, row(place)).act).toBe("flash");
    }
  });
});
