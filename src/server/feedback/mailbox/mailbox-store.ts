import { type Database, type Queries, type Sql, sql, type Transaction } from "../../platform/index.ts";

/** The channel on which changes of the settings are said. */
export const mailboxChannel = "bounce_mailbox";
export const passwordPurpose = "bounce-mailbox-password";
export const mailboxLeaseSeconds = 120;

export type MailboxSettings = {
  readonly isOn: boolean;
  readonly host: string;
  readonly port: number;
  readonly tls: "implicit" | "starttls" | "none";
  readonly trustedCertificate: string | null;
  readonly username: string;
  readonly folder: string;
  /** Null: what was taken is deleted. */
  readonly doneFolder: string | null;
  readonly quarantineFolder: string;
};

export type MailboxRow = MailboxSettings & {
  readonly passwordBox: Buffer;
  readonly revision: number;
  readonly lookedAt: Date | null;
  /** How many were in the folder when it was last looked into. */
  readonly waiting: number | null;
  readonly trouble: string | null;
  readonly troubleSince: Date | null;
};

const columns = sql`
  is_on as "isOn", host, port, tls, trusted_certificate as "trustedCertificate", username, password_box as "passwordBox", folder,
  done_folder as "doneFolder", quarantine_folder as "quarantineFolder", revision, looked_at as "lookedAt", waiting, trouble,
  trouble_since as "troubleSince"`;

export const findMailbox = (db: Queries) => db.first<MailboxRow>(sql`select ${columns} from bounce_mailbox`);

/** As `findMailbox`, held until the transaction ends. */
export const holdMailbox = (tx: Transaction) =>
  tx.first<MailboxRow>(sql`select ${columns} from bounce_mailbox for update`);

/** Sets the mailbox. Whoever looks into it stops, and looks again by the new settings. */
export async function writeMailbox(
  tx: Transaction,
  given: MailboxSettings,
  passwordBox: Buffer,
): Promise<void> {
  await tx.run(sql`
    insert into bounce_mailbox (is_on, host, port, tls, trusted_certificate, username, password_box, folder, done_folder, quarantine_folder)
    values (${given.isOn}, ${given.host}, ${given.port}, ${given.tls}, ${given.trustedCertificate}, ${given.username}, ${passwordBox},
            ${given.folder}, ${given.doneFolder}, ${given.quarantineFolder})
    on conflict (only_one) do update set
      is_on = excluded.is_on, host = excluded.host, port = excluded.port, tls = excluded.tls,
      trusted_certificate = excluded.trusted_certificate, username = excluded.username, password_box = excluded.password_box,
      folder = excluded.folder, done_folder = excluded.done_folder, quarantine_folder = excluded.quarantine_folder,
      revision = bounce_mailbox.revision + 1, lease_owner = null, lease_until = null, waiting = null, trouble = null, trouble_since = null`);
  await tx.run(sql`select pg_notify(${mailboxChannel}, '')`);
}

export async function deleteMailbox(tx: Transaction): Promise<void> {
  await tx.run(sql`delete from bounce_mailbox`);
  await tx.run(sql`select pg_notify(${mailboxChannel}, '')`);
}

/** Takes the mailbox for one process, or keeps it; undefined if there is none, it is off, or another one has it. */
export function claimMailbox(db: Database, owner: string): Promise<MailboxRow | undefined> {
  return db.first<MailboxRow>(sql`
    update bounce_mailbox set lease_owner = ${owner}, lease_until = clock_timestamp() + make_interval(secs => ${mailboxLeaseSeconds})
    where is_on and (lease_owner = ${owner} or lease_until is null or lease_until < clock_timestamp())
    returning ${columns}`);
}

/** Writes down how it goes and keeps the mailbox; false if it is no longer this process's, or its settings changed. */
async function keep(db: Database, owner: string, revision: number, change: Sql): Promise<boolean> {
  const kept = await db.run(sql`
    update bounce_mailbox set ${change}
    where is_on and lease_owner = ${owner} and revision = ${revision} and lease_until > clock_timestamp()`);
  return kept === 1;
}

export const noteLook = (db: Database, owner: string, revision: number, waiting: number) =>
  keep(
    db,
    owner,
    revision,
    sql`looked_at = clock_timestamp(), waiting = ${waiting}, trouble = null, trouble_since = null,
        lease_until = clock_timestamp() + make_interval(secs => ${mailboxLeaseSeconds})`,
  );

/** Notes what is wrong, and keeps the mailbox over the pause, so that nobody else knocks meanwhile. */
export const noteTrouble = (
  db: Database,
  owner: string,
  revision: number,
  trouble: string,
  pauseMilliseconds: number,
) =>
  keep(
    db,
    owner,
    revision,
    sql`trouble = ${trouble.slice(0, 500)}, trouble_since = coalesce(trouble_since, clock_timestamp()),
        lease_until = clock_timestamp() + make_interval(secs => ${mailboxLeaseSeconds + pauseMilliseconds / 1000})`,
  );

/** Gives the mailbox back, so that another process need not wait. */
export async function releaseMailbox(db: Database, owner: string): Promise<void> {
  await db.run(
    sql`update bounce_mailbox set lease_owner = null, lease_until = null where lease_owner = ${owner}`,
  );
}
