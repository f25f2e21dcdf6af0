import { describeNetwork } from "../../checkpoint/inspected-metadata.ts";
import type { Asked } from "../../checkpoint/needs/asked.ts";
import { isLoopback, isWildcard, parseEndpoint } from "../../checkpoint/needs/endpoints.ts";
import {
  isConnection,
  readExternalSockets,
  readSockets,
  unsupportedProtocol,
} from "../../checkpoint/needs/sockets.ts";
import type { Fact } from "../../node/facts.ts";
import { evidenceOf, fact, imageLabel } from "./evidence.ts";

/** What sockets and names the container had. */
export interface NetworkNeeds {
  hostname: Fact<string>;
  /** Sockets that listen, or are bound to a port without a connection. */
  ports: PortNeed[];
  /** Ends of TCP connections. */
  connections: ConnectionNeed[];
  /** Was the dump made with `tcp-close`? Then a restore has to be, too. */
  closed: Fact<boolean>;
  /** Sockets of protocols that CRIU cannot make again. */
  unsupported: { what: string; local: string | null; evidence: string }[];
  /** Unix sockets whose other end is outside. */
  external: { name: string | null; type: string; evidence: string }[];
  /** Addresses that Podman's network gave. */
  interfaces: { network: string; name: string; mac: string | null; addresses: string[] }[];
}

interface PortNeed {
  /** `tcp`, `udp`, … */
  protocol: string;
  /** Without brackets and zone. */
  address: string;
  port: number;
  /** `any`: all addresses. `loopback`: its own. `address`: one that it has to have again. */
  scope: "any" | "loopback" | "address";
  listens: boolean;
  /** `nginx (pid 7)`. */
  holder: string;
  evidence: string;
}

interface ConnectionNeed {
  local: string;
  remote: string;
  state: string;
  /** Has the dump the other end too? */
  inside: boolean;
  /** Is its own address one that the container has to have again? */
  needsAddress: boolean;
  evidence: string;
}

export async function networkNeeds(asked: Asked): Promise<NetworkNeeds> {
  const { checkpoint } = asked;
  const spec = await checkpoint.documents.object("spec.dump");
  const { hostname, interfaces } = await describeNetwork(checkpoint.documents, spec);
  const inventory = await checkpoint.inventory();
  const label = imageLabel(checkpoint, "inventory.img");
  const sockets = await readSockets(asked);
  return {
    hostname: fact(hostname, "spec.dump /hostname", "the container has its pod's"),
    ports: sockets.flatMap(({ socket, holder, place }): PortNeed[] => {
      const own = parseEndpoint(socket, socket.local);
      const taken = socket.kind === "inet-socket" && socket.remote === undefined;
      if (!taken || own === undefined || own.port === 0) return [];
      const scope = isWildcard(own) ? "any" : isLoopback(own) ? "loopback" : "address";
      const listens = socket.state === "listen";
      return [{ ...own, scope, listens, holder, evidence: evidenceOf(place) }];
    }),
    connections: sockets.flatMap(({ socket, place }): ConnectionNeed[] => {
      const { local, remote, state, peerFileId } = socket;
      if (!isConnection(socket) || remote === undefined) return [];
      const own = parseEndpoint(socket, local);
      const needsAddress = own !== undefined && !isLoopback(own) && !isWildcard(own);
      const inside = peerFileId !== undefined;
      const evidence = evidenceOf(place);
      return [{ local: local ?? "", remote, state, inside, needsAddress, evidence }];
    }),
    closed: fact(
      inventory && inventory.tcpClose === true,
      label,
      `there is no ${label}, or it cannot be read`,
    ),
    unsupported: sockets.flatMap(({ socket, place }) => {
      const what = unsupportedProtocol(socket);
      if (what === undefined) return [];
      return [{ what, local: socket.local ?? null, evidence: evidenceOf(place) }];
    }),
    external: (await readExternalSockets(asked)).map(({ socket, place }) => ({
      name: socket.remote ?? socket.local ?? null,
      type: socket.type,
      evidence: evidenceOf(place),
    })),
    interfaces,
  };
}
