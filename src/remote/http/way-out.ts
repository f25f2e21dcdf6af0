import type { Agent, AgentOptions } from "node:http";

/** How requests leave this machine. */
interface WayOut {
  agent: (url: URL) => Promise<Agent>;
  close: () => void;
}

const settings: AgentOptions = { keepAlive: true, maxSockets: 8, maxFreeSockets: 4 };

/** Connections that stay open between requests, through a proxy where the environment names one. */
export function wayOut(
  env: Readonly<Record<string, string | undefined>>,
  ca: string | undefined,
): WayOut {
  const agents = new Map<string, Promise<Agent>>();
  const make = async (url: URL): Promise<Agent> => {
    const { proxyFor } = await import("./proxy.ts");
    const proxy = proxyFor(url, env);
    if (proxy !== undefined) {
      const { proxyAgent } = await import("./proxy-agent.ts");
      return proxyAgent(proxy, url, settings, ca);
    }
    if (url.protocol === "https:") {
      const { Agent } = await import("node:https");
      return new Agent(settings);
    }
    const { Agent } = await import("node:http");
    return new Agent(settings);
  };
  return {
    agent: (url) => {
      // Whether there is a proxy depends on the host.
      const made = agents.get(url.origin) ?? make(url);
      agents.set(url.origin, made);
      return made;
    },
    close: () => {
      for (const made of agents.values()) made.then((agent) => agent.destroy()).catch(() => {});
    },
  };
}
