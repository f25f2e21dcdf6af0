import type { Agent, AgentOptions } from "node:http";

/** Connections that stay open between requests, by scheme. */
export class Agents {
  readonly #options: AgentOptions = { keepAlive: true, maxSockets: 8, maxFreeSockets: 4 };
  #plain: Agent | undefined;
  #secure: Agent | undefined;

  readonly of = async (url: URL): Promise<Agent> => {
    if (url.protocol === "https:") {
      const { Agent } = await import("node:https");
      this.#secure ??= new Agent(this.#options);
      return this.#secure;
    }
    const { Agent } = await import("node:http");
    this.#plain ??= new Agent(this.#options);
    return this.#plain;
  };

  close(): void {
    this.#plain?.destroy();
    this.#secure?.destroy();
  }
}
