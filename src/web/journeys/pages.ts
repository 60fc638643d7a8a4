import { definePages } from "../app/page.ts";
import { paths } from "../app/paths.ts";

export const journeyPages = definePages([
  {
    path: paths.journeys(),
    title: "Journeys",
    isFindable: true,
    load: async () => (await import("./JourneyListPage.tsx")).JourneyListPage,
  },
  {
    path: paths.journeyNew(),
    title: "New journey",
    isFindable: true,
    load: async () => (await import("./NewJourneyPage.tsx")).NewJourneyPage,
  },
  {
    path: paths.journey({ id: "$id" }),
    title: "Journey",
    isWide: true,
    load: async () => (await import("./JourneyEditorPage.tsx")).JourneyEditorPage,
  },
]);
