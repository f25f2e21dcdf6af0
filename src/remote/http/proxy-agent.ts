import type { Agent, AgentOptions, IncomingMessage } from "node:http";
import { isIP, type Socket } from "node:net";
import type { ConnectionOptions } from "node:tls";
import { ExchangeFailure } from "../../base/exchange-failure.ts";
import type { ProxyServer } from "./proxy.ts";

/**
 * An agent whose connections go through a tunnel (CONNECT, RFC 9110 §9.3.6); TLS is with the server
 * at its end, so the proxy sees its name and no more.
 */
export async function proxyAgent(
  proxy: ProxyServer,
  target: URL,
  settings: AgentOptions,
  ca: string | undefined,
): Promise<Agent> {
  const { Agent } = await import("node:https");
  const { connect } = await import("node:tls");
  const agent = new Agent(settings);
  const host = target.hostname.replace(/^\[|\]$/g, "");
  const servername = isIP(host) === 0 ? host : "";
  type Done = (error: Error | null, socket?: Socket) => void;
  const createConnection = (options: ConnectionOptions, done: Done): undefined => {
    tunnel(proxy, `${target.hostname}:${target.port || 443}`, ca).then(
      (socket) => {
        const { host: _host, port: _port, path: _path, ...rest } = options;
        done(null, connect({ ...rest, socket, servername, host }));
      },
      (error: Error) => done(error),
    );
    return undefined;
  };
  return Object.assign(agent, { createConnection });
}

async function tunnel(proxy: ProxyServer, target: string, ca: string | undefined): Promise<Socket> {
  const { url, authorization } = proxy;
  const { request } =
    url.protocol === "https:" ? await import("node:https") : await import("node:http");
  return new Promise((resolve, reject) => {
    const asking = request({
      host: url.hostname.replace(/^\[|\]$/g, ""),
      port: url.port || (url.protocol === "https:" ? 443 : 80),
      method: "CONNECT",
      path: target,
      agent: false,
      headers: {
        host: target,
        ...(authorization === undefined ? {} : { "proxy-authorization": authorization }),
      },
      ...(ca === undefined ? {} : { ca }),
    });
    asking.on("error", ({ message }) =>
      reject(new ExchangeFailure("proxy", "connecting", `the proxy: ${message}`)),
    );
    asking.on("connect", ({ statusCode }: IncomingMessage, socket: Socket) => {
      if (statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(new ExchangeFailure("proxy", "connecting", `the proxy answers ${statusCode}`));
    });
    asking.end();
  });
}
