import { definePages } from "../app/page.ts";
import { paths } from "../app/paths.ts";

export const homePages = definePages([
  {
    path: paths.home(),
    title: "Home",
    isFindable: true,
    load: async () => (await import("./HomePage.tsx")).HomePage,
  },
]);
