import type { MountItem } from "../../../../checkpoint/mount-list.ts";
import { listTab } from "../../list-tab.ts";
import type { MountArgument } from "../../mount/mount.ts";
import type { TabArgument } from "../../tab.ts";
import { type MountBranch, mountModel, mountRows } from "./model.ts";

/** Mounts as a tree, one namespace after the other. */
export const mountsTab = listTab<MountItem, MountBranch, TabArgument>({
  name: "mounts",
  title: "Mounts",
  list: mountModel,
  question: ({ path }, reveal) => ({ of: "mounts", path, reveal }),
  items: (answer) => (answer.of === "mounts" ? answer.value : undefined),
  rows: mountRows,
  tree: true,
  empty: "the dump holds no mounts",
  open: ({ item }, { path }) => {
    const { namespaceId, id, mountpoint } = item;
    const argument: MountArgument = { path, namespaceId, id, mountpoint };
    return [{ act: "push", screen: { kind: "mount", argument } }];
  },
});
