import { checkFolder, PartialFile } from "../../../archive/landing.ts";
import { formatDuration } from "../../../base/duration.ts";
import { Fault, UsageError } from "../../../base/errors.ts";
import { formatBytes } from "../../../base/units.ts";
import type { Fetched } from "../../../kubelet/fetch/fetch.ts";
import {
  type FetchFrom,
  type FetchWish,
  fetchArchive,
} from "../../../kubelet/fetch/fetch-archive.ts";
import { mayBeHere } from "../../../kubelet/fetch/here.ts";
import { fetchWords } from "../../../kubelet/fetch/words.ts";
import type { Place } from "../../../kubelet/route.ts";
import { checkNamespace } from "../../../kubelet/target.ts";
import type { Io } from "../../io.ts";
import { type CheckpointOptions, seconds } from "./options.ts";
import type { Watch } from "./watch.ts";

/** What the options say of bringing archives here. */
export interface Fetching {
  folder: string;
  command: readonly string[] | undefined;
  image: string;
  namespace: string | undefined;
  removeRemote: boolean;
  /** Milliseconds. */
  patience: number;
}

const usage = (what: string, found: string, allowed: string): UsageError =>
  new UsageError({ code: "fetch", what, found, allowed, next: "cryoscope checkpoint --help" });

const longest = 7n * 86_400n;

/**
 * Looks at all of it before anything is checkpointed, the folder too.
 * @returns undefined where nothing is to be brought.
 */
export async function fetchingOf(options: CheckpointOptions): Promise<Fetching | undefined> {
  const { fetch: folder, fetchCommand, kubelet, removeRemote = false } = options;
  if (folder === undefined) {
    const alone = loose(options);
    if (alone === undefined) return undefined;
    throw usage(`${alone} is of no use without --fetch`, alone, `--fetch DIR ${alone}`);
  }
  if (fetchCommand !== undefined && removeRemote) {
    throw usage(
      "--remove-remote does not go with --fetch-command, which compares no hash",
      "--fetch-command and --remove-remote",
      "one of the two",
    );
  }
  if (kubelet !== undefined && fetchCommand === undefined && !mayBeHere(hostOf(kubelet))) {
    throw usage(
      "--fetch brings nothing from a kubelet that is asked by its address",
      "--kubelet and --fetch",
      "a kubeconfig instead of --kubelet, or --fetch-command 'ssh {node} sudo cat {path}'",
    );
  }
  if (options.namespaceForFetch !== undefined) checkNamespace(options.namespaceForFetch);
  const command = fetchCommand === undefined ? undefined : fetchWords(fetchCommand);
  const fetching = {
    folder,
    command,
    image: options.fetchImage,
    namespace: options.namespaceForFetch,
    removeRemote,
    patience: patience(options.fetchTimeout),
  };
  await checkFolder(folder);
  return fetching;
}

function loose(options: CheckpointOptions): string | undefined {
  const given: readonly [string, boolean][] = [
    ["--fetch-command", options.fetchCommand !== undefined],
    ["--namespace-for-fetch", options.namespaceForFetch !== undefined],
    ["--fetch-timeout", options.fetchTimeout !== undefined],
    ["--remove-remote", options.removeRemote === true],
  ];
  return given.find(([, is]) => is)?.[0];
}

function hostOf(kubelet: string): string {
  const url = kubelet.includes("://") ? kubelet : `https://${kubelet}`;
  return URL.canParse(url) ? new URL(url).hostname : "";
}

function patience(text: string | undefined): number {
  const told = seconds("--fetch-timeout", text) ?? 3600n;
  if (told > 0n && told <= longest) return Number(told) * 1000;
  throw usage("--fetch-timeout is too short or too long", `${told} s`, "1s to 168h");
}

/** Brings each of the archives of one container; one that fails does not keep the others back. */
export async function fetchAll(
  paths: readonly string[],
  place: Place,
  from: FetchFrom,
  fetching: Fetching,
  watch: Watch,
  io: Io,
  interrupted: AbortSignal,
): Promise<(Fetched | Fault)[]> {
  const results: (Fetched | Fault)[] = [];
  for (const path of paths) {
    const since = io.now();
    const wish: FetchWish = {
      ...fetching,
      landing: (name) => PartialFile.open(fetching.folder, name),
      env: io.env,
      clock: io,
      interrupted,
      progress: (read, total) => watch.progress(place, read, total),
      began: (way) => watch.began(place, `bringing the archive ${way}`),
    };
    const result = await fetchArchive(path, from, wish).catch((error: unknown) => {
      if (error instanceof Fault) return error;
      throw error;
    });
    results.push(result);
    watch.told(place, verdict(result, io.now() - since));
  }
  return results;
}

function verdict(result: Fetched | Fault, took: number): string {
  if (result instanceof Fault) return `not brought, after ${formatDuration(took)}`;
  const compared = result.compared
    ? "SHA-256 is the same on both ends"
    : "nothing to compare its SHA-256 with";
  return `${formatBytes(result.sizeBytes)} brought in ${formatDuration(took)}, ${compared}`;
}
