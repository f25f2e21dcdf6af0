import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { json } from "../../support/fake-cluster.ts";
import { type ReaderOptions, remotePath } from "../../support/fake-reader.ts";
import { fetching, nothingStays } from "../../support/fetching.ts";
import { refuse } from "../../support/web-socket.ts";

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
