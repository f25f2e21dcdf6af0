import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { Answer } from "../../src/kubelet/http/body.ts";

/** A request and the answer that a real server gave to it. */
export interface Recording {
  name: string;
  method: string;
  /** As far as curl was told: absolute, with its query. */
  url: string;
  answer: Answer;
}

const folder = new URL("../kubelet/recordings/", import.meta.url);

/** Reads `kubelet/NAME` or `cluster/NAME`. */
export function recording(name: string): Recording {
  const text = readFileSync(fileURLToPath(new URL(`${name}.txt`, folder)), "utf8");
  const [request = "", ...rest] = text.split("\n");
  const [, method = "GET"] = /(?:-X |^# )(GET|PUT|POST|HEAD)\b/.exec(request) ?? [];
  const url = /https?:\/\/\S+/.exec(request)?.[0] ?? "";
  const end = rest.findIndex((line) => line.trim() === "");
  const [head = "", ...fields] = rest.slice(0, end).map((line) => line.trim());
  const headers = Object.fromEntries(
    fields.map((field) => {
      const colon = field.indexOf(":");
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
    }),
  );
  const [, version = "", status = ""] = /^HTTP\/(\S+) (\d+)/.exec(head) ?? [];
  // The recorder put a line break behind each body.
  const whole = Buffer.from(rest.slice(end + 1).join("\n"));
  const length = Number(headers["content-length"] ?? whole.length);
  return {
    name,
    method,
    url,
    answer: {
      status: Number(status),
      headers,
      body: whole.subarray(0, length).toString(),
      protocol: version === "2" ? "HTTP/2" : "HTTP/1.1",
    },
  };
}

/** Names of all recordings of one source. */
export function recordingsOf(source: "kubelet" | "cluster"): string[] {
  return readdirSync(fileURLToPath(new URL(source, folder)))
    .filter((name) => name.endsWith(".txt"))
    .map((name) => `${source}/${basename(name, ".txt")}`);
}
