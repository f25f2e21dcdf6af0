import { contextDetector } from "../context-detector.ts";
import type { Detector } from "../detector.ts";
import { type TokenForm, tokenDetector } from "../token-detector.ts";
import { byForm } from "../validate/by-form.ts";

const group = "artificial-intelligence";
const token = (form: TokenForm): Detector => tokenDetector(group, form);
const base62 = "A-Za-z0-9";

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
    group,
    severity: "high",
    keywords: ["t3blbkfj"],
    expression: /(?<![A-Za-z0-9])sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}(?![A-Za-z0-9])/,
    longest: 51,
    lead: 23,
    judge: ({ secret }) => byForm(secret.slice(3)),
  },
  token({
    id: "anthropic-api-key",
    title: "Anthropic API key or OAuth token",
    prefixes: ["sk-ant-api03-", "sk-ant-admin01-", "sk-ant-oat01-", "sk-ant-ort01-"],
    characters: "\\w-",
    length: [80, 120],
  }),
  token({
    id: "hugging-face-token",
    title: "Hugging Face access token of a person or an organisation",
    prefixes: ["hf_", "api_org_"],
    characters: base62,
    length: 34,
    judge: (random) => byForm(random, {}, undefined, 3.6),
  }),
  contextDetector(group, {
    id: "cohere-api-key",
    title: "Cohere API key",
    names: ["cohere_api_key", "co_api_key", "cohere_key"],
    value: "[A-Za-z0-9]{40}",
    longest: 40,
  }),
  token({
    id: "groq-api-key",
    title: "Groq API key",
    prefixes: ["gsk_"],
    characters: base62,
    length: 52,
  }),
  token({
    id: "replicate-token",
    title: "Replicate API token",
    prefixes: ["r8_"],
    characters: "\\w-",
    length: 37,
    judge: (random) => byForm(random, {}, undefined, 3.8),
  }),
  token({
    id: "perplexity-api-key",
    title: "Perplexity API key",
    prefixes: ["pplx-"],
    characters: base62,
    length: [40, 56],
  }),
  token({
    id: "xai-api-key",
    title: "xAI API key",
    prefixes: ["xai-"],
    characters: base62,
    length: [70, 90],
  }),
  token({
    id: "openrouter-api-key",
    title: "OpenRouter API key",
    prefixes: ["sk-or-v1-"],
    characters: "a-f0-9",
    length: 64,
  }),
  token({
    id: "nvidia-api-key",
    title: "NVIDIA NGC or NIM API key",
    prefixes: ["nvapi-"],
    characters: "\\w-",
    length: [60, 80],
  }),
  {
    id: "langsmith-api-key",
    title: "LangSmith API key",
    group,
    severity: "high",
    keywords: ["lsv2_pt_", "lsv2_sk_"],
    expression: /(?<![A-Za-z0-9])lsv2_(?:pt|sk)_(?<random>[a-f0-9]{32}_[a-f0-9]{10})(?![a-f0-9])/,
    longest: 51,
    lead: 0,
    judge: ({ groups: { random = "" } }) => byForm(random),
  },
  token({
    id: "pinecone-api-key",
    title: "Pinecone API key",
    prefixes: ["pcsk_"],
    characters: "\\w",
    length: [60, 80],
  }),
  token({
    id: "bedrock-api-key",
    title: "Amazon Bedrock API key",
    prefixes: ["ABSKQmVkcm9ja0FQSUtleS"],
    characters: "A-Za-z0-9+/=",
    length: [88, 260],
  }),
  contextDetector(group, {
    id: "weights-and-biases-key",
    title: "Weights & Biases API key",
    names: ["wandb_api_key"],
    value: "[a-f0-9]{40}",
    longest: 40,
  }),
];
