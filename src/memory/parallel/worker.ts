// The script of a thread that scans pieces (see pool.ts).
import { parentPort, workerData } from "node:worker_threads";
import { matcherOf, type Recipe } from "../matcher.ts";
import { type Piece, PieceScanner, pack } from "./job.ts";

const scanner = new PieceScanner(matcherOf(workerData as Recipe));

parentPort?.on("message", (pieces: Piece[]) => {
  const packed = pack(scanner.scanAll(pieces));
  parentPort?.postMessage(packed, [packed.buffer as ArrayBuffer]);
});
// Ready for the first job.
parentPort?.postMessage(undefined);
