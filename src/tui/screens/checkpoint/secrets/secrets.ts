import type { SecretRow } from "../../../state/audit-rows.ts";
import type { SecretArgument } from "../../secret/secret.ts";
import { huntTab } from "../hunt-tab.ts";
import { secretModel } from "./model.ts";

/** Every secret of the checkpoint, each once. */
export const secretsTab = huntTab<SecretRow>({
  name: "secrets",
  title: "Secrets",
  list: secretModel,
  question: ({ path, memory, reveal }) => ({ of: "secrets", path, memory, reveal }),
  part: (answer) => (answer.of === "secrets" ? answer.value : undefined),
  empty: "no secrets found",
  open: ({ fingerprint, title }, { path, memory }) => {
    const argument: SecretArgument = { path, fingerprint, title, memory };
    return { act: "push", screen: { kind: "secret", argument } };
  },
});
