import { networkInterfaces } from "node:os";

/**
 * May this be an address of this machine? The loopback may also be the near end of a tunnel, so
 * whether the archive lies here has to be looked at.
 */
export function mayBeHere(host: string | undefined): boolean {
  if (host === undefined) return false;
  const address = host.replace(/^\[|\]$/g, "");
  if (/^(localhost|127\..*|::1)$/.test(address)) return true;
  return Object.values(networkInterfaces()).some((own) =>
    own?.some((entry) => entry.address === address),
  );
}
