import { base62, base64, type Examples, form, hex, lower, named, variable } from "./made.ts";

export const database: Record<string, Examples> = {
  "database-url": {
    yes: [
      "postgres://app:mysecret-not-real@127.0.0.1:5432/app",
      "DATABASE_URL=postgresql://app:p%40ss-w0rd@db.internal/app?sslmode=require",
      '"mongodb+srv://svc:aB3dE5fG7h@cluster0.invalid/admin"',
      "redis://:only-a-pass1@cache:6379/0",
      "amqps://guest:guest@mq:5671",
      "ldaps://cn=admin,dc=x:4dm1n-pw@ldap.internal",
    ],
    no: [
      "postgres://localhost:5432/app",
      "postgres://user@host/app",
      "postgres://user:password@host/db",
      "mysql://USERNAME:PASSWORD@HOST/DB",
      `postgres://app:${variable("DB_PASSWORD")}@db/app`,
      "mongodb://<user>:<password>@host",
      "redis://user:****@cache",
      "postgres://%s:%s@%s/%s",
    ],
  },
  "postgres-password-file": {
    yes: [
      "db.internal:5432:app:svc:s3cr3t-pw\n",
      "*:*:*:postgres:aB3dE5fG\n",
      "localhost:5432:*:me:x1y2z3w4",
    ],
    no: ["hostname:5432:database:username:password\n", "a:5433:b:c:s3cr3t-pw\n", "10:5432:x"],
  },
  "redis-password": {
    yes: [
      "requirepass s3cr3t-not-real\n",
      'masterauth "aB3dE5fG7h"\n',
      "\nrequirepass x1y2z3w4v5\n",
    ],
    no: [
      "requirepass foobared\n",
      "requirepass <password>\n",
      "requirepass directive of the configuration",
      "masterauth password\n",
    ],
  },
  "planetscale-token": form(["pscale_pw_", "pscale_tkn_", "pscale_oauth_"], base62, 32),
  "supabase-token": form(["sbp_", "sb_secret_"], base62, 31),
  "neon-api-key": form("napi_", lower, 64),
  "databricks-token": form("dapi", hex, 32),
  "influxdb-token": named("influx_token", () => `${base62(86)}==`),
  "elastic-api-key": named(["elastic_api_key", "elasticsearch_api_key"], () => base64(45)),
};
