import type { Scope } from "../../../keys/binding.ts";
import { memberKeys } from "../../../keys/images.ts";
import { rowAt } from "../../../state/list.ts";
import type { MemberRow } from "../../../state/member-rows.ts";
import { type ListTabState, listTab } from "../../list-tab.ts";
import { look, memberAct } from "../../look.ts";
import type { Tab, TabArgument } from "../../tab.ts";
import { memberModel, type SizedMember, sizedMembers } from "./model.ts";

const base = listTab<MemberRow, SizedMember, TabArgument>({
  name: "images",
  title: "Images",
  list: memberModel,
  question: ({ path }) => ({ of: "images", path }),
  items: (answer) => (answer.of === "images" ? answer.value : undefined),
  rows: sizedMembers,
  tree: false,
  empty: "the archive is empty",
  open: ({ row: { member, form } }, { path }) => [look({ path, member, form })],
  expected: ({ archive }) => archive.members,
});

/** Every member of the archive. */
export const imagesTab: Tab<ListTabState<MemberRow, SizedMember, TabArgument>> = {
  ...base,
  update: (state, event, world) => {
    const { listed, argument } = state;
    if (event.type === "command") {
      const at = rowAt(listed.rows, memberModel, listed.list);
      const act = at && memberAct({ path: argument.path, ...at.row }, event.command);
      if (act !== undefined) return { state, acts: [act] };
    }
    return base.update(state, event, world);
  },
  scopes: (state): Scope[] => [memberKeys, ...base.scopes(state)],
};
