// How much of a large archive `inspect` fetches, and how long that takes against the same file here.
import { once } from "node:events";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { createServer } from "node:http";

/** Serves a file by ranges on this machine, and counts. `latency` in milliseconds before each answer. */
export async function serveFile(path, latency = 0) {
  const fd = openSync(path, "r");
  const { size } = fstatSync(fd);
  const told = { requests: 0, bytes: 0 };
  const answer = (request, response) => {
    const [from = 0, to = size - 1] =
      (request.headers.range ?? "").match(/\d+/g)?.map(Number) ?? [];
    const end = Math.min(to + 1, size);
    const bytes = Buffer.alloc(end - from);
    readSync(fd, bytes, 0, bytes.length, from);
    told.requests += 1;
    told.bytes += bytes.length;
    const range = { "content-range": `bytes ${from}-${end - 1}/${size}`, etag: '"1"' };
    response.writeHead(206, { ...range, "content-length": bytes.length }).end(bytes);
  };
  const server = createServer((request, response) => {
    if (latency === 0) answer(request, response);
    else setTimeout(answer, latency, request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = () => {
    server.closeAllConnections();
    server.close();
    closeSync(fd);
  };
  return { url: `http://127.0.0.1:${server.address().port}/large.tar`, told, stop };
}

/**
 * Measures `inspect` over loopback HTTP against the same archive here, and tells what it fetches.
 * @param words that inspect a path or an address
 */
export async function measureRemote({ archive, words, run, measure, rounds }) {
  const near = await serveFile(archive.path);
  const far = await serveFile(archive.path, 20);
  try {
    await run(words(near.url));
    const { requests, bytes } = near.told;
    const fetched = `${requests} requests, ${(bytes / 1024).toFixed(0)} KiB`;
    await measure(`inspect of ${archive.size} elsewhere (${fetched})`, rounds, [
      { label: "inspect, a file here", words: words(archive.path) },
      { label: "inspect, HTTP on this machine", words: words(near.url), limit: 3 },
      { label: "inspect, HTTP, 20 ms each answer", words: words(far.url) },
    ]);
  } finally {
    near.stop();
    far.stop();
  }
}
