import { accessPages } from "../access/pages.ts";
import { contactPages } from "../contacts/pages.ts";
import { eventPages } from "../events/pages.ts";
import { homePages } from "../home/pages.ts";
import { insightPages } from "../insights/pages.ts";
import { journeyPages } from "../journeys/pages.ts";
import { messagePages } from "../messages/pages.ts";
import { segmentPages } from "../segments/pages.ts";
import { settingsPages } from "../settings/pages.ts";
import type { Page } from "./page.ts";

/** Every page of the app: one line per room. */
export const pages: readonly Page[] = [
  ...accessPages,
  ...homePages,
  ...contactPages,
  ...messagePages,
  ...journeyPages,
  ...segmentPages,
  ...eventPages,
  ...insightPages,
  ...settingsPages,
];
