import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/base/json-object.ts";
import {
  effectiveKubelet,
  gateOf,
  settingOf,
  settingsOfConfigz,
} from "../../../src/kubelet/config/effective.ts";
import { flagValue, gateFlags, parseFlags } from "../../../src/kubelet/config/flags.ts";

const effective = (words: string[], main?: JsonObject, ...dropIns: JsonObject[]) =>
  effectiveKubelet({
    flags: parseFlags(words),
    main: main === undefined ? undefined : { origin: "/etc/k/config.yaml", value: main },
    dropIns: dropIns.map((value, at) => ({ origin: `/etc/k/d/${at}.conf`, value })),
  });

const found = (name: string, ...given: Parameters<typeof effective>) => {
  const setting = effective(...given).settings.find((entry) => entry.name === name);
  return [setting?.value, setting?.origin];
};

describe("flags", () => {
  it("are read as pflag reads them", () => {
    const words =
      "kubelet --root-dir /data --v=2 --seccomp-default --feature_gates=A=true --port=1 --port 2 -v=4 --fail-swap-on=false -- --address=x";
    expect(parseFlags(words.split(" "))).toEqual([
      { name: "root-dir", value: "/data" },
      { name: "v", value: "2" },
      { name: "seccomp-default", value: "true" },
      { name: "feature-gates", value: "A=true" },
      { name: "port", value: "1" },
      { name: "port", value: "2" },
      { name: "v", value: "4" },
      { name: "fail-swap-on", value: "false" },
    ]);
    expect(flagValue(parseFlags(words.split(" ")), "port")).toBe("2");
  });

  it("name gates, the later ones winning", () => {
    const flags = parseFlags([
      "--feature-gates=A=true,B=false,junk,C=maybe",
      "--feature-gates",
      "B=T",
    ]);
    expect([...gateFlags(flags)]).toEqual([
      ["A", true],
      ["B", true],
    ]);
  });
});

describe("what is in force", () => {
  it("is the kubelet's default where nothing is said, older ones without a file", () => {
    expect(found("authentication.anonymous.enabled", [])).toEqual([true, "default"]);
    expect(found("authorization.mode", [])).toEqual(["AlwaysAllow", "default"]);
    expect(found("authentication.anonymous.enabled", [], {})).toEqual([false, "default"]);
    expect(found("authorization.mode", [], {})).toEqual(["Webhook", "default"]);
    expect(found("port", [], { port: 0 })).toEqual([10250, "default"]);
    for (const said of [{}, { runtimeRequestTimeout: "0s" }, { runtimeRequestTimeout: null }]) {
      expect(found("runtimeRequestTimeout", [], said)).toEqual(["2m0s", "default"]);
    }
    expect(found("runtimeRequestTimeout", [], { runtimeRequestTimeout: "10m" })[0]).toBe("10m");
  });

  it("comes from the file, a drop-in over it, a flag over both", () => {
    const main = { port: 1, address: "10.0.0.1" };
    expect(found("port", [], main)).toEqual([1, "/etc/k/config.yaml"]);
    expect(found("port", [], main, { port: 2 }, { port: 3 })).toEqual([3, "/etc/k/d/1.conf"]);
    expect(found("address", [], main, { port: 2 })).toEqual(["10.0.0.1", "/etc/k/config.yaml"]);
    expect(found("port", ["--port=4"], main, { port: 2 })).toEqual([4, "--port"]);
  });

  it("gets no default again after the drop-ins", () => {
    expect(found("address", [], {}, { address: "" })).toEqual(["", "/etc/k/d/0.conf"]);
  });

  it("merges gates of all three, and maps with their defaults", () => {
    const { settings } = effective(
      ["--feature-gates=C=true,B=true"],
      { featureGates: { A: true, B: false } },
      { featureGates: { B: false, D: false }, evictionHard: { "memory.available": "1Gi" } },
    );
    expect(["A", "B", "C", "D", "E"].map((gate) => gateOf(settings, gate))).toEqual([
      true,
      true,
      true,
      false,
      undefined,
    ]);
    expect(settings.find(({ name }) => name === "evictionHard")?.value).toMatchObject({
      "memory.available": "1Gi",
      "nodefs.available": "10%",
    });
  });

  it("counts relative paths from the main file, and leaves those of drop-ins", () => {
    expect(found("staticPodPath", [], { staticPodPath: "pods" })).toEqual([
      "/etc/k/pods",
      "/etc/k/config.yaml",
    ]);
    expect(found("staticPodPath", [], {}, { staticPodPath: "pods" })[0]).toBe("pods");
  });

  it("names the folders", () => {
    expect(effective(["--root-dir=/data/kubelet"], {})).toMatchObject({
      rootDir: "/data/kubelet",
      checkpointsDir: "/data/kubelet/checkpoints",
      certDir: "/data/kubelet/pki",
    });
  });

  it("survives a file in which types are wrong", () => {
    const { settings } = effective([], { port: "x", authentication: [], featureGates: 7 });
    expect(settingOf(settings, "port", "number")).toBeUndefined();
    expect(gateOf(settings, "ContainerCheckpoint")).toBeUndefined();
    expect(settingOf(settings, "authentication.anonymous.enabled", "boolean")).toBe(false);
  });
});

describe("configz", () => {
  it("has defaults and flags in it already", () => {
    const settings = settingsOfConfigz({
      kubeletconfig: { port: 10250, featureGates: { ContainerCheckpoint: false } },
    });
    expect(gateOf(settings ?? [], "ContainerCheckpoint")).toBe(false);
    expect(settingOf(settings ?? [], "readOnlyPort", "number")).toBe(0);
  });

  it.each([null, 1, [], {}, { kubeletconfig: 1 }])("%j is none", (document) => {
    expect(settingsOfConfigz(document)).toBeUndefined();
  });
});
