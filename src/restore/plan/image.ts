import { parseReference } from "../../checkpoint/needs/image-reference.ts";
import {
  cannotTell,
  isPod,
  needsOf,
  no,
  noTarget,
  type PlanRow,
  type PlanSubject,
  sources,
  yes,
} from "./row.ts";

const need = needsOf("image", sources.containerd);

/** The image that the container ran: is it named in a way that finds it again, and is it there? */
export function imageRows(subject: PlanSubject): PlanRow[] {
  return isPod(subject)
    ? [formRow(subject), presentRow(subject)].filter((row) => row !== undefined)
    : [benchRow(subject)];
}

/** Names that a build or kind gives on the node, and that no registry knows. */
const nowhere =
  /^(?:localhost|kind\.local|ko\.local|dev\.local)\/|\/import-\d{4}-\d{2}-\d{2}(?:@|$)/;

/** containerd pulls the reference, `name@digest`; CRI-O takes the name, and does not pull. */
function formRow({ needs, runtime }: PlanSubject): PlanRow | undefined {
  const { reference, name } = needs.image;
  if (runtime === "cri-o") return undefined;
  const told = reference.value ?? name.value;
  const { evidence } = reference.value === null ? name : reference;
  const wanted = need("base-image", "the image can be pulled by what is noted", "name@digest", {
    evidence,
  });
  if (told === null) return cannotTell(wanted, evidence);
  const parsed = parseReference(told);
  if (parsed === undefined) {
    return no(
      wanted,
      `${told}, which names no registry (ctd#12876)`,
      "give the image that name on the node: ctr -n k8s.io images tag NAME DIGEST",
    );
  }
  if (nowhere.test(`${parsed.repository}@`)) {
    return no(
      wanted,
      `${told}, which no registry has`,
      "load it on the node as it was: kind load docker-image, ctr -n k8s.io images import",
    );
  }
  const loopback = /^(?:127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?\//.test(parsed.repository);
  return yes(wanted, loopback ? `${told}, a registry of the node itself` : told);
}

/** The API lists at most 50 images of a node. */
const mostListed = 50;

function presentRow({ needs, runtime, target }: PlanSubject): PlanRow | undefined {
  const { name, digest, reference } = needs.image;
  const pulls = runtime === "containerd";
  const wanted = need("base-image-there", "the image is on the node", name.value ?? "the image", {
    required: !pulls,
    evidence: name.value === null ? reference.evidence : name.evidence,
    source: pulls ? sources.containerd : sources.crio,
  });
  if (name.value === null && digest.value === null) return cannotTell(wanted, name.evidence);
  if (target === undefined) return cannotTell(wanted, noTarget);
  const remedy = `crictl pull ${name.value ?? reference.value}`;
  if (target.api === null) {
    return cannotTell(wanted, "the images of a host are its runtime's", `crictl images; ${remedy}`);
  }
  const { images } = target.api;
  const named = images.find((it) => it === name.value);
  const same = images.find((it) => digest.value !== null && it.endsWith(`@${digest.value}`));
  if (same !== undefined) return yes(wanted, same);
  if (named !== undefined && digest.value === null) return yes(wanted, named);
  if (named !== undefined) {
    return no(wanted, `${named} with another digest`, `pull the one of the dump: ${digest.value}`);
  }
  if (target.api.imageCount >= mostListed || target.api.imageCount === 0) {
    return cannotTell(wanted, "not among those that the API lists", remedy);
  }
  return no(wanted, "not there", pulls ? `${remedy} saves containerd the pull` : remedy);
}

function benchRow({ needs, runtime }: PlanSubject): PlanRow {
  const { name, id } = needs.image;
  const podman = runtime === "podman";
  const wanted = need(
    "base-image",
    podman ? "Podman has the image" : "the image's files are at hand",
    name.value ?? id.value ?? "the image of the dump",
    {
      required: false,
      evidence: name.value === null ? id.evidence : name.evidence,
      source: podman ? sources.podman : sources.oci,
    },
  );
  return cannotTell(
    wanted,
    "what lies in stores and folders is not looked through",
    podman
      ? `podman image exists ${id.value ?? name.value ?? "ID"}, or podman pull before`
      : "restore bundle takes it from a folder, an image layout or a docker archive",
  );
}
