/** What is asked of a database before anything is done with it. */
export type DatabaseFacts = {
  /** `server_version_num`: 150018 is 15.18. */
  readonly versionNumber: number;
  /** As the server writes it, for people: "15.18 (Debian 15.18-0+deb12u1)". */
  readonly version: string;
  readonly name: string;
  readonly encoding: string;
  readonly user: string;
  /** Whether the user may make tables in the schema that names without a schema mean. */
  readonly mayCreate: boolean;
  /** Whether one of the collations is there that `fold_case` can be made of (migration 0013). */
  readonly canFoldCase: boolean;
};

const oldest = 15;

/** Why Postroad cannot work on this database, with what to do; undefined if it can. */
export function judgeDatabase(facts: DatabaseFacts): string | undefined {
  const { name, user } = facts;
  if (facts.versionNumber < oldest * 10_000)
    return `Postroad needs PostgreSQL ${oldest} or newer; the server of DATABASE_URL is ${facts.version}.`;
  if (facts.encoding !== "UTF8")
    return (
      `The database ${name} is encoded in ${facts.encoding}, Postroad needs UTF8.\n` +
      `  Make another: create database ${name}_utf8 owner ${user} encoding 'UTF8' template template0;`
    );
  if (!facts.canFoldCase)
    return (
      "This PostgreSQL was built without ICU, so it cannot compare text without regard to case.\n" +
      "  Use PostgreSQL 17 or newer, or one with ICU (those of the Linux distributions, Docker and the clouds have it)."
    );
  if (!facts.mayCreate)
    return (
      `${user} may not make tables in the database ${name}.\n` +
      `  As its owner or an administrator: alter database ${name} owner to ${user};`
    );
  return undefined;
}
