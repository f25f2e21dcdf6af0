import { forEachEntry, type ReadContext } from "../entries.ts";
import { parseImageName } from "../image-name.ts";

/** Names of network interfaces: asked by network namespace and index. */
export class Interfaces {
  readonly #names = new Map<string, string>();

  add(namespaceId: number, index: number, name: string): void {
    this.#names.set(`${namespaceId} ${index}`, name);
  }

  /** `eth0`, or `interface 3` where the images do not name it. */
  name(namespaceId: number | undefined, index: number): string {
    return this.#names.get(`${namespaceId} ${index}`) ?? `interface ${index}`;
  }
}

/** Reads the interfaces of all network namespaces of a dump (`netdev-N.img`). */
export async function readInterfaces(context: ReadContext): Promise<Interfaces> {
  const interfaces = new Interfaces();
  for (const image of [...context.folder.names()].sort()) {
    const name = parseImageName(image);
    if (name?.type !== "NETDEV" || name.id === undefined) continue;
    const namespaceId = Number(name.id);
    await forEachEntry(context, image, "net_device_entry", ({ entry }) => {
      interfaces.add(namespaceId, entry.ifindex, entry.name);
    });
  }
  return interfaces;
}
