import { isObject, type JsonObject, valueAt } from "../base/json-object.ts";
import { maskNamed } from "../base/mask.ts";
import { type Documents, textAt } from "../runtime/documents.ts";

export interface InspectedMount {
  destination: string;
  type: string | null;
  source: string | null;
  options: string[];
}

interface InspectedInterface {
  network: string;
  name: string;
  mac: string | null;
  addresses: string[];
}

export interface InspectedNetwork {
  hostname: string | null;
  interfaces: InspectedInterface[];
}

/** The mounts that the runtime was told to make (`spec.dump`). */
export function describeMounts(spec: JsonObject | undefined): InspectedMount[] {
  const mounts = valueAt(spec, "mounts");
  if (!Array.isArray(mounts)) return [];
  return mounts.filter(isObject).flatMap((mount) => {
    const destination = textAt(mount, "destination");
    if (destination === undefined) return [];
    const options = valueAt(mount, "options");
    return {
      destination,
      type: textAt(mount, "type") ?? null,
      source: textAt(mount, "source") ?? null,
      options: Array.isArray(options)
        ? options.filter((option): option is string => typeof option === "string")
        : [],
    };
  });
}

/** Host name and interfaces, where the runtime noted them. */
export async function describeNetwork(
  documents: Documents,
  spec: JsonObject | undefined,
): Promise<InspectedNetwork> {
  const hostname = textAt(spec, "hostname") ?? null;
  // Podman writes the four bytes `null` where the container has no network of its own.
  const status = await documents.json("network.status");
  const interfaces: InspectedInterface[] = [];
  for (const [network, entry] of isObject(status) ? Object.entries(status) : []) {
    const found = valueAt(entry, "interfaces");
    for (const [name, device] of isObject(found) ? Object.entries(found) : []) {
      const subnets = valueAt(device, "subnets");
      interfaces.push({
        network,
        name,
        mac: textAt(device, "mac_address") ?? null,
        addresses: (Array.isArray(subnets) ? subnets : []).flatMap(
          (subnet) => textAt(subnet, "ipnet") ?? [],
        ),
      });
    }
  }
  return { hostname, interfaces };
}

/** Annotations or labels by name, secrets masked. */
export function maskMap(texts: Map<string, string>, reveal: boolean): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [key, value] of [...texts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    Object.defineProperty(result, key, {
      value: reveal ? value : maskNamed(key, value),
      enumerable: true,
    });
  }
  return result;
}
