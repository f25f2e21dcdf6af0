import { symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { asTyped, calledAs } from "../../src/cli/calling.ts";
import { command, shell } from "../support/built.ts";
import { fakeApi, json, kubeconfig, recorded, type Script } from "../support/fake-cluster.ts";
import { type Ran, type RunOptions, run } from "../support/run.ts";
import { scratch } from "../support/samples.ts";

const plugin = (argv: readonly string[], options: RunOptions = {}): Promise<Ran> =>
  run(argv, { ...options, calledAs: "kubectl-cryoscope" });

const success = "cluster/proxy-a-success";
const pods = "GET /api/v1/namespaces/default/pods";
const objects: Script = [
  [`${pods}/counter`, "cluster/pod-counter"],
  [`${pods}/web`, "cluster/pod-web"],
  ["GET /api/v1/nodes?", json({ items: [recorded("node")] })],
  ["GET /api/v1/nodes/lab-node", "cluster/node"],
  ["POST ", success],
];

describe("the name that the program is called by", () => {
  it.each([
    ["/usr/bin/kubectl-cryoscope", "kubectl-cryoscope"],
    ["kubectl-cryoscope", "kubectl-cryoscope"],
    ["/x/node_modules/cryoscope/bin/kubectl_complete-cryoscope.cjs", "kubectl_complete-cryoscope"],
    ["/kubectl-cryoscope/bin/cryoscope.cjs", "cryoscope"],
    ["/usr/bin/kubectl-cryoscope-old", "cryoscope"],
    [undefined, "cryoscope"],
  ])("%s: %s", (path, name) => {
    expect(calledAs(path)).toBe(name);
  });

  it("is a link's or a package's own file, not what that leads to", () => {
    const folder = scratch();
    const bin = dirname(command);
    const link = join(folder, "kubectl-cryoscope");
    symlinkSync(command, link);
    const asked = `node "$1" --help | head -1`;
    const usage = "Usage: kubectl cryoscope [options] [command]\n";
    expect(shell(asked, link)).toMatchObject({ code: 0, out: usage });
    expect(shell(asked, join(bin, "kubectl-cryoscope.cjs")).out).toBe(usage);
    expect(shell('node "$1" chec', join(bin, "kubectl_complete-cryoscope.cjs")).out).toMatch(
      /^checkpoint\t.*\n:4\n$/,
    );
  });

  it("is part of what helps, and of nothing else", () => {
    const spoken = (text: string): string => asTyped(text, "kubectl-cryoscope");
    expect(spoken("cryoscope node --all")).toBe("kubectl cryoscope node --all");
    expect(spoken("list: sudo cryoscope list")).toBe("list: sudo kubectl cryoscope list");
    expect(spoken("kubectl cryoscope list")).toBe("kubectl cryoscope list");
    expect(spoken("/srv/cryoscope list")).toBe("/srv/cryoscope list");
    expect(spoken("a fault of cryoscope, not yours")).toBe("a fault of cryoscope, not yours");
    expect(asTyped("cryoscope node", "cryoscope")).toBe("cryoscope node");
  });
});

describe("kubectl cryoscope", () => {
  it("alone shows the help, as kubectl does", async () => {
    const { code, out, err } = await plugin([], { columns: 100 });
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^Usage: kubectl cryoscope /);
    expect(out).toContain("\n  kubectl cryoscope node\n");
    expect(out).not.toMatch(/^ *cryoscope /m);
    expect(await plugin(["--help"], { columns: 100 })).toEqual({ code, out, err });
  });

  it("speaks of itself so in the help of commands and in what helps", async () => {
    expect((await plugin(["restore", "plan", "--help"])).out).toMatch(
      /^Usage: kubectl cryoscope restore plan /,
    );
    const node = (await plugin(["node", "--help"])).out.replace(/\s+/g, " ");
    expect(node).toContain("# every node of the cluster kubectl cryoscope node #");
    expect(node).not.toContain("this machine is asked");
    expect((await plugin(["nodes"])).err).toContain("next     kubectl cryoscope --help");
    const { code, err } = await plugin(["inspect", "nowhere", "-o", "json", "--what"]);
    expect(code).toBe(2);
    expect(JSON.parse(err)).toMatchObject({
      error: { next: "kubectl cryoscope inspect --help" },
    });
  });

  it("takes kubectl's flags behind the command and before it", async () => {
    const api = await fakeApi(objects);
    const file = kubeconfig(api, { namespace: "elsewhere" });
    const flags = ["-n", "default", `--kubeconfig=${file}`, "--context", "lab"];
    const other = ["-ndefault", "--kubeconfig", file, "--request-timeout", "1m"];
    for (const argv of [
      ["checkpoint", "counter", "-q", ...flags],
      [...flags, "checkpoint", "-q", "counter"],
      [...other, "checkpoint", "-q", "pod/counter", "-c", "counter"],
    ]) {
      expect(await plugin(argv), argv.join(" ")).toMatchObject({ code: 0, err: "" });
    }
    const deep = await plugin([...flags.slice(2), "restore", "plan", "x", "--node-file", "y"]);
    // They came to `plan` and not to `restore`, which knows none.
    expect(deep.err).toContain("the place is named in two ways");
  });

  it("takes the namespace of the context without -n", async () => {
    const api = await fakeApi(objects);
    const file = kubeconfig(api, { namespace: "default" });
    expect(await plugin(["checkpoint", "--kubeconfig", file, "-q", "pods/counter"])).toMatchObject({
      code: 0,
    });
  });

  it.each([
    [["checkpoint", "x", "--as-group=g"], "--as-group", "-n/--namespace, -s/--server, --context"],
    [["inspect", "-n", "x", "y"], "-n", "no flag of kubectl's: this asks no cluster"],
    [["node", "--token", "secret"], "--token", "--kubeconfig"],
  ])("%j: a flag of kubectl's that is not taken is called that", async (argv, flag, allowed) => {
    const { code, err } = await plugin(argv);
    expect(code).toBe(2);
    expect(err).toContain(`kubectl's ${flag} is not taken here`);
    expect(err).toContain(allowed);
    expect(err).not.toContain("secret");
    expect((await run(argv)).err).toContain(`unknown option '${argv.find((w) => w[0] === "-")}'`);
  });

  it("node means the nodes of the cluster, not the machine that kubectl runs on", async () => {
    const api = await fakeApi(objects);
    const { out } = await plugin(["node", "--no-headers", "--kubeconfig", kubeconfig(api)]);
    expect(out).toMatch(/^lab-node/);
    expect((await plugin(["node", "--root", scratch()])).out).not.toContain("lab-node");
  });
});

describe("what kubectl's flags change of the kubeconfig", () => {
  it("server, user and impersonation", async () => {
    const [api, other] = [await fakeApi(objects), await fakeApi(objects)];
    const file = kubeconfig(api, { user: { token: "mine" } });
    const words = ["checkpoint", "--kubeconfig", file, "default/counter", "-q"];
    const ran = await run([...words, "-s", other.url, "--as", "jane"]);
    expect(ran).toMatchObject({ code: 0 });
    expect(api.asked).toEqual([]);
    for (const { headers } of other.asked) {
      expect(headers).toMatchObject({
        "impersonate-user": "jane",
        authorization: "Bearer mine",
      });
    }
    await run([...words, "--cluster", "lab", "--user", "me"]);
    expect(api.asked.length).toBe(other.asked.length);
    expect(api.asked[0]?.headers["impersonate-user"]).toBeUndefined();
  });

  it.each([
    ["--cluster", "prod", "--cluster with one of lab"],
    ["--user", "root", "--user with one of me"],
    ["--context", "prod", "--context with one of lab"],
  ])("%s that is not there: which there are", async (flag, name, allowed) => {
    const file = kubeconfig(await fakeApi(objects));
    const ran = await run(["node", "--all", "--kubeconfig", file, flag, name, "--as", "x"]);
    expect(ran).toMatchObject({ code: 2, out: "" });
    expect(ran.err).toContain(name);
    expect(ran.err).toContain(allowed);
  });

  it("contradict a kubelet that is asked by its address", async () => {
    const ran = await run(["checkpoint", "a/b/c", "--kubelet", "https://h:1", "--as", "x"]);
    expect(ran).toMatchObject({ code: 2 });
    expect(ran.err).toContain("--as does not go with --kubelet");
  });
});

describe("a pod as kubectl names it", () => {
  it.each([
    [["pod/web", "-c", "side"]],
    [["-n", "default", "po/web", "-c", "side"]],
    [["default/web", "--container", "side"]],
    [["default/web/side", "-c", "side"]],
  ])("%j", async (words) => {
    const api = await fakeApi(objects);
    const ran = await run(["checkpoint", "--kubeconfig", kubeconfig(api), "-q", ...words]);
    expect(ran.err).toBe("");
    expect(api.asked.at(-1)?.path).toContain("/proxy/checkpoint/default/web/side");
  });

  it.each([
    [["default/web/side", "-c", "main"], "the target names another container than -c"],
    [["web", "-c", "main", "--all-containers"], "-c names one container"],
    [["pod/Web"], 'pod "Web"'],
  ])("%j: %s", async (words, message) => {
    const ran = await run(["checkpoint", ...words]);
    expect(ran).toMatchObject({ code: 2, out: "" });
    expect(ran.err).toContain(message);
  });
});
