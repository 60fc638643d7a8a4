import { definePages } from "../app/page.ts";
import { paths } from "../app/paths.ts";

export const messagePages = definePages([
  {
    path: paths.messages(),
    title: "Messages",
    isFindable: true,
    load: async () => (await import("./MessageListPage.tsx")).MessageListPage,
  },
  {
    path: paths.messageNew(),
    title: "New message",
    isFindable: true,
    load: async () => (await import("./NewMessagePage.tsx")).NewMessagePage,
  },
  {
    path: paths.message({ id: "$id" }),
    title: "Message",
    isWide: true,
    load: async () => (await import("./MessageEditorPage.tsx")).MessageEditorPage,
  },
]);
