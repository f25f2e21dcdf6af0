import { UsageError } from "../../base/errors.ts";

/** An image's name, taken apart: `registry/repository:tag`. */
export interface Reference {
  /** Host, with a port where one is given. */
  registry: string;
  repository: string;
  tag: string;
}

/** A repository is 255 characters at most, as the distribution specification asks of registries. */
const repositoryForm =
  /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const registryForm =
  /^(?:localhost|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+|\[[0-9A-Fa-f:]+\]|[A-Za-z0-9-]+(?=:))(?::\d{1,5})?$/;
const tagForm = /^\w[\w.-]{0,127}$/;

/** The whole name, as runtimes and tools write it. */
export function nameOf({ registry, repository, tag }: Reference): string {
  return `${registry}/${repository}:${tag}`;
}

/**
 * Reads the name that a person gives an image.
 * @param local stands for the registry where none is named; without it one has to be.
 * @param tag where the name has none
 * @param command whose help tells more
 * @throws {UsageError} where it is no name for this image.
 */
export function parseReference(
  text: string,
  tag: string,
  local?: string,
  command = "restore image",
): Reference {
  const slash = text.indexOf("/");
  const first = slash === -1 ? "" : text.slice(0, slash);
  const named = registryForm.test(first);
  const registry = named ? first : local;
  const rest = named ? text.slice(slash + 1) : text;
  if (registry === undefined) {
    throw wrong(
      text,
      "a name without a registry",
      "REGISTRY/REPOSITORY[:TAG], such as registry.example:5000/team/app:1",
      command,
    );
  }
  if (rest.includes("@")) {
    throw wrong(text, "a digest", "a name and a tag: the digest is that of the new image", command);
  }
  const [, repository = "", given] = /^([^:]*)(?::(.*))?$/s.exec(rest) ?? [];
  const reference = { registry, repository, tag: given ?? tag };
  if (repository.length > 255 || !repositoryForm.test(repository)) {
    throw wrong(
      text,
      `the repository ${JSON.stringify(repository)}`,
      "lower-case letters, digits and single . _ - between them",
      command,
    );
  }
  if (!tagForm.test(reference.tag)) {
    throw wrong(
      text,
      `the tag ${JSON.stringify(reference.tag)}`,
      "up to 128 letters, digits, . _ and -, no . or - first",
      command,
    );
  }
  return reference;
}

function wrong(text: string, found: string, allowed: string, command: string): UsageError {
  return new UsageError({
    code: "reference",
    what: `${JSON.stringify(text)} is no name for this image`,
    found,
    allowed,
    next: `cryoscope ${command} --help`,
  });
}
