import { isObject, valueAt } from "../../../base/json-object.ts";
import { textAt, textsAt } from "../../../runtime/documents.ts";
import { pointer, shortened } from "../../facts/annotations.ts";
import { climbs } from "../../facts/paths.ts";
import type { FindingPlace, Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

export const identifiers: Rule = {
  id: "hostile/identifiers",
  title: "Name or id is a path",
  severity: "high",
  looksAt: "ids and names of container, sandbox and volumes, and log paths, in the metadata",
  why: "Runtimes make folders, sockets and logs out of these names, as root. One with `/` or `..` makes them in other places of the node. No runtime gives such a name.",
  remedy: "Do not restore it. Find out who made the archive; make the checkpoint again.",
  evaluate,
};

const identifierForm = /^[A-Za-z0-9][\w.-]*$/;
const idAnnotations = [
  "io.kubernetes.cri-o.ContainerID",
  "io.kubernetes.cri-o.SandboxID",
  "io.kubernetes.cri-o.Name",
  "io.kubernetes.cri-o.SandboxName",
  "io.kubernetes.cri.sandbox-id",
  "io.kubernetes.cri.container-name",
  "io.kubernetes.cri.sandbox-name",
  "io.kubernetes.cri.sandbox-namespace",
  "io.kubernetes.cri.sandbox-uid",
  "io.kubernetes.container.name",
  "io.kubernetes.pod.name",
  "io.kubernetes.pod.namespace",
  "io.kubernetes.pod.uid",
] as const;

interface Named {
  what: string;
  text: string | undefined;
  place: FindingPlace;
}

async function* evaluate({ checkpoint }: Subject): AsyncGenerator<Sighting> {
  const { documents } = checkpoint;
  const config = await documents.object("config.dump");
  const status = await documents.object("status.dump");
  const annotations = textsAt(await documents.object("spec.dump"), "annotations");
  const at = (member: string, ...path: (string | number)[]): FindingPlace => ({
    member,
    pointer: pointer(...path),
  });
  const names: Named[] = [
    { what: "id", text: textAt(config, "id"), place: at("config.dump", "id") },
    { what: "name", text: textAt(config, "name"), place: at("config.dump", "name") },
    { what: "id", text: textAt(status, "id"), place: at("status.dump", "id") },
    ...idAnnotations.map((key) => ({
      what: key,
      text: annotations.get(key),
      place: at("spec.dump", "annotations", key),
    })),
    ...volumes(valueAt(config, "namedVolumes")).map((text, index) => ({
      what: "volume",
      text,
      place: at("config.dump", "namedVolumes", index, "volumeName"),
    })),
  ];
  for (const { what, text, place } of names) {
    if (text !== undefined && !identifierForm.test(text)) yield told(what, text, place);
  }
  const logPath = "io.kubernetes.cri-o.LogPath";
  const logs: Named[] = [
    {
      what: "log path",
      text: annotations.get(logPath),
      place: at("spec.dump", "annotations", logPath),
    },
    { what: "log path", text: textAt(status, "log_path"), place: at("status.dump", "log_path") },
    { what: "log path", text: textAt(config, "logPath"), place: at("config.dump", "logPath") },
  ];
  for (const { what, text, place } of logs) {
    if (text !== undefined && climbs(text)) yield told(what, text, place);
  }
}

function volumes(list: unknown): (string | undefined)[] {
  if (!Array.isArray(list)) return [];
  return list.map((entry) => (isObject(entry) ? textAt(entry, "volumeName") : undefined));
}

function told(what: string, text: string, place: FindingPlace): Sighting {
  return {
    message: `${place.member} gives ${shortened(text)} as ${what}`,
    key: `${place.member}${place.pointer}`,
    places: [place],
  };
}
