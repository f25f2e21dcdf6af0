import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fastClock } from "../../support/clock.ts";
import { json } from "../../support/fake-cluster.ts";
import {
  endBadly,
  endWell,
  podIn,
  type ReaderOptions,
  remotePath,
  sendOutput,
  waiting,
} from "../../support/fake-reader.ts";
import { fetching, name, nothingStays } from "../../support/fetching.ts";
import { channel, normalEnd, refuse } from "../../support/web-socket.ts";

describe("who cannot have a pod is told why", () => {
  const status = (message: string, code = 403, reason = "Forbidden"): ReturnType<typeof json> =>
    json({ kind: "Status", apiVersion: "v1", status: "Failure", message, reason, code }, code);

  it.each([
    [
      "no right",
      status(
        'pods is forbidden: User "dev" cannot create resource "pods" in API group "" in the namespace "default"',
      ),
      "forbidden",
      'knows you as "dev", who has no right to create pods in namespace default',
    ],
    [
      "pod security admission",
      status(
        'pods "cryoscope-fetch-1" is forbidden: violates PodSecurity "baseline:latest": hostPath volumes (volume "checkpoints")',
      ),
      "pod-security",
      "takes no pod that sees a folder of its node",
    ],
    [
      "another admission rule",
      status('admission webhook "validate.kyverno.svc" denied the request: no root'),
      "pod-refused",
      "an admission rule of the cluster refuses the pod",
    ],
    [
      "a quota",
      status('pods "x" is forbidden: exceeded quota: q'),
      "pod-refused",
      "an admission rule",
    ],
    [
      "an image that is no image",
      status('Pod "x" is invalid: spec.containers[0].image: Invalid value', 422, "Invalid"),
      "pod-refused",
      "does not take the pod",
    ],
    [
      "no namespace",
      status('namespaces "default" not found', 404, "NotFound"),
      "no-namespace",
      "no namespace default",
    ],
  ])("%s", async (_name, make, code, what) => {
    const fetch = await fetching({ make });
    expect(fetch.code).toBe(5);
    expect(fetch.error).toMatchObject({ code, what: expect.stringContaining(what) });
    expect(fetch.error.next).toBeTruthy();
    expect(readdirSync(fetch.folder)).toEqual([]);
    // The archive was made, and is told.
    expect(JSON.parse(fetch.out).items[0]).toMatchObject({ paths: [remotePath], error: null });
    // Nobody is told of a pod that is not there.
    expect(fetch.error.notes.join()).not.toContain("could not be removed");
  });

  it("gets one role with all that is needed", async () => {
    const make = status(
      'pods is forbidden: User "dev" cannot create resource "pods" in API group "" in the namespace "default"',
    );
    const { error } = await fetching({ make });
    expect(error.manifest).toContain(
      '  resources: ["pods"]\n  verbs: ["create", "get", "delete"]\n',
    );
    expect(error.manifest).toContain('  resources: ["pods/exec"]\n  verbs: ["get", "create"]\n');
  });

  it.each([
    ["exec-ws-create-only-403", "forbidden", 'knows you as "exec-create"'],
    ["exec-ws-dev-403", "forbidden", 'knows you as "dev"'],
    ["exec-ws-get-only-403", "forbidden", "does not let you run a program"],
    ["exec-ws-unknown-protocol", "exec-protocol", "takes no exec over WebSocket"],
    ["exec-ws-unknown-container", "exec-failed", "no program can be run"],
  ])("%s", async (recordedName, code, what) => {
    const text = readFileSync(
      new URL(`../recordings/exec/${recordedName}.txt`, import.meta.url),
      "utf8",
    );
    const answer = text
      .slice(text.indexOf("## answer\n") + 10)
      .trim()
      .replace(/\r?\n/g, "\r\n");
    const fetch = await fetching({
      exec: (socket) => {
        const body = /\r\n\r\n([\s\S]*)$/.exec(answer)?.[1] ?? "";
        refuse(socket, Number(/^HTTP\/1.1 (\d+)/.exec(answer)?.[1]), body);
      },
    });
    expect(fetch.code).toBe(5);
    expect(fetch.error).toMatchObject({ code, what: expect.stringContaining(what) });
    nothingStays(fetch);
  });

  it("says that the node's kubelet is out of reach", async () => {
    const body = JSON.stringify({
      kind: "Status",
      apiVersion: "v1",
      message: "error dialing backend: dial tcp 10.99.0.1:10250: connect: connection refused",
      code: 500,
    });
    const fetch = await fetching({ exec: (socket) => refuse(socket, 500, body) });
    expect(fetch.error).toMatchObject({ code: "kubelet-unreachable" });
    nothingStays(fetch);
  });
});

describe("secrets", () => {
  it("no token is in any message, not in a refusal that repeats it, nor under --debug", async () => {
    const exec: ReaderOptions["exec"] = (socket, headers) =>
      refuse(socket, 403, `no: ${headers["authorization"]}`, "text/plain");
    const fetch = await fetching({ exec }, ["--debug"]);
    expect(fetch.code).toBe(5);
    expect(`${fetch.out}${fetch.err}`).not.toContain("token-of-the-test");
  });
});

describe("a pod that does not read", () => {
  it.each([
    [
      "ImagePullBackOff",
      waiting("ImagePullBackOff", "Back-off pulling image"),
      "fetch-image",
      "Back-off pulling image",
    ],
    [
      "evicted",
      podIn({
        phase: "Failed",
        reason: "Evicted",
        message: "The node had condition: [DiskPressure]. ",
      }),
      "pod-evicted",
      "DiskPressure",
    ],
    [
      "rejected",
      podIn({ phase: "Failed", reason: "OutOfcpu", message: "Node didn't have enough resource" }),
      "pod-ended",
      "OutOfcpu",
    ],
    [
      "ended",
      podIn({
        phase: "Succeeded",
        containerStatuses: [{ state: { terminated: { reason: "Completed", exitCode: 0 } } }],
      }),
      "pod-ended",
      "Completed (exit code 0)",
    ],
    [
      "removed by somebody",
      json({ kind: "Pod", metadata: { deletionTimestamp: "2026-11-22T00:00:00Z" } }),
      "pod-ended",
      "somebody removed it",
    ],
    ["gone", "cluster/pod-not-found", "pod-ended", "it is gone"],
  ])("%s", async (_name, look, code, found) => {
    const fetch = await fetching({ look });
    expect(fetch.code).toBe(5);
    expect(fetch.error).toMatchObject({ code, found: expect.stringContaining(found) });
    nothingStays(fetch);
  });

  it("that the node never starts is not waited for for ever; events say why", async () => {
    const events = json({
      items: [
        { reason: "FailedMount", message: "hostPath type check failed: /x is not a directory" },
      ],
    });
    const fetch = await fetching(
      {
        look: podIn({ phase: "Pending" }),
        more: [["GET /api/v1/namespaces/default/events", events]],
      },
      [],
      { clock: fastClock(200) },
    );
    expect(fetch.code).toBe(6);
    expect(fetch.error).toMatchObject({
      code: "pod-not-started",
      found: expect.stringContaining("FailedMount: hostPath type check failed"),
    });
    nothingStays(fetch);
  });

  it.each([
    [
      "no archive",
      (socket: never) =>
        endBadly(socket, "stat: can't stat '/checkpoints/x': No such file or directory\n"),
      "archive-gone",
    ],
    [
      "no right",
      (socket: never) => endBadly(socket, "stat: /checkpoints/x: Permission denied\n"),
      "archive-forbidden",
    ],
    ["another reason", (socket: never) => endBadly(socket, "stat: odd\n", 3), "exec-failed"],
    [
      "no stat",
      (socket: { write: (bytes: Buffer) => void }) =>
        socket.write(
          Buffer.concat([
            channel(
              3,
              '{"status":"Failure","message":"exec: \\"stat\\": executable file not found in $PATH","reason":"InternalError"}',
            ),
            normalEnd,
          ]),
        ),
      "fetch-image",
    ],
    [
      "nonsense",
      async (socket: never) => {
        await sendOutput(socket, Buffer.from("many\n"));
        endWell(socket);
      },
      "fetch-image",
    ],
  ])("%s", async (_name, stat, code) => {
    const fetch = await fetching({ programs: { stat: stat as never } });
    expect(fetch.code).toBe(5);
    expect(fetch.error).toMatchObject({ code });
    nothingStays(fetch);
  });

  it("that stays is told, with the command that removes it", async () => {
    const remove = json({ kind: "Status", apiVersion: "v1", message: "boom", code: 500 }, 500);
    const fetch = await fetching({ remove });
    expect(fetch.code).toBe(5);
    expect(readdirSync(fetch.folder)).toEqual([name]);
    expect(fetch.error).toMatchObject({
      code: "pod-left",
      next: expect.stringContaining("kubectl delete pod -n default cryoscope-fetch-"),
    });
    const both = await fetching({ remove, look: "cluster/pod-not-found" });
    expect(both.error).toMatchObject({ code: "pod-ended" });
    expect(both.error.notes.join()).toContain("kubectl delete pod -n default cryoscope-fetch-");
    const cut = await fetching({ remove, programs: { cat: (socket) => void socket.destroy() } });
    expect(cut.error.notes.join()).toContain("kubectl delete pod -n default cryoscope-fetch-");
  });
});
