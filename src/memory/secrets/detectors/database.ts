import type { Detector } from "../detector.ts";
import { judgeConnection } from "../validate/connection.ts";

export const database: readonly Detector[] = [
  {
    id: "database-url",
    title: "Database or queue URL with a password",
    group: "database",
    severity: "high",
    keywords: [
      "postgres://",
      "postgresql://",
      "mysql://",
      "mysql2://",
      "mariadb://",
      "mongodb://",
      "mongodb+srv://",
      "redis://",
      "rediss://",
      "amqp://",
      "amqps://",
      "mssql://",
      "sqlserver://",
      "clickhouse://",
      "cockroachdb://",
      "nats://",
    ],
    expression:
      /(?<scheme>postgres(?:ql)?|mysql2?|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|mssql|sqlserver|clickhouse|cockroachdb|nats):\/\/(?<user>[!$-&(-.0-9;=A-[\]-~]{0,64}):(?<secret>[!$-&(-.0-;=A-[\]-~]{1,128})@(?<host>[\w.[\]-]{1,200})(?::\d{1,5})?(?:\/(?<database>[\w-]{1,64}))?/i,
    longest: 490,
    lead: 0,
    judge: judgeConnection,
  },
];
