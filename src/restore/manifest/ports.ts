import type { PodFacts } from "./facts.ts";
import type { Container } from "./pod.ts";

/** More would be no list of ports but of sockets. */
const mostPorts = 200;
/** From here on the kernel picks ports for whoever does not care. */
const firstEphemeral = 32768;

type Ports = NonNullable<Container["ports"]>;

/** Ports that somebody else may want to reach, in order. */
export function portsOf(needs: PodFacts["needs"]["network"]["ports"]): Ports {
  const found = new Map<string, Ports[number]>();
  for (const { protocol, port, scope, listens } of needs) {
    const waits = listens || (protocol === "udp" && port < firstEphemeral);
    if (!isProtocol(protocol) || !waits || scope === "loopback" || port > 65535) continue;
    found.set(`${protocol}/${port}`, { containerPort: port, protocol: protocols[protocol] });
  }
  return [...found.values()]
    .sort((a, b) => a.containerPort - b.containerPort || (a.protocol < b.protocol ? -1 : 1))
    .slice(0, mostPorts);
}

const protocols = { tcp: "TCP", udp: "UDP", sctp: "SCTP" } as const;

function isProtocol(text: string): text is keyof typeof protocols {
  return Object.hasOwn(protocols, text);
}
