import { UsageError } from "../../base/errors.ts";

/** Where the base image's root file system comes from. */
export interface Base {
  form: "directory" | "oci" | "oci-archive" | "docker-archive";
  path: string;
  /** Name of an image of several; only of an OCI layout. */
  name: string | undefined;
}

const forms = ["oci", "oci-archive", "docker-archive"] as const;

/**
 * Reads `DIR`, `oci:DIR[:NAME]`, `oci-archive:FILE[:NAME]` or `docker-archive:FILE[:NAME]`.
 * @throws {UsageError} where no path is named.
 */
export function parseBase(text: string): Base {
  const form = forms.find((each) => text.startsWith(`${each}:`));
  if (form === undefined) {
    if (text === "") throw wrong(text);
    return { form: "directory", path: text, name: undefined };
  }
  const rest = text.slice(form.length + 1);
  // As skopeo reads it: what follows the first colon is the image's name.
  const colon = rest.indexOf(":");
  const path = colon === -1 ? rest : rest.slice(0, colon);
  const name = colon === -1 ? undefined : rest.slice(colon + 1);
  if (path === "" || name === "" || text.includes("\0")) throw wrong(text);
  return { form, path, name };
}

function wrong(text: string): UsageError {
  return new UsageError({
    code: "rootfs",
    what: `${JSON.stringify(text)} names no root file system`,
    allowed: "DIR, oci:DIR[:NAME], oci-archive:FILE[:NAME] or docker-archive:FILE[:NAME]",
    next: "cryoscope restore bundle --help",
  });
}
