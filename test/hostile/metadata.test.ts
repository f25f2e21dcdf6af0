import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { CheckpointBuilder } from "../support/checkpoint-builder.ts";
import { type HostileCase, hostileCases, owner } from "../support/hostile.ts";
import { run } from "../support/run.ts";
import { endMarker, gnuSparse, header, privateFile, sparseFile } from "../support/tar-builder.ts";

const GiB = 1024 ** 3;
const around = ["cri-o", "pages-1.img", "sleep 1"];

function config(name: string, content: Uint8Array | string, says: readonly string[]): HostileCase {
  return {
    name,
    path: async () => (await CheckpointBuilder.from()).replace("config.dump", content).write(),
    code: says.length === 0 ? 0 : 3,
    says,
    shows: around,
  };
}

hostileCases("metadata", [
  config("that is not JSON", "container: counter\n", ["config.dump is no JSON"]),
  config("that is empty", "", ["config.dump is no JSON"]),
  config("that ends too early", '{"id": "93887e4', ["config.dump is no JSON"]),
  config("that is a list", '[{"id": "x"}]', [
    "config.dump holds a list where a JSON object belongs",
  ]),
  config("that is a number", "7", ["config.dump holds 7 where a JSON object belongs"]),
  config("that is null", "null", ["config.dump holds null where a JSON object belongs"]),
  config("that lacks all fields", "{}", []),
  config("whose fields are of other types", '{"id": 7, "name": {}, "createdTime": [1]}', []),
  config("whose times are none", '{"createdTime": "soon", "checkpointedTime": "9e99"}', []),
  config("with keys that mean something to JavaScript", '{"__proto__": {"id": "x"}}', []),
  config("nested 100,000 deep", `${"[".repeat(100_000)}`, ["config.dump is no JSON"]),
  config("in UTF-16", Buffer.from("\ufeff{}", "utf16le"), [
    "config.dump is not UTF-8, so it is no JSON",
  ]),
  config("that is no text", Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), [
    "config.dump is not UTF-8, so it is no JSON",
  ]),
  {
    name: "of 5 GB",
    path: async () => {
      const tar = (await CheckpointBuilder.from()).drop("config.dump").bytes(Buffer.alloc(0));
      const size = 5 * GiB;
      return sparseFile([tar, header({ name: "config.dump", size }), { hole: size }, endMarker]);
    },
    code: 3,
    says: ["config.dump has 5,368,709,120 bytes; allowed 33,554,432"],
    shows: around,
  },
  {
    name: "of 5 GB in a sparse member",
    path: async () => {
      const entry = gnuSparse({ body: "{}" }, [[0, 2]], 5 * GiB);
      return (await CheckpointBuilder.from()).replace("config.dump", entry).write();
    },
    code: 3,
    says: ["config.dump has 5,368,709,120 bytes; allowed 33,554,432"],
    shows: around,
  },
  {
    name: "that is missing",
    path: async () => (await CheckpointBuilder.from()).drop("config.dump", "spec.dump").write(),
    code: 0,
    says: [],
    shows: ["pages-1.img", "sleep 1"],
  },
  {
    name: "of two engines",
    path: async () =>
      (await CheckpointBuilder.from())
        .replace("config.dump", '{"lockID": 1, "staticDir": "/x", "runtime": "io.containerd.runc"}')
        .write(),
    code: 0,
    says: ["so neither is believed"],
    shows: ["unknown", "pages-1.img", "sleep 1"],
  },
  {
    name: "that is not JSON, compressed",
    path: async () => {
      const builder = (await CheckpointBuilder.from()).replace("config.dump", "no");
      return privateFile(gzipSync(builder.bytes()), "checkpoint.tar.gz");
    },
    code: 3,
    says: ["config.dump is no JSON"],
    shows: around,
  },
  {
    name: "that the file name contradicts",
    path: async () =>
      (await CheckpointBuilder.from()).write(
        "checkpoint-other-pod_prod-web-2026-11-21T21:20:14Z.tar",
      ),
    code: 0,
    says: ["the file name says prod/other-pod/web, the metadata default/counter-lab-node/counter"],
    shows: around,
  },
]);

test("a document of 32 MiB is read without fuss", async () => {
  const builder = await CheckpointBuilder.from();
  builder.replace("config.dump", `{"id": "${"x".repeat(31 * 1024 * 1024)}"}`);
  const { code } = await run(["list", ...owner, "-q", builder.write()]);
  expect(code).toBe(0);
});
