import type { ManualPage } from "../../manual/page.ts";

export const completionPage: ManualPage = {
  about: `
Prints a script that completes commands, options and their choices. It is made from the commands
themselves.`,
  examples: [
    ["source <(cryoscope completion bash)", "in this shell"],
    [`cryoscope completion zsh > "\${fpath[1]}/_cryoscope"`, "for zsh, for good"],
    ["cryoscope completion fish > ~/.config/fish/completions/cryoscope.fish", "for fish, for good"],
  ],
};
