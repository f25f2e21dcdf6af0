/** A reference to an image, taken apart: `registry/repository:tag@digest`. */
interface ImageReference {
  /** With registry; short names are completed as runtimes do (`docker.io/library/…`). */
  repository: string;
  tag: string | undefined;
  /** `sha256:…` as it stands there. */
  digest: string | undefined;
}

/** Digest as the OCI image specification has it. */
const digestForm = /^sha256:[0-9a-f]{64}$/;
const bareId = /^(?:sha256:)?[0-9a-f]{64}$/;

/** Reads a reference; undefined for the bare id of an image, and for what names no image. */
export function parseReference(text: string): ImageReference | undefined {
  if (text === "" || bareId.test(text)) return undefined;
  const at = text.indexOf("@");
  const digest = at === -1 ? undefined : text.slice(at + 1);
  const named = at === -1 ? text : text.slice(0, at);
  const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
  const repository = complete(colon === -1 ? named : named.slice(0, colon));
  return { repository, tag: colon === -1 ? undefined : named.slice(colon + 1), digest };
}

function complete(name: string): string {
  const slash = name.indexOf("/");
  const first = name.slice(0, slash);
  const hasRegistry = slash !== -1 && (/[.:]/.test(first) || first === "localhost");
  if (hasRegistry) return name.replace(/^docker\.io\/(?!.*\/)/, "docker.io/library/");
  return slash === -1 ? `docker.io/library/${name}` : `docker.io/${name}`;
}

/** The id or digest in a text, without `sha256:`. */
export function hashOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (bareId.test(text)) return text.slice(-64);
  const digest = text.slice(text.indexOf("@") + 1);
  return text.includes("@") && digestForm.test(digest) ? digest.slice(-64) : undefined;
}

/** Is there a digest that none of the runtimes would have written? */
export function hasBadDigest(text: string | undefined): boolean {
  return text?.includes("@") === true && hashOf(text) === undefined;
}
