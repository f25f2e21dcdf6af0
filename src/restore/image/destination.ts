import { UsageError } from "../../base/errors.ts";

/** How an image lies on a disk: an OCI layout as a folder or as a tar, or what `docker load` reads. */
export type DestinationForm = "oci" | "oci-archive" | "docker-archive";

export interface Destination {
  form: DestinationForm;
  path: string;
}

const forms: readonly DestinationForm[] = ["oci", "oci-archive", "docker-archive"];
const allowed = "oci:DIR, oci-archive:FILE or docker-archive:FILE";

/**
 * Reads `oci:DIR`, `oci-archive:FILE` or `docker-archive:FILE`.
 * @throws {UsageError} for another form, and for a path that other tools could not name.
 */
export function parseDestination(text: string): Destination {
  const form = forms.find((each) => text.startsWith(`${each}:`));
  const path = form === undefined ? "" : text.slice(form.length + 1).replace(/(?<=.)\/+$/, "");
  if (form === undefined || path === "") {
    throw new UsageError({
      code: "destination",
      what: `${JSON.stringify(text)} says no form and place of an image`,
      allowed,
      next: "cryoscope restore image --help",
    });
  }
  if (/[:\0]/.test(path)) {
    throw new UsageError({
      code: "destination",
      what: "the path of an image cannot hold a colon: skopeo, Podman and buildah take what follows it for a tag",
      found: path,
      allowed,
      next: "choose another name, and give the image's own name by --tag",
    });
  }
  return { form, path };
}
