import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { LocalEngine } from "../../../src/tui/effects/engine.ts";
import { handlers } from "../../../src/tui/effects/handlers.ts";
import { OpenCheckpoints } from "../../../src/tui/effects/open-checkpoints.ts";
import { restoreTab } from "../../../src/tui/screens/checkpoint/restore/restore.ts";
import type { RestoreState } from "../../../src/tui/screens/checkpoint/restore/state.ts";
import type { RestoreWrite } from "../../../src/tui/state/restore.ts";
import type { ScreenEvent, World } from "../../../src/tui/state/screen.ts";
import { lineText } from "../../../src/tui/view/line.ts";
import { fakeApi, json, kubeconfig, recorded, type Script } from "../../support/fake-cluster.ts";
import { crioCounter, privateCopy, rich, scratch } from "../../support/samples.ts";
import { checkpointAt, type RunningTui, startTui, type TuiTestOptions } from "../support/tui.ts";

const wide = { columns: 140, rows: 44 };

async function tabOf(path: string, options: TuiTestOptions = {}): Promise<RunningTui> {
  const ui = startTui(checkpointAt(path), { ...wide, ...options });
  await ui.shows("What fills it");
  ui.type(":", ..."restore", "enter");
  await ui.shows(/1 of \d+/);
  return ui;
}

/** Takes the prompt's own text away and types another. */
function enter(ui: RunningTui, text: string): void {
  ui.type("ctrl-u", ...text, "enter");
}

const node = "/api/v1/nodes/lab-node";
const cluster: Script = [
  ["GET /api/v1/nodes?", json({ items: [recorded("node")], metadata: {} })],
  [`GET ${node}/proxy/configz`, "cluster/configz-admin"],
  [`GET ${node}/proxy/metrics`, "cluster/metrics-admin"],
  [`GET ${node}`, "cluster/node"],
  ["GET /apis/coordination.k8s.io/", "cluster/lease"],
];

describe("the plan in the restore tab", () => {
  it("tells first what any place has to have, the open questions before what is fine", async () => {
    const ui = await tabOf(privateCopy(rich));
    const text = await ui.settled();
    expect(text).toMatch(/\? not yet {3}for any place by podman {3}t names one/);
    expect(text).toMatch(/VERDICT +TOPIC +NEED +NEEDED +REMEDY/);
    expect(text).toMatch(
      /\? cannot tell +machine +the processor is of the same architecture +amd64/,
    );
    expect(text.lastIndexOf("? cannot tell")).toBeLessThan(text.indexOf("✓ yes"));
    ui.type("/", ..."pages of the same", "enter");
    await ui.shows("1 of 1 (");
    ui.type("enter");
    const detail = await ui.shows("Why it cannot be told");
    expect(detail).toMatch(/Needed\n +4\.0 KiB/);
    expect(detail).toMatch(/What to do\n +getconf PAGESIZE/);
    expect(detail).toContain("read from");
    ui.type("c");
    await ui.shows("copied the text");
  });

  it("sorts by topic, and keeps what each row says", async () => {
    const ui = await tabOf(privateCopy(rich));
    ui.type("T");
    const text = await ui.settled();
    expect(text).toContain("TOPIC↑");
    expect(text).toMatch(/▸? +✓ yes +archive .*\n(?:.* archive .*\n)+.* criu /);
  });

  it("compares with a node of the cluster", async () => {
    const api = await fakeApi(cluster);
    const env = { KUBECONFIG: kubeconfig(api) };
    const ui = await tabOf(privateCopy(crioCounter), {
      makeEngine: (say) => new LocalEngine({ permissions: "owner", cluster: { env } }, say),
    });
    ui.type("t");
    expect(await ui.shows("lab-node")).toMatch(
      /no place[\s\S]*this host[\s\S]*a saved node…[\s\S]*lab-node/,
    );
    ui.type("/", ..."lab-node", "enter", "enter");
    const text = await ui.shows("on lab-node by containerd");
    expect(text).toMatch(/VERDICT +TOPIC +NEED +FOUND +REMEDY/);
    // The node runs containerd, and the archive is CRI-O's.
    expect(text).toMatch(/✗ no {3}on lab-node/);
    expect(text).toMatch(/✗ no +archive +containerd reads this archive/);
    expect(ui.screen.raw).not.toContain("token-of-the-test");
  });

  it("compares with a saved node, and says in place why a file is none", async () => {
    const file = join(scratch(), "node.json");
    writeFileSync(file, JSON.stringify(recorded("node")));
    const ui = await tabOf(privateCopy(crioCounter));
    ui.type("t", "j", "j", "enter");
    enter(ui, `${file} other`);
    const wrong = await ui.shows("holds no node other");
    expect(wrong).toContain("→ ");
    ui.type("t", "j", "j", "enter");
    enter(ui, file);
    await ui.shows("by containerd");
    await ui.shows("✗ no");
    ui.type("t");
    await ui.shows("PLACE");
    ui.type("esc");
    await ui.shows("by containerd");
  });

  it("compares with this host", async () => {
    const ui = await tabOf(privateCopy(rich));
    ui.type("t", "j", "enter");
    const text = await ui.shows("on this host");
    expect(text).toMatch(/the processor is of the same architecture|CRIU/);
  });
});

describe("what the restore tab writes", () => {
  it("is an image once that was agreed to, with its digest, and never over what is there", async () => {
    const path = privateCopy(crioCounter);
    const ui = await tabOf(path);
    const place = join(dirname(path), "image.tar");
    ui.type("i");
    enter(ui, `oci-archive:${place}`);
    const asked = await ui.shows("Write an image");
    expect(asked).toContain("286.0 KiB: memory, secrets and all, leaves the archive.");
    expect(asked).toContain("only its owner can read it (0600)");
    ui.type("n");
    await ui.settled();
    expect(existsSync(place)).toBe(false);
    ui.type("i");
    enter(ui, `oci-archive:${place}`);
    await ui.shows("Write an image");
    ui.type("y");
    const text = await ui.shows("✓ image");
    const digest = /sha256:[0-9a-f]{64}/.exec(text)?.[0];
    expect(statSync(place).mode & 0o777).toBe(0o600);
    expect(readFileSync(place).includes(`blobs/sha256/${digest?.slice(7)}`)).toBe(true);
    ui.type("w");
    expect(await ui.shows("Restored by")).toContain(`Manifest        ${digest}`);
    ui.type("esc", "i");
    enter(ui, `oci-archive:${place}`);
    expect(await ui.shows("not written")).toContain("nothing is ever overwritten");
    expect(ui.tui.app.confirmation).toBeUndefined();
  });

  it("is a pod for the node that was compared with", async () => {
    const path = privateCopy(crioCounter);
    const file = join(dirname(path), "node.json");
    writeFileSync(file, JSON.stringify(recorded("node")));
    const ui = await tabOf(path);
    ui.type("t", "j", "j", "enter");
    enter(ui, file);
    await ui.shows("by containerd");
    const place = join(dirname(path), "pod.yaml");
    ui.type("m");
    enter(ui, place);
    expect(await ui.shows("Write a pod")).toMatch(/The pod is .*-restored, on lab-node\./);
    ui.type("y");
    const text = await ui.shows("✓ manifest");
    const yaml = readFileSync(place);
    expect(yaml.toString()).toContain("kind: Pod");
    expect(yaml.toString()).toContain("lab-node");
    expect(text).toContain(`sha256:${createHash("sha256").update(yaml).digest("hex")}`);
    expect(statSync(place).mode & 0o777).toBe(0o600);
  });

  it("is a bundle with the root file system that is named first", async () => {
    const path = privateCopy(crioCounter);
    const rootfs = join(dirname(path), "rootfs");
    mkdirSync(join(rootfs, "bin"), { recursive: true });
    writeFileSync(join(rootfs, "bin/sh"), "a shell", { mode: 0o755 });
    const ui = await tabOf(path);
    ui.type("b", ...rootfs, "enter");
    const place = join(dirname(path), "bundle");
    enter(ui, place);
    expect(await ui.shows("Write a bundle")).toContain(rootfs);
    ui.type("y");
    await ui.shows("✓ bundle");
    expect(readdirSync(place)).toEqual(expect.arrayContaining(["config.json", "restore.sh"]));
    expect(readFileSync(join(place, "rootfs/bin/sh"), "utf8")).toBe("a shell");
    ui.type("w");
    await ui.shows("restore.sh");
  });

  it("is nothing under --readonly", async () => {
    const path = privateCopy(crioCounter);
    const ui = await tabOf(path, { readonly: true });
    ui.type("i", "m", "b");
    const text = await ui.settled();
    expect(ui.tui.app.prompt).toBeUndefined();
    expect(text).not.toContain("i image");
    const world = worldWith({ readonly: true });
    const { state } = restoreTab.open({ path }, world);
    const step = restoreTab.update(state, { type: "command", command: "write-image" }, world);
    expect(step.acts).toEqual([
      { act: "flash", level: "error", text: "--readonly writes nothing" },
    ]);
    const asked: RestoreState = { ...state, work: { stage: "asked", preview } };
    const agreed: ScreenEvent = { type: "confirmed", what: "restore-write" };
    expect(restoreTab.update(asked, agreed, world).acts ?? []).toEqual([]);
  });

  it("says why a destination is none before anything is asked", async () => {
    const ui = await tabOf(privateCopy(crioCounter));
    ui.type("i");
    enter(ui, "somewhere.tar");
    const text = await ui.shows("not written");
    expect(text).toContain("oci-archive:FILE");
    ui.type("esc");
    expect(await ui.settled()).not.toContain("not written");
  });
});

const worldWith = (more: Partial<World> = {}): World => ({
  body: { columns: 80, rows: 20 },
  now: 0,
  reveal: false,
  wide: false,
  readonly: false,
  ...more,
});

const write: RestoreWrite = { what: "image", to: "oci-archive:x" };
const preview = { write, place: "/x", bytes: 10, notes: [] };

describe("a write that is under way", () => {
  const world = worldWith();
  const { state: fresh } = restoreTab.open({ path: "/a.tar" }, world);
  const writing: RestoreState = {
    ...fresh,
    work: { stage: "writing", preview, done: 0, total: null },
  };

  it("tells how far it is", () => {
    const event: ScreenEvent = {
      type: "answer",
      slot: "work",
      part: true,
      answer: { of: "restoreWrite", value: { state: "writing", done: 512, total: 2048 } },
    };
    const { state } = restoreTab.update(writing, event, world);
    const lines = restoreTab.view(state, world).lines.map(lineText);
    expect(lines[1]).toBe("   ████ 25.0 % of 2.0 KiB   Esc gives up   /x");
  });

  it("is given up only when that is agreed to, by Esc and by whoever goes", () => {
    const asked = restoreTab.update(writing, { type: "command", command: "clear" }, world);
    expect(asked.acts).toMatchObject([{ act: "confirm", what: "restore-stop" }]);
    expect(asked.state).toBe(writing);
    const ended = restoreTab.update(writing, { type: "confirmed", what: "restore-stop" }, world);
    expect(ended.acts).toMatchObject([{ act: "drop", slot: "work" }, { act: "flash" }]);
    expect(restoreTab.leaving?.(writing, world)?.lines[0]).toBe("/x");
    expect(restoreTab.leaving?.(ended.state, world)).toBeUndefined();
    const second = restoreTab.update(writing, { type: "command", command: "write-image" }, world);
    expect(second.acts).toMatchObject([{ act: "flash", level: "error" }]);
  });

  it("is asked about when the checkpoint is left", async () => {
    const ui = await tabOf(privateCopy(crioCounter), {
      makeEngine: (say) => {
        const engine = new LocalEngine({ permissions: "owner" }, say);
        return {
          ask: (number, asked) => {
            // It never ends.
            if (asked.of !== "restoreWrite") engine.ask(number, asked);
          },
          drop: (number) => engine.drop(number),
          close: () => engine.close(),
        };
      },
    });
    ui.type("i");
    enter(ui, `oci-archive:${join(scratch(), "image.tar")}`);
    await ui.shows("Write an image");
    ui.type("y", "2", "q");
    expect(ui.tui.app.confirmation).toMatchObject({ what: "leave", title: "Give up" });
    ui.type("n");
    expect(ui.tui.app.stack).toHaveLength(2);
    ui.type("q", "y");
    expect(ui.tui.app.stack).toHaveLength(1);
    const pending = Object.keys(ui.tui.app.pending);
    expect(pending.filter((key) => key.endsWith("work"))).toEqual([]);
  });

  it("leaves nothing behind when it is dropped", async () => {
    const path = privateCopy(crioCounter);
    const folder = scratch();
    const rootfs = scratch();
    for (let file = 0; file < 50; file++) writeFileSync(join(rootfs, `${file}`), "x".repeat(9000));
    const checkpoints = new OpenCheckpoints({ permissions: "owner" });
    const controller = new AbortController();
    const seen: string[][] = [];
    const call = {
      signal: controller.signal,
      part: () => {
        seen.push(readdirSync(folder));
        controller.abort();
      },
    };
    const partials: string[] = [];
    const services = {
      options: { permissions: "owner" } as const,
      checkpoints,
      summaries: new Map(),
      logins: new Map(),
      partial: (_: string, state: string) => void partials.push(state),
    };
    const bundle: RestoreWrite = { what: "bundle", to: join(folder, "bundle"), rootfs };
    const made = handlers.restoreWrite({ path, write: bundle }, services, call);
    await expect(made).rejects.toThrow();
    await checkpoints.closeAll();
    expect(seen).toEqual([["bundle.partial"]]);
    expect(readdirSync(folder)).toEqual([]);
    expect(partials).toEqual(["begun", "done"]);
  });
});
