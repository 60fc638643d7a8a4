import { resolve } from "node:path";
import { z } from "zod";
import { type Network, readNetwork } from "#core/kernel/ip-network.ts";

const port = z.coerce.number().int().min(0).max(65535);

/** Words apart by spaces or commas. */
const listOf = (text: string) => text.split(/[\s,]+/).filter((word) => word !== "");

const networks = z.string().transform((text, context) =>
  listOf(text).flatMap((word) => {
    const network = readNetwork(word);
    if (!network) context.addIssue(`${word} is no address and no network such as 10.0.0.0/8.`);
    return network ?? [];
  }),
);

/** Every setting of the process, from the environment. Unknown POSTROAD_ names are errors, so that a typo is seen. */
const environment = z.object({
  POSTROAD_DATA: z.string().default("data"),
  POSTROAD_PORT: port.default(3000),
  POSTROAD_HOST: z.string().default("127.0.0.1"),
  POSTROAD_PUBLIC_URL: z.url().optional(),
  POSTROAD_MAILBOX_SMTP_PORT: port.default(3025),
  POSTROAD_MAILBOX_WEB_PORT: port.default(3026),
  POSTROAD_INBOUND_SMTP_PORT: port.optional(),
  POSTROAD_INBOUND_SMTP_HOST: z.string().default("127.0.0.1"),
  POSTROAD_INBOUND_SMTP_CERT: z.string().optional(),
  POSTROAD_INBOUND_SMTP_KEY: z.string().optional(),
  POSTROAD_KEY_FILE: z.string().optional(),
  POSTROAD_LOG: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
  POSTROAD_SECURE_COOKIES: z.enum(["yes", "no"]).default("no"),
  POSTROAD_HIT_JOURNAL_MB: z.coerce.number().int().min(1).default(2048),
  POSTROAD_TRUSTED_PROXIES: networks.default([]),
  POSTROAD_DNS_SERVERS: z.string().optional(),
  DATABASE_URL: z.string().optional(),
});

/** Read by the test harness alone; processes that tests start inherit them. */
const testSettings = ["POSTROAD_KEEP", "POSTROAD_TEST_DATABASE_URL"];

export type Config = {
  readonly dataDirectory: string;
  readonly port: number;
  readonly host: string;
  /** The address in links of messages, without a trailing slash. */
  readonly publicUrl: string;
  readonly mailboxSmtpPort: number;
  readonly mailboxWebPort: number;
  /** Where mail that comes back is taken; undefined: nowhere. Every process of an instance is told the same. */
  readonly inboundSmtpPort: number | undefined;
  readonly inboundSmtpHost: string;
  /** Files (PEM) with which STARTTLS is offered there; undefined: it is not. */
  readonly inboundSmtpCertificate: { readonly cert: string; readonly key: string } | undefined;
  readonly keyFile: string;
  readonly logLevel: "debug" | "info" | "warn" | "error" | "silent";
  readonly secureCookies: boolean;
  /** [T45] How large the journal of opens and clicks may get while the database is away. */
  readonly hitJournalBytes: number;
  /** Whose word is taken for whom a request is from. */
  readonly trustedProxies: readonly Network[];
  /** Resolvers to ask about sending domains; empty: those of this machine. */
  readonly dnsServers: readonly string[];
  /** Undefined: the embedded PostgreSQL in the data directory. */
  readonly databaseUrl: string | undefined;
};

/** Reads and checks the environment. Throws one readable sentence per wrong setting. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const unknown = Object.keys(env).filter(
    (name) => name.startsWith("POSTROAD_") && !(name in environment.shape) && !testSettings.includes(name),
  );
  const parsed = environment.safeParse(env);
  if (unknown.length > 0)
    throw new Error(
      `Unknown setting ${unknown.join(", ")}. Known: ${Object.keys(environment.shape).join(", ")}.`,
    );
  if (!parsed.success) throw new Error(`The settings are not usable:\n${z.prettifyError(parsed.error)}`);
  const set = parsed.data;
  const dataDirectory = resolve(set.POSTROAD_DATA);
  return {
    dataDirectory,
    port: set.POSTROAD_PORT,
    host: set.POSTROAD_HOST,
    publicUrl: (set.POSTROAD_PUBLIC_URL ?? `http://localhost:${set.POSTROAD_PORT}`).replace(/\/+$/, ""),
    mailboxSmtpPort: set.POSTROAD_MAILBOX_SMTP_PORT,
    mailboxWebPort: set.POSTROAD_MAILBOX_WEB_PORT,
    inboundSmtpPort: set.POSTROAD_INBOUND_SMTP_PORT,
    inboundSmtpHost: set.POSTROAD_INBOUND_SMTP_HOST,
    inboundSmtpCertificate: certificateFiles(set.POSTROAD_INBOUND_SMTP_CERT, set.POSTROAD_INBOUND_SMTP_KEY),
    keyFile: set.POSTROAD_KEY_FILE ?? resolve(dataDirectory, "instance.key"),
    logLevel: set.POSTROAD_LOG,
    secureCookies: set.POSTROAD_SECURE_COOKIES === "yes",
    hitJournalBytes: set.POSTROAD_HIT_JOURNAL_MB * 1024 * 1024,
    trustedProxies: set.POSTROAD_TRUSTED_PROXIES,
    dnsServers: listOf(set.POSTROAD_DNS_SERVERS ?? ""),
    databaseUrl: set.DATABASE_URL,
  };
}

function certificateFiles(cert: string | undefined, key: string | undefined) {
  if (cert !== undefined && key !== undefined) return { cert: resolve(cert), key: resolve(key) };
  if (cert === undefined && key === undefined) return undefined;
  throw new Error("POSTROAD_INBOUND_SMTP_CERT and POSTROAD_INBOUND_SMTP_KEY are needed together.");
}
