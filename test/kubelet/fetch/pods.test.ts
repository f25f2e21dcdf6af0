import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fastClock } from "../../support/clock.ts";
import { json } from "../../support/fake-cluster.ts";
import { endBadly, endWell, podIn, sendOutput, waiting } from "../../support/fake-reader.ts";
import { fetching, name, nothingStays } from "../../support/fetching.ts";
import { channel, normalEnd } from "../../support/web-socket.ts";

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
      { clock: fastClock(200, true) },
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
