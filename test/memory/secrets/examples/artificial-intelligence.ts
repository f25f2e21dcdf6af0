import { base62, type Examples, form, hex, named } from "./made.ts";

const legacy = (): string => `sk-${base62(20)}${["T3Blbk", "FJ"].join("")}${base62(20)}`;

export const artificialIntelligence: Record<string, Examples> = {
  "openai-api-key": form(["sk-proj-", "sk-svcacct-", "sk-admin-"], base62, 40),
  "openai-legacy-api-key": {
    yes: [legacy(), `OPENAI_API_KEY=${legacy()}\n`, `"${legacy()}"`],
    no: [
      `sk-${base62(48)}`,
      `sk-${base62(19)}T3BlbkFJ${base62(20)}`,
      `sk-${"x".repeat(20)}T3BlbkFJ${"x".repeat(20)}`,
    ],
  },
  "anthropic-api-key": form(["sk-ant-api03-", "sk-ant-admin01-", "sk-ant-oat01-"], base62, 80),
  "hugging-face-token": form(["hf_", "api_org_"], base62, 34),
  "cohere-api-key": named(["cohere_api_key", "co_api_key"], () => base62(40)),
  "groq-api-key": form("gsk_", base62, 52),
  "replicate-token": form("r8_", base62, 37),
  "perplexity-api-key": form("pplx-", base62, 40),
  "xai-api-key": form("xai-", base62, 70),
  "openrouter-api-key": form("sk-or-v1-", hex, 64),
  "nvidia-api-key": form("nvapi-", base62, 60),
  "langsmith-api-key": form(["lsv2_pt_", "lsv2_sk_"], (length) => `${hex(length)}_${hex(10)}`, 32),
  "pinecone-api-key": form("pcsk_", base62, 60),
  "bedrock-api-key": form("ABSKQmVkcm9ja0FQSUtleS", base62, 88),
  "weights-and-biases-key": named("wandb_api_key", () => hex(40)),
};
