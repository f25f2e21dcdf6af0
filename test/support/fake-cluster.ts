import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { recording } from "./recordings.ts";
import { scratch } from "./samples.ts";
import {
  type Behaviour,
  type Reply,
  type StandIn,
  type StandInOptions,
  standIn,
} from "./stand-in.ts";

type Json = { [key: string]: unknown };

/** An object as the real API server gave it. */
export function recorded(name: string): Json {
  return JSON.parse(recording(`cluster/${name}`).answer.body) as Json;
}

export function json(value: unknown, status = 200): Behaviour {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}

/** The recorded node, moved to where a stand-in of its kubelet is. */
export function nodeAt(port: number, version = "v1.36.2"): Json {
  const node = recorded("node") as { status: Json };
  return {
    ...node,
    status: {
      ...node.status,
      addresses: [{ type: "InternalIP", address: "127.0.0.1" }],
      daemonEndpoints: { kubeletEndpoint: { Port: port } },
      nodeInfo: { kubeletVersion: version },
    },
  };
}

/** What a stand-in of an API server says: the first entry whose path begins so. */
export type Script = readonly (readonly [beginning: string, reply: string | Behaviour | Reply])[];

export async function fakeApi(
  script: Script,
  upgrade?: StandInOptions["upgrade"],
): Promise<StandIn> {
  return standIn(
    async (asking, number) => {
      const entry = script.find(([beginning]) =>
        `${asking.method} ${asking.path}`.startsWith(beginning),
      );
      if (entry === undefined) return recording("cluster/node-not-found");
      const [, reply] = entry;
      if (typeof reply === "function") return reply(asking, number);
      return typeof reply === "string" && reply.startsWith("cluster/")
        ? recording(reply)
        : (reply as Behaviour);
    },
    { http2: true, ...(upgrade === undefined ? {} : { upgrade }) },
  );
}

interface KubeconfigWish {
  user?: Json;
  cluster?: Json;
  namespace?: string;
}

/** A kubeconfig for a stand-in. */
export function kubeconfig({ url, ca }: StandIn, wish: KubeconfigWish = {}): string {
  const file = join(scratch(), "kubeconfig");
  writeFileSync(
    file,
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name: "lab",
          cluster: {
            server: url,
            "certificate-authority-data": Buffer.from(ca).toString("base64"),
            ...wish.cluster,
          },
        },
      ],
      users: [{ name: "me", user: wish.user ?? { token: "token-of-the-test" } }],
      contexts: [
        { name: "lab", context: { cluster: "lab", user: "me", namespace: wish.namespace } },
      ],
      "current-context": "lab",
    }),
  );
  chmodSync(file, 0o600);
  return file;
}
