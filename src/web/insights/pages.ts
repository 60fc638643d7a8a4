import { definePages } from "../app/page.ts";
import { paths } from "../app/paths.ts";

const load = async () => (await import("./InsightPage.tsx")).InsightPage;
const ofAny = { id: "$id" };

export const insightPages = definePages([
  {
    path: paths.insights(),
    title: "Insights",
    isFindable: true,
    load: async () => (await import("./OverviewPage.tsx")).OverviewPage,
  },
  { path: paths.journeyInsights(ofAny), title: "Journey results", load },
  { path: paths.messageInsights(ofAny), title: "Message results", load },
  { path: paths.versionInsights(ofAny), title: "Version results", load },
  { path: paths.templateInsights(ofAny), title: "Template results", load },
  { path: paths.mailingInsights(ofAny), title: "Mailing results", load },
]);
