import { paths } from "../app/paths.ts";

/** The way back of every settings page. */
export const toSettings = { label: "Settings", href: paths.settings() } as const;
