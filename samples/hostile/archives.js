// One archive for each rule of the groups integrity and hostile. See README.md.
import { fileURLToPath } from "node:url";
import { hostile } from "./hostile-recipes.js";
import { integrity } from "./integrity-recipes.js";
import { Parts } from "./parts.js";

const samples = fileURLToPath(new URL("../", import.meta.url));

/** The real archives that are altered. */
export const origins = {
  crio: `${samples}crio/checkpoint-counter-lab-node_default-counter-2026-11-21T21:20:14Z.tar`,
  containerd: `${samples}containerd/checkpoint-counter-lab-node_default-counter-2026-11-21T21:05:01Z.tar`,
};

export const recipes = [...integrity, ...hostile].map(
  ({ rule, what, make, from = "crio", file = `${rule.replace("/", "-")}.tar`, also = [] }) => ({
    rule,
    what,
    file,
    also,
    from: origins[from],
    /** The same bytes in every run. */
    bytes: () => {
      const parts = new Parts(origins[from]);
      const made = make(parts);
      return Buffer.isBuffer(made) ? made : parts.bytes();
    },
  }),
);
