import { contextDetector } from "../context-detector.ts";
import type { Detector } from "../detector.ts";
import { type TokenForm, tokenDetector } from "../token-detector.ts";
import { byForm } from "../validate/by-form.ts";
import { judgeConnection } from "../validate/connection.ts";
import { mayBePassword } from "../validate/password.ts";

const token = (form: TokenForm): Detector => tokenDetector("database", form);

export const database: readonly Detector[] = [
  {
    id: "database-url",
    title: "Database, queue or directory URL with a password",
    group: "database",
    severity: "high",
    keywords: [
      "postgres://",
      "postgresql://",
      "mysql://",
      "mysql2://",
      "mysqlx://",
      "mariadb://",
      "mongodb://",
      "mongodb+srv://",
      "redis://",
      "rediss://",
      "valkey://",
      "amqp://",
      "amqps://",
      "mssql://",
      "sqlserver://",
      "oracle://",
      "clickhouse://",
      "cockroachdb://",
      "cassandra://",
      "couchdb://",
      "nats://",
      "mqtt://",
      "mqtts://",
      "ldap://",
      "ldaps://",
      "smtp://",
      "smtps://",
    ],
    expression:
      /(?<scheme>postgres(?:ql)?|mysql[2x]?|mariadb|mongodb(?:\+srv)?|rediss?|valkey|amqps?|mssql|sqlserver|oracle|clickhouse|cockroachdb|cassandra|couchdb|nats|mqtts?|ldaps?|smtps?):\/\/(?<user>[!$-&(-.0-9;=A-[\]-~]{0,64}):(?<secret>[!$-&(-.0-;=A-[\]-~]{1,128})@(?<host>[\w.[\]-]{1,200})(?::\d{1,5})?(?:\/(?<database>[\w-]{1,64}))?/i,
    longest: 490,
    lead: 0,
    judge: judgeConnection,
  },
  {
    id: "postgres-password-file",
    title: "Line of a PostgreSQL password file (.pgpass)",
    group: "database",
    severity: "high",
    keywords: [":5432:", ":6432:", ":*:*:"],
    expression:
      /(?<![\w:])(?:[\w.-]{1,64}|\*):(?:[56]432|\*):(?<database>[\w.-]{1,64}|\*):(?<user>[\w.-]{1,64}|\*):(?<secret>[!#-&(-9;-[\]-~]{4,64})(?![ -~])/,
    longest: 266,
    lead: 64,
    judge: ({ secret, groups: { user = "", database: name = "" } }) =>
      mayBePassword(secret) ? { proof: "form", facts: { user, database: name } } : undefined,
  },
  {
    id: "redis-password",
    title: "Redis password in its configuration",
    group: "database",
    severity: "high",
    keywords: ["requirepass ", "masterauth "],
    expression: /(?:requirepass|masterauth) {1,4}"?(?<secret>[!#-&(-[\]-~]{6,128})(?![ -!#-~])/,
    longest: 145,
    lead: 0,
    judge: ({ secret }) =>
      mayBePassword(secret) && secret !== "foobared" ? byForm(secret, {}, undefined, 2) : undefined,
  },
  {
    id: "planetscale-token",
    title: "PlanetScale password, service or OAuth token",
    group: "database",
    severity: "high",
    keywords: ["pscale_pw_", "pscale_tkn_", "pscale_oauth_"],
    expression: /(?<![A-Za-z0-9])pscale_(?:pw|tkn|oauth)_(?<random>[\w.=-]{32,64})(?![\w.=-])/,
    longest: 80,
    lead: 0,
    judge: ({ groups: { random = "" } }) => byForm(random),
  },
  token({
    id: "supabase-token",
    title: "Supabase access token or secret key",
    prefixes: ["sbp_", "sb_secret_"],
    characters: "\\w-",
    length: [31, 44],
  }),
  token({
    id: "neon-api-key",
    title: "Neon API key",
    prefixes: ["napi_"],
    characters: "a-z0-9",
    length: 64,
  }),
  token({
    id: "databricks-token",
    title: "Databricks personal access token",
    prefixes: ["dapi"],
    characters: "a-f0-9",
    length: 32,
  }),
  contextDetector("database", {
    id: "influxdb-token",
    title: "InfluxDB token",
    names: ["influx_token", "influxdb_token", "influxdb_admin_token", "influxdb_v2_token"],
    value: "[\\w-]{86}==",
    longest: 88,
    bits: 4,
  }),
  contextDetector("database", {
    id: "elastic-api-key",
    title: "Elasticsearch API key",
    names: [": apikey", "elastic_api_key", "elasticsearch_api_key"],
    value: "[A-Za-z0-9+/_-]{40,120}={0,2}",
    longest: 122,
    bits: 4,
  }),
];
