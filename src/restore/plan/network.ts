import { parseEndpoint } from "../../checkpoint/needs/endpoints.ts";
import {
  cannotTell,
  count,
  isPod,
  needsOf,
  no,
  noTarget,
  type PlanNeed,
  type PlanRow,
  type PlanSubject,
  some,
  sources,
  yes,
} from "./row.ts";

const need = needsOf("network", "criu#1784");

/** Addresses and ports that sockets have to get again. */
export function networkRows(subject: PlanSubject): PlanRow[] {
  return [...addressRows(subject), ...portRows(subject), ...lockRows(subject)];
}

function addressRows(subject: PlanSubject): PlanRow[] {
  const { needs } = subject;
  const bound = needs.network.ports.filter(({ scope }) => scope === "address");
  // Connections are the option's matter: tcp-close drops them with their address.
  const connected = needs.network.connections.filter(({ needsAddress }) => needsAddress);
  const closes = needs.network.closed.value === true;
  const addresses = new Map<string, string>();
  for (const { address, evidence } of bound) addresses.set(address, evidence);
  if (!closes) {
    for (const { local, evidence } of connected) {
      const own = parseEndpoint({ protocol: "tcp" }, local);
      if (own !== undefined) addresses.set(own.address, evidence);
    }
  }
  return [...addresses].map(([address, evidence]) => {
    const only = !bound.some((port) => port.address === address);
    const wanted = need(
      "address",
      only ? "connections keep their own address" : "the container has the address of its sockets",
      address,
      { evidence },
    );
    return addressRow(subject, wanted, address, only);
  });
}

function addressRow(
  subject: PlanSubject,
  wanted: PlanNeed,
  address: string,
  connections: boolean,
): PlanRow {
  const { needs, target } = subject;
  const remedy = connections
    ? "CRIU's tcp-close drops the connections, and the program connects again"
    : "listen on all addresses (0.0.0.0, ::) and checkpoint again, or keep the address";
  if (isHostNetwork(subject)) {
    if (target === undefined) return cannotTell(wanted, noTarget, remedy);
    if (target.api === null)
      return cannotTell(wanted, "addresses of a host are not looked at", remedy);
    const its = target.api.addresses.map((entry) => entry.address);
    return its.includes(address)
      ? yes(wanted, "an address of the node")
      : no(wanted, some(its), remedy);
  }
  if (isPod(subject)) return no(wanted, "a restored pod gets another address", remedy);
  const given = needs.network.interfaces.some(({ addresses }) =>
    addresses.some((it) => it.replace(/\/\d+$/, "") === address),
  );
  if (subject.runtime === "podman" && given) {
    return yes(wanted, "Podman gives the address again, unless the container gets another name");
  }
  return cannotTell(wanted, "the network is whoever restores's", remedy);
}

function isHostNetwork({ needs }: PlanSubject): boolean {
  return needs.namespaces.some(({ type, from }) => type === "network" && from === "host");
}

function portRows(subject: PlanSubject): PlanRow[] {
  const listening = subject.needs.network.ports.filter(({ scope }) => scope !== "address");
  const [first] = listening;
  if (first === undefined) return [];
  const ports = some(listening.map(({ protocol, port }) => `${protocol}/${port}`));
  const wanted = need("ports", "ports are free", ports, {
    evidence: first.evidence,
    required: false,
    source: sources.criu,
  });
  if (!isHostNetwork(subject)) return [yes(wanted, "the network is the pod's or container's own")];
  return [
    cannotTell(
      wanted,
      "it used the network of the node, where others may have them",
      "ss -lntu on the node tells",
    ),
  ];
}

/** What was locked by one program is unlocked by the same one. */
function lockRows({ needs, target }: PlanSubject): PlanRow[] {
  const { networkLock } = needs.criu;
  const { connections } = needs.network;
  const method = networkLock.value;
  if (connections.length === 0 || method === null || method === "skip") return [];
  const program = method === "nftables" ? "nft" : "iptables-restore";
  const ends = count(connections.length, "end of a connection", "ends of connections");
  const wanted = need("network-lock", `the network of ${ends} can be unlocked`, program, {
    evidence: networkLock.evidence,
    source: "CRIU: image.c, netfilter.c",
  });
  const tool = target?.tools.find(({ name }) => name === program);
  if (tool === undefined) {
    return [cannotTell(wanted, target === undefined ? noTarget : "the API does not tell")];
  }
  if (tool.path !== null) return [yes(wanted, tool.version.value ?? tool.path)];
  return [no(wanted, "not installed", `install ${method}`)];
}
