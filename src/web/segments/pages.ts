import { definePages } from "../app/page.ts";
import { paths } from "../app/paths.ts";

export const segmentPages = definePages([
  {
    path: paths.segments(),
    title: "Segments",
    isFindable: true,
    load: async () => (await import("./SegmentListPage.tsx")).SegmentListPage,
  },
  {
    path: paths.segmentNew(),
    title: "New segment",
    isFindable: true,
    load: async () => (await import("./NewSegmentPage.tsx")).NewSegmentPage,
  },
  {
    path: paths.segment({ id: "$id" }),
    title: "Segment",
    load: async () => (await import("./SegmentEditorPage.tsx")).SegmentEditorPage,
  },
]);
