import { contextDetector } from "../context-detector.ts";
import type { Candidate, Detector, Judgement } from "../detector.ts";
import { decodeBase64 } from "../validate/base64.ts";
import { byForm } from "../validate/by-form.ts";

/** The key that Microsoft publishes for its storage emulator: everybody has it. */
const emulatorKey = /^Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq\/K1SZFPTOtr/;

/** A key of AccountKey= and the like: so many bytes in base 64. */
const keyOfBytes =
  (bytes: number) =>
  ({ secret }: Candidate): Judgement | undefined => {
    if (decodeBase64(secret)?.length !== bytes) return undefined;
    const judged = byForm(secret, {}, undefined, 4);
    if (emulatorKey.test(secret))
      return { proof: "structure", facts: { emulator: true }, severity: "info" };
    return judged && { ...judged, proof: "structure" };
  };

export const azure: readonly Detector[] = [
  contextDetector("cloud", {
    id: "azure-storage-key",
    title: "Azure storage or Cosmos DB account key",
    names: [
      "accountkey",
      "azure_storage_key",
      "azure_storage_account_key",
      "azure_storage_access_key",
    ],
    value: "[A-Za-z0-9+/]{86}==",
    longest: 88,
    judge: keyOfBytes(64),
  }),
  contextDetector("cloud", {
    id: "azure-shared-access-key",
    title: "Azure Service Bus, Event Hubs or IoT Hub shared access key",
    names: ["sharedaccesskey"],
    value: "[A-Za-z0-9+/]{43}=",
    longest: 44,
    judge: keyOfBytes(32),
  }),
  {
    id: "azure-shared-access-signature",
    title: "Azure shared access signature (SAS)",
    group: "cloud",
    severity: "high",
    keywords: ["sv=20"],
    expression:
      /sv=20\d\d-\d\d-\d\d(?<parameters>(?:&(?:amp;)?(?!sig=)[a-z]{2,6}=[\w%:.+/-]{1,80}){1,16}&(?:amp;)?sig=)(?<secret>[A-Za-z0-9%/+]{43,70}(?:=|%3D))/i,
    longest: 1600,
    lead: 0,
    judge: judgeSignature,
  },
  {
    id: "azure-client-secret",
    title: "Microsoft Entra (Azure AD) client secret",
    group: "cloud",
    severity: "high",
    keywords: ["0q~", "1q~", "2q~", "3q~", "4q~", "5q~", "6q~", "7q~", "8q~", "9q~"],
    expression: /(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])/,
    longest: 40,
    lead: 3,
    judge: ({ secret }) => byForm(secret, {}, undefined, 3.5),
  },
  {
    id: "azure-devops-token",
    title: "Azure DevOps personal access token",
    group: "cloud",
    severity: "high",
    keywords: ["azdo"],
    expression:
      /(?<![A-Za-z0-9])[A-Za-z0-9]{52}JQQJ99[A-Za-z0-9]{18}AZDO[A-Za-z0-9]{4}(?![A-Za-z0-9])/,
    longest: 84,
    lead: 76,
    judge: ({ secret }) => byForm(secret, {}, undefined, 4),
  },
];

/** What a signature lets its bearer do, and until when; it is worth nothing afterwards. */
function judgeSignature({ secret, groups }: Candidate): Judgement | undefined {
  const parameters = new URLSearchParams((groups["parameters"] ?? "").replaceAll("amp;", ""));
  const end = new Date(parameters.get("se") ?? "");
  const permissions = parameters.get("sp");
  const judged = byForm(secret);
  if (judged === undefined) return undefined;
  const known = !Number.isNaN(end.getTime());
  const expired = known && end.getTime() < Date.now();
  return {
    proof: "structure",
    facts: {
      ...judged.facts,
      ...(permissions !== null && { permissions }),
      ...(known && { expires: end.toISOString() }),
      ...(expired && { expired }),
    },
    ...(expired && { severity: "low" }),
  };
}
