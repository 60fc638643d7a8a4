import { definePages } from "../app/page.ts";
import { paths } from "../app/paths.ts";

export const contactPages = definePages([
  {
    path: paths.contacts(),
    title: "Contacts",
    isFindable: true,
    load: async () => (await import("./ContactListPage.tsx")).ContactListPage,
  },
  {
    path: paths.contactNew(),
    title: "New contact",
    isFindable: true,
    load: async () => (await import("./NewContactPage.tsx")).NewContactPage,
  },
  {
    path: paths.contact({ id: "$id" }),
    title: "Contact",
    load: async () => (await import("./ContactPage.tsx")).ContactPage,
  },
  {
    path: paths.imports(),
    title: "Imports",
    isFindable: true,
    load: async () => (await import("./ImportListPage.tsx")).ImportListPage,
  },
  {
    path: paths.importNew(),
    title: "Import contacts",
    isFindable: true,
    load: async () => (await import("./NewImportPage.tsx")).NewImportPage,
  },
  {
    path: paths.import({ id: "$id" }),
    title: "Import",
    load: async () => (await import("./ImportPage.tsx")).ImportPage,
  },
]);
