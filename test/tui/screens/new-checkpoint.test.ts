import { chmodSync, copyFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LocalEngine } from "../../../src/tui/effects/engine.ts";
import { newCheckpointScreen } from "../../../src/tui/screens/new-checkpoint/new-checkpoint.ts";
import type { CallBegun } from "../../../src/tui/state/cluster.ts";
import type { ScreenEvent, Step, World } from "../../../src/tui/state/screen.ts";
import { lineText } from "../../../src/tui/view/line.ts";
import { fakeApi, json, kubeconfig, recorded, type Script } from "../../support/fake-cluster.ts";
import { crioCounter, scratch } from "../../support/samples.ts";
import type { Reply, StandIn } from "../../support/stand-in.ts";
import { type RunningTui, startTui, type TuiTestOptions } from "../support/tui.ts";

const token = "token-of-the-test";
const node = "GET /api/v1/nodes/lab-node";
const call = "POST /api/v1/nodes/lab-node/proxy/checkpoint/default/counter/counter";

/** The right to nodes/proxy as the test wants it; nodes/checkpoint is there. */
const reviews =
  (mayProxy: boolean): Reply =>
  ({ body }) => {
    const review = JSON.parse(body) as { spec: { resourceAttributes: { subresource: string } } };
    const allowed = mayProxy || review.spec.resourceAttributes.subresource === "checkpoint";
    return json({ ...review, status: { allowed } }, 201);
  };

const list = (items: unknown[]) => json({ items, metadata: {} });

const cluster = (more: Script = [], mayProxy = true): Script => [
  ...more,
  ["GET /api/v1/namespaces/default/pods?", list([recorded("pod-counter"), recorded("pod-web")])],
  ["GET /api/v1/namespaces/default/pods/counter", "cluster/pod-counter"],
  ["GET /api/v1/namespaces/default/pods/web", "cluster/pod-web"],
  ["GET /api/v1/namespaces/default/pods/", "cluster/pod-not-found"],
  ["GET /api/v1/namespaces?", list([{ metadata: { name: "default" } }])],
  [`${node}/proxy/configz`, "cluster/configz-admin"],
  [`${node}/proxy/metrics`, "cluster/metrics-admin"],
  [node, "cluster/node"],
  ["GET /apis/coordination.k8s.io/", "cluster/lease"],
  ["POST /apis/authentication.k8s.io/v1/selfsubjectreviews", "cluster/whoami-dev-token"],
  ["POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews", reviews(mayProxy)],
];

interface Dialog {
  ui: RunningTui;
  api: StandIn;
  /** Waits for a text without waiting for calls that are under way. */
  until: (expected: string) => Promise<string>;
  calls: () => string[];
}

async function dialog(
  target: string,
  script: Script,
  options: TuiTestOptions = {},
): Promise<Dialog> {
  const api = await fakeApi(script);
  const env = { KUBECONFIG: kubeconfig(api) };
  const ui = startTui([{ kind: "checkpoints", argument: { path: scratch() } }], {
    columns: 110,
    rows: 40,
    makeEngine: (say) => new LocalEngine({ permissions: "owner", cluster: { env } }, say),
    ...options,
  });
  await ui.settled();
  ui.type(":", ...`checkpoint ${target}`, "enter");
  return {
    ui,
    api,
    until: async (expected) => {
      for (let tries = 0; tries < 400; tries++) {
        if (ui.screen.text.includes(expected)) return ui.screen.text;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error(`the screen never showed ${expected}:\n${ui.screen.text}`);
    },
    calls: () =>
      api.asked.map(({ path }) => path).filter((path) => path.includes("/proxy/checkpoint/")),
  };
}

/** What was copied last, out of the terminal's clipboard sequence. */
function copied({ screen: { raw } }: RunningTui): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the sequence begins with one
  const last = [...raw.matchAll(/\u001b\]52;[^;]*;([\w+/=]*)/g)].at(-1)?.[1] ?? "";
  return Buffer.from(last, "base64").toString();
}

describe("the form", () => {
  it("knows the context and its namespace, and shows what --dry-run would say", async () => {
    const { ui, calls } = await dialog("default/counter/counter", cluster());
    const text = await ui.shows("asks https://");
    expect(text).toMatch(
      /Context +lab\n +Namespace +default\n +Pod +counter\n +Container +counter/,
    );
    expect(text).toContain("node lab-node   kubelet v1.36.2   running");
    expect(text).toContain("✓ through the API server you need create on nodes/proxy: allowed");
    // The recorded lease is of the past: what keeps it from a checkpoint comes first.
    expect(text).toMatch(/✗ it cannot be checkpointed[\s\S]*✗ the kubelet renews its lease/);
    expect(calls()).toEqual([]);
    expect(ui.screen.raw).not.toContain(token);
  });

  it("completes names from the cluster, and asks again when typing stops", async () => {
    const { ui, api } = await dialog("", cluster());
    await ui.shows("2 names  counter  web");
    ui.type("w");
    expect(await ui.shows("1 name  web")).toContain("Pod        web");
    expect(ui.screen.text).toContain("checking…");
    const asked = api.asked.length;
    ui.type("right");
    await ui.settled();
    expect(api.asked.length).toBe(asked);
    ui.seconds(1);
    // A pod of several containers: which is meant has to be said.
    expect(await ui.shows("is not clear")).toContain("main (running)");
    ui.type("tab", "ctrl-n");
    await ui.shows("Container  main");
    ui.type("tab");
    await ui.shows("node lab-node");
  });

  it("takes letters as text, and as keys on its buttons", async () => {
    const { ui } = await dialog("default/counter", cluster([], false));
    await ui.shows("nodes/proxy: not allowed for dev");
    ui.type("p");
    expect(await ui.shows("kind: ClusterRole")).toContain('resources: ["nodes/proxy"]');
    ui.type("esc", "shift-tab", ..."q?:c");
    const text = await ui.shows("q?:c");
    expect(text).toContain("the timeout is no time: it is no number of seconds and no duration");
    expect(text).toContain("F1 help");
    ui.type("ctrl-u", ..."90", "tab", "enter");
    await ui.shows("context lab, timeout 90");
  });

  it("says in place what is wrong with the kubeconfig", async () => {
    const { ui } = await dialog("a/b/c", [], {
      makeEngine: (say) =>
        new LocalEngine({ cluster: { env: { KUBECONFIG: "/nowhere/config" } } }, say),
    });
    await ui.shows("✗ there is no kubeconfig");
  });

  it("is not there where nothing may be changed", async () => {
    const { ui } = await dialog("a/b/c", [], { readonly: true });
    await ui.shows("--readonly makes no checkpoints");
    ui.type("a");
    expect(await ui.settled()).not.toContain("New checkpoint");
  });
});

describe("the call", () => {
  const made = "/var/lib/kubelet/checkpoints/checkpoint-counter_default-counter-2026.tar";

  it("is confirmed, and its archive is opened where it can be read", async () => {
    const path = join(scratch(), "checkpoint-counter_default-counter-2026.tar");
    const { ui, calls } = await dialog(
      "default/counter",
      cluster([
        [
          call,
          () => {
            copyFileSync(crioCounter, path);
            chmodSync(path, 0o600);
            return json({ items: [path] });
          },
        ],
      ]),
    );
    await ui.shows("asks https://");
    ui.type("shift-tab", ..."5m", "tab", "enter");
    await ui.shows("? the checks are not done yet");
    ui.type("n");
    await ui.shows("?timeout=300");
    ui.type("enter");
    await ui.shows("✗ unmet: lease");
    expect(calls()).toEqual([]);
    ui.type("y");
    await ui.shows("What fills it");
    expect(calls()).toEqual([
      "/api/v1/nodes/lab-node/proxy/checkpoint/default/counter/counter?timeout=300",
    ]);
    ui.type("esc");
    expect(await ui.shows("✓ default/counter/counter is checkpointed")).toContain(path);
    ui.type("enter");
    await ui.shows("What fills it");
    expect(ui.screen.raw).not.toContain(token);
  });

  it("shows the path where the archive lies elsewhere, and copies it", async () => {
    const { ui } = await dialog("default/counter", cluster([[call, json({ items: [made] })]]));
    await ui.shows("asks https://");
    ui.type("enter", "y");
    expect(await ui.shows(made)).toContain("It lies on lab-node and cannot be read here");
    ui.type("c");
    await ui.shows("copied the path");
    expect(copied(ui)).toBe(made);
    ui.type("enter");
    await ui.shows("it lies on lab-node, not here");
  });

  it("shows a refusal with the roles that mend it, and goes back to the form", async () => {
    const script = cluster([[call, "cluster/devcheckpoint-proxy-403"]]);
    const { ui } = await dialog("default/counter", script, { rows: 14 });
    await ui.shows("✗ it cannot be checkpointed");
    ui.type("enter", "y");
    await ui.shows('✗ the API server knows you as "dev-checkpoint"');
    expect(ui.screen.text).not.toContain("kind: ClusterRoleBinding");
    ui.type("G");
    await ui.shows("name: cryoscope-nodes-proxy-create");
    ui.type("c");
    await ui.shows("copied the roles");
    expect(copied(ui)).toMatch(/^apiVersion: rbac[\s\S]*kind: ClusterRoleBinding/);
    // The first Esc takes the message away.
    ui.type("esc", "esc");
    await ui.shows("[ Checkpoint ]");
  });

  it("is given up when that was agreed to, and says what that means at the node", async () => {
    const { ui, api, until } = await dialog("default/counter", cluster([[call, () => "hang"]]));
    await ui.shows("asks https://");
    ui.type("enter", "y");
    expect(await until("asked        through the API server")).toMatch(/elapsed +0 s of 2m30s/);
    ui.type("esc");
    const asked = await until("y give up");
    expect(asked.replace(/[\s│]+/g, " ")).toContain(
      "kubelet v1.36.2 cancels the checkpoint when its caller leaves",
    );
    ui.type("n");
    await until("Esc gives up");
    // Whatever would end the screen asks, and a no keeps it.
    for (const keys of [["q"], ["backspace"], ["ctrl-c"], [":", "q", "enter"]]) {
      ui.type(...keys);
      await until("y give up");
      ui.type("n");
      if (keys.length > 1) ui.type("esc");
      await until("Esc gives up");
    }
    ui.type("esc");
    await until("y give up");
    ui.type("y");
    await until("you stopped waiting for the checkpoint");
    await api.asked.at(-1)?.left;
    ui.type("q");
    await ui.shows("no checkpoints here yet");
  });

  it.each([["esc"], ["q"]])("is not asked about any more when it has ended: %s", async (key) => {
    let answer = (): void => {};
    const waiting = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const script = cluster([[call, () => waiting.then(() => json({ items: [made] }))]]);
    const { ui, until } = await dialog("default/counter", script);
    await ui.shows("asks https://");
    ui.type("enter", "y");
    await until("asked        through the API server");
    ui.type(key);
    await until("y give up");
    answer();
    expect(await ui.shows("is checkpointed")).not.toContain("give up");
    ui.type("y");
    expect(await ui.settled()).toContain(made);
  });

  it("ends with the UI, when that was agreed to", async () => {
    const { ui, api, until } = await dialog("default/counter", cluster([[call, () => "hang"]]));
    await ui.shows("asks https://");
    ui.type("enter", "y");
    await until("asked        through the API server");
    ui.type("ctrl-c");
    await until("y give up");
    ui.type("y");
    expect(await ui.exit).toBe(0);
    await api.asked.at(-1)?.left;
  });
});

describe("its reducer", () => {
  const world: World = {
    body: { columns: 100, rows: 30 },
    now: 100_000,
    reveal: false,
    wide: false,
    readonly: false,
  };
  type S = ReturnType<typeof newCheckpointScreen.open>["state"];
  const step = (state: S, event: ScreenEvent): Step<S> =>
    newCheckpointScreen.update(state, event, world);
  const contexts: ScreenEvent = {
    type: "answer",
    slot: "contexts",
    part: false,
    answer: {
      of: "contexts",
      value: { contexts: [{ name: "prod", namespace: "shop" }], current: "prod" },
    },
  };
  const key = (name: string): ScreenEvent => ({
    type: "typed",
    input: { type: "key", key: name },
  });
  const shown = (state: S): string =>
    newCheckpointScreen.view(state, world).lines.map(lineText).join("\n");

  it("drops what was asked of a name that is edited, and asks for the new one", () => {
    const { state } = newCheckpointScreen.open({ target: "web" }, world);
    const known = step(state, contexts);
    expect(known.acts).toContainEqual({
      act: "ask",
      slot: "checks",
      question: {
        of: "checks",
        context: "prod",
        namespace: "shop",
        pod: "web",
        container: "",
        timeout: "",
      },
    });
    const onContainer = step(
      step(known.state, { type: "command", command: "field-previous" }).state,
      {
        type: "command",
        command: "field-previous",
      },
    ).state;
    const typed = step(onContainer, key("x"));
    expect(typed.acts).toEqual([{ act: "drop", slot: "checks" }]);
    const asked = step(typed.state, { type: "second" });
    expect(asked.acts).toEqual([
      {
        act: "ask",
        slot: "checks",
        question: expect.objectContaining({ pod: "web", container: "x" }),
      },
    ]);
    expect(step(asked.state, { type: "second" }).acts).toBeUndefined();
  });

  it("tells which way is tried after the first was refused, and how long that may take", () => {
    const open = newCheckpointScreen.open({ target: "shop/web/app" }, world).state;
    const { state } = step(step(open, contexts).state, { type: "confirmed", what: "make" });
    expect(shown(state)).toContain("the API server, which knows the node");
    const begun: CallBegun = {
      target: { namespace: "shop", pod: "web", container: "app" },
      node: "n1",
      kubeletVersion: "v1.35.0",
      urls: [{ route: "proxy", url: "https://api/x" }],
      startedAt: 40_000,
      deadline: 150_000,
      turned: { why: "the API server may not", to: "https://10.0.0.7:10250" },
    };
    const part: ScreenEvent = {
      type: "answer",
      slot: "make",
      part: true,
      answer: { of: "makeCheckpoint", value: { state: "asked", ...begun } },
    };
    const text = shown(step(state, part).state);
    expect(text).toMatch(/elapsed +1m of 2m30s/);
    expect(text).toContain("! the API server may not: the kubelet itself is asked");
    expect(text).toContain("https://10.0.0.7:10250");
    const lines = newCheckpointScreen.leaving?.(step(state, part).state, world)?.lines.join(" ");
    expect(lines).toContain("cannot be known from here");
  });

  it("leaves an untouched container where the call was not sent yet", () => {
    const open = newCheckpointScreen.open({ target: "shop/web/app" }, world).state;
    const { state } = step(step(open, contexts).state, { type: "confirmed", what: "make" });
    const left = step(state, { type: "confirmed", what: "leave" });
    expect(left.acts).toEqual([{ act: "drop", slot: "make" }]);
    expect(shown(left.state)).toContain("nothing was sent: the container is untouched");
  });

  it.each([20, 60, 300])("fits %i columns", (columns) => {
    const { state } = newCheckpointScreen.open({ target: "shop/a-rather-long-name/app" }, world);
    const body = { columns, rows: 8 };
    const { lines } = newCheckpointScreen.view(state, { ...world, body });
    expect(lines.length).toBeLessThanOrEqual(8);
    for (const it of lines) expect(lineText(it).length).toBeLessThanOrEqual(columns);
  });
});
