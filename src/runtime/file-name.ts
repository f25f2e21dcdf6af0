import { fileNameIn } from "../base/remote-name.ts";
import { parseTime } from "../base/time.ts";

/** One way to read the kubelet's file name. */
export interface FileNameReading {
  pod: string;
  namespace: string;
  container: string;
}

/** What the name of an archive says, in all its readings. */
export interface FileName {
  readings: FileNameReading[];
  /** RFC 3339, in the node's time zone. */
  time: string;
}

/**
 * The kubelet's name, `checkpoint-POD_NAMESPACE-CONTAINER-TIME.tar`. Namespace and container may
 * both hold hyphens, so the text between the last `_` and the time has as many readings as it has
 * hyphens; only metadata can choose.
 * @param path or address, whose last part counts
 * @returns undefined for a name that the kubelet does not give.
 */
export function parseFileName(path: string): FileName | undefined {
  const base = fileNameIn(path);
  const match =
    /^checkpoint-(.+)-(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2}))\.tar(?:\.(?:gz|zst))?$/.exec(
      base,
    );
  if (match === null) return undefined;
  const [, names, time] = match as unknown as [string, string, string];
  const underscore = names.lastIndexOf("_");
  if (underscore < 1 || parseTime(time) === undefined) return undefined;
  const pod = names.slice(0, underscore);
  const rest = names.slice(underscore + 1);
  const readings: FileNameReading[] = [];
  for (let dash = rest.indexOf("-"); dash !== -1; dash = rest.indexOf("-", dash + 1)) {
    const namespace = rest.slice(0, dash);
    const container = rest.slice(dash + 1);
    if (isLabel(namespace) && isLabel(container)) readings.push({ pod, namespace, container });
  }
  return readings.length === 0 ? undefined : { readings, time };
}

/** A DNS label (RFC 1123): what Kubernetes allows for namespaces and containers. */
function isLabel(name: string): boolean {
  return name.length <= 63 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name);
}

/** The readings that fit what metadata says. */
export function fittingReadings(
  name: FileName,
  known: Partial<FileNameReading>,
): FileNameReading[] {
  return name.readings.filter(
    (reading) =>
      (known.pod === undefined || known.pod === reading.pod) &&
      (known.namespace === undefined || known.namespace === reading.namespace) &&
      (known.container === undefined || known.container === reading.container),
  );
}
