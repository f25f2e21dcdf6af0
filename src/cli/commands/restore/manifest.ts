import { UsageError } from "../../../base/errors.ts";
import { parseReference } from "../../../remote/registry/reference.ts";
import { decisionText, renderManifest } from "../../../report/restore-manifest-view.ts";
import type { TargetRuntime } from "../../../restore/manifest/capabilities.ts";
import { makeManifest } from "../../../restore/manifest/manifest.ts";
import { isLabel, isObjectName } from "../../../restore/manifest/names.ts";
import type { Io } from "../../io.ts";
import { openTarget } from "../../open-target.ts";
import type { CommonOptions } from "../../options.ts";
import { printPieces, renderDocument } from "../../output.ts";
import { verdict } from "../../verdict.ts";

export interface ManifestCommandOptions extends Omit<CommonOptions, "output"> {
  output: "yaml" | "json";
  image?: string;
  name?: string;
  namespace?: string;
  node?: string;
  runtime?: TargetRuntime;
}

export async function runManifest(
  path: string,
  options: ManifestCommandOptions,
  io: Io,
): Promise<number> {
  checkNames(options);
  const checkpoint = await openTarget(path, options as CommonOptions, io);
  try {
    const made = await makeManifest(checkpoint, options);
    const { document } = made;
    const pieces =
      options.output === "json"
        ? await renderDocument(document, "json")
        : [await renderManifest(made)];
    await printPieces(pieces, options.outputFile, io, options);
    if (options.quiet !== true) {
      for (const decision of document.decisions) {
        await io.err.write(`decide: ${decisionText(decision)}\n`);
      }
    }
    return await verdict(document.problems, io);
  } finally {
    await checkpoint.close();
  }
}

/** What Kubernetes would refuse is refused here, where it is typed. */
function checkNames({ name, namespace, node, image }: ManifestCommandOptions): void {
  const wrong = (option: string, found: string, allowed: string): UsageError =>
    new UsageError({
      what: `${option} is no name that Kubernetes takes`,
      found: `'${found}'`,
      allowed,
      next: "cryoscope restore manifest --help",
    });
  const names = "lower case letters, digits, - and ., beginning and ending with a letter or digit";
  const labels = "at most 63 lower case letters, digits and -";
  if (name !== undefined && !isObjectName(name)) throw wrong("--name", name, names);
  if (node !== undefined && !isObjectName(node)) throw wrong("--node", node, names);
  if (namespace !== undefined && !isLabel(namespace)) {
    throw wrong("--namespace", namespace, labels);
  }
  if (image !== undefined) checkImage(image);
}

const digestForm = /^sha256:[0-9a-f]{64}$/;

/** The kubelet refuses with InvalidImageName what is no reference, a path too. */
function checkImage(image: string): void {
  const [named = "", digest, ...more] = image.split("@");
  try {
    parseReference(named, "latest", "docker.io");
    if (more.length === 0 && (digest === undefined || digestForm.test(digest))) return;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
  }
  throw new UsageError({
    what: "--image is no reference of an image",
    found: `'${image}'`,
    allowed: "[REGISTRY/]REPOSITORY[:TAG][@sha256:DIGEST]; the kubelet takes no path",
    next: "cryoscope restore manifest --help",
  });
}
