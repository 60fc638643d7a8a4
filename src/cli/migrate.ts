import { readConfig } from "../server/platform/index.ts";
import { provideDatabase } from "../server/platform/provide-database.ts";

/** `postroad migrate`: applies what is missing, on DATABASE_URL or the embedded database. */
export async function migrateDatabase(): Promise<void> {
  const database = await provideDatabase(readConfig(process.env));
  await database.release();
  const { length } = database.applied;
  console.log(length === 0 ? "The database is up to date." : `${length} migrations applied.`);
}
