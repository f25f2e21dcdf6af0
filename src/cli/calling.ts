/** Names that this program goes by; each has its own way of being called. */
export type CalledAs = "cryoscope" | "kubectl-cryoscope" | "kubectl_complete-cryoscope";

/**
 * Which of its names the program was called by.
 * @param path of the script or executable, as it was called: links and copies keep their own names.
 */
export function calledAs(path = ""): CalledAs {
  const name = path.replace(/^.*\//, "").replace(/\.cjs$/, "");
  return name === "kubectl-cryoscope" || name === "kubectl_complete-cryoscope" ? name : "cryoscope";
}

/** Called by kubectl, for itself or for what completes its command line. */
export function isPlugin(called: CalledAs): boolean {
  return called !== "cryoscope";
}

/** What a person types for it. */
export function spokenName(called: CalledAs): "cryoscope" | "kubectl cryoscope" {
  return isPlugin(called) ? "kubectl cryoscope" : "cryoscope";
}

/** Our own words with the commands in them as the person at the keyboard has to type them. */
export function asTyped<Text extends string | undefined>(text: Text, called: CalledAs): Text {
  if (text === undefined || !isPlugin(called)) return text;
  return text.replace(/(?<![\w/.-]|kubectl )cryoscope (?=[a-z-])/g, "kubectl cryoscope ") as Text;
}
