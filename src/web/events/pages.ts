import { definePages } from "../app/page.ts";
import { paths } from "../app/paths.ts";

export const eventPages = definePages([
  {
    path: paths.events(),
    title: "Events",
    isFindable: true,
    load: async () => (await import("./EventListPage.tsx")).EventListPage,
  },
  {
    path: paths.eventNew(),
    title: "New event",
    isFindable: true,
    load: async () => (await import("./NewEventPage.tsx")).NewEventPage,
  },
  {
    path: paths.event({ id: "$id" }),
    title: "Event",
    load: async () => (await import("./EventPage.tsx")).EventPage,
  },
]);
