import { type Platform, sql } from "../platform/index.ts";

/**
 * Makes the route to the built-in test mailbox at first start, as the default: nothing leaves the machine until somebody
 * adds a real relay. Later starts only follow a changed port; a route that a person changed or deleted stays so.
 */
export async function ensureMailboxRoute({ db, config }: Pick<Platform, "db" | "config">): Promise<void> {
  await db.run(sql`
    insert into routes (name, host, port, tls, max_connections, is_default, is_mailbox)
    select 'Test mailbox', '127.0.0.1', ${config.mailboxSmtpPort}, 'none', 10, true, true
    where not exists (select from routes)`);
  await db.run(sql`
    update routes set port = ${config.mailboxSmtpPort}, updated_at = now()
    where is_mailbox and host = '127.0.0.1' and port <> ${config.mailboxSmtpPort}`);
}
