import type { MountItem } from "../../../checkpoint/mount-list.ts";
import { outside, sharing } from "../../../report/mount-view.ts";
import { type Field, fieldSection } from "../../view/fields.ts";
import { line, span } from "../../view/line.ts";
import { linesScreen } from "../lines-screen.ts";

export interface MountArgument {
  path: string;
  namespaceId: number;
  id: number;
  mountpoint: string;
}

function fields(mount: MountItem): Field[] {
  return [
    ["mountpoint", mount.mountpoint],
    ["type", mount.fstype],
    ["source", mount.source],
    ["folder", mount.root],
    ["flags", mount.flags.join(", ") || null],
    ["super flags", mount.superFlags.join(", ") || null],
    ["options", mount.options || null],
    ["device", mount.device],
    ["outside", outside(mount) || null],
    ["sharing", sharing(mount)],
    ["id", `${mount.id}, on mount ${mount.parentId}`],
    ["namespace", `${mount.namespaceId}`],
  ];
}

/** One mount in full. */
export const mountScreen = linesScreen<MountArgument, MountItem>({
  crumb: ({ mountpoint }) => mountpoint,
  question: ({ path }, reveal) => ({ of: "mounts", path, reveal }),
  // It comes in one of the parts.
  value: (answer, { namespaceId, id }) =>
    answer.of === "mounts"
      ? answer.value.rows.find((it) => it.namespaceId === namespaceId && it.id === id)
      : undefined,
  title: ({ mountpoint }) => line(span(mountpoint, "strong"), span("   mount", "dim")),
  lines: (mount, columns) => fieldSection("Mount", fields(mount), columns),
});
