import type { Detector } from "../detector.ts";
import { type TokenForm, tokenDetector } from "../token-detector.ts";
import { byForm } from "../validate/by-form.ts";

const token = (form: TokenForm): Detector => tokenDetector("artificial-intelligence", form);

export const artificialIntelligence: readonly Detector[] = [
  token({
    id: "openai-api-key",
    title: "OpenAI API key",
    prefixes: ["sk-proj-", "sk-svcacct-", "sk-admin-"],
    characters: "\\w-",
    length: [40, 200],
  }),
  {
    id: "openai-legacy-api-key",
    title: "OpenAI API key of the first form",
    group: "artificial-intelligence",
    severity: "high",
    keywords: ["t3blbkfj"],
    expression: /(?<![A-Za-z0-9])sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}(?![A-Za-z0-9])/,
    longest: 51,
    lead: 23,
    judge: ({ secret }) => byForm(secret.slice(3)),
  },
  token({
    id: "anthropic-api-key",
    title: "Anthropic API key",
    prefixes: ["sk-ant-api03-", "sk-ant-admin01-"],
    characters: "\\w-",
    length: [80, 120],
  }),
  token({
    id: "hugging-face-token",
    title: "Hugging Face access token",
    prefixes: ["hf_"],
    characters: "A-Za-z0-9",
    length: 34,
  }),
];
