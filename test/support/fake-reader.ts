import { createHash } from "node:crypto";
import { once } from "node:events";
import type { Duplex } from "node:stream";
import { fakeApi, json, nodeAt, type Script } from "./fake-cluster.ts";
import type { Behaviour, Reply, StandIn } from "./stand-in.ts";
import { agree, channel, failure, normalEnd, success } from "./web-socket.ts";

export const remotePath =
  "/var/lib/kubelet/checkpoints/checkpoint-counter_default-counter-2026-11-21T22:05:14Z.tar";
const podsPath = "/api/v1/namespaces/default/pods";

/** What runs in the pod: it is agreed already. */
type Program = (socket: Duplex, command: readonly string[]) => void | Promise<void>;

export interface ReaderOptions {
  archive: Buffer;
  /** What the API server says when the pod is made, looked at and removed. */
  make?: Reply | Behaviour | string;
  look?: Reply | Behaviour | string;
  remove?: Reply | Behaviour | string;
  /** Programs that do otherwise than they should. */
  programs?: Readonly<Record<string, Program>>;
  /** Instead of agreeing to exec. */
  exec?: (socket: Duplex, headers: Readonly<Record<string, string | string[] | undefined>>) => void;
  more?: Script;
  path?: string;
}

export interface Reader {
  api: StandIn;
  /** Commands that ran in the pod. */
  ran: string[][];
  /** What was asked of pods of ours: `POST`, `GET`, `DELETE`. */
  calls: () => string[];
  /** The pod as it was sent. */
  pod: () => { metadata: Record<string, unknown>; spec: Record<string, unknown> };
}

/** Sends bytes as the API server does: an empty message first, then 32 KiB each. */
export async function sendOutput(socket: Duplex, bytes: Buffer): Promise<void> {
  socket.write(channel(1, ""));
  for (let at = 0; at < bytes.length; at += 32768) {
    if (socket.destroyed) return;
    if (!socket.write(channel(1, bytes.subarray(at, at + 32768))))
      await once(socket, "drain").catch(() => {});
  }
}

export function endWell(socket: Duplex): void {
  socket.write(Buffer.concat([success, normalEnd]));
}

export function endBadly(socket: Duplex, words: string, code = 1): void {
  socket.write(Buffer.concat([channel(1, ""), channel(2, words), failure(code), normalEnd]));
}

/** A pod's answer with this state of its only container. */
export function podIn(status: object): Behaviour {
  return json({ apiVersion: "v1", kind: "Pod", metadata: { name: "cryoscope-fetch" }, status });
}

export const running = podIn({
  phase: "Running",
  containerStatuses: [{ name: "reader", state: { running: {} } }],
});
export const waiting = (reason: string, message = ""): Behaviour =>
  podIn({
    phase: "Pending",
    containerStatuses: [{ name: "reader", state: { waiting: { reason, message } } }],
  });

/** Stands in for a cluster in which a container is checkpointed and its archive read by a pod. */
export async function fakeReader(options: ReaderOptions): Promise<Reader> {
  const { archive, programs = {}, path = remotePath } = options;
  const text = async (socket: Duplex, words: string): Promise<void> => {
    await sendOutput(socket, Buffer.from(words));
    endWell(socket);
  };
  const all: Record<string, Program> = {
    stat: (socket) => text(socket, `${archive.length}\n`),
    sha256sum: (socket, [, file]) =>
      text(socket, `${createHash("sha256").update(archive).digest("hex")}  ${file}\n`),
    cat: async (socket) => {
      await sendOutput(socket, archive);
      endWell(socket);
    },
    rm: (socket) => text(socket, ""),
    ...programs,
  };
  const ran: string[][] = [];
  const script: Script = [
    [`GET ${podsPath}/counter`, "cluster/pod-counter"],
    ["GET /api/v1/nodes/lab-node", json(nodeAt(10250))],
    ["POST /api/v1/nodes/lab-node/proxy/checkpoint", json({ items: [path] })],
    [`POST ${podsPath}`, options.make ?? json({ kind: "Pod" }, 201)],
    [`GET ${podsPath}/cryoscope-fetch-`, options.look ?? running],
    [`DELETE ${podsPath}/cryoscope-fetch-`, options.remove ?? running],
    ...(options.more ?? []),
  ];
  const api = await fakeApi(script, ({ path: asked, headers }, socket) => {
    if (options.exec !== undefined) return options.exec(socket, headers);
    const command = new URL(asked, "https://x").searchParams.getAll("command");
    ran.push(command);
    agree(socket, headers);
    void all[command[0] ?? ""]?.(socket, command);
  });
  const ours = (): StandIn["asked"] =>
    api.asked.filter(
      ({ method, path: asked }) => method !== "GET" || asked.includes("cryoscope-fetch-"),
    );
  return {
    api,
    ran,
    calls: () => [
      ...new Set(
        ours()
          .filter(({ path: asked }) => asked.startsWith(podsPath))
          .map(({ method }) => method),
      ),
    ],
    pod: () => JSON.parse(ours().find(({ path: asked }) => asked === podsPath)?.body ?? "null"),
  };
}
