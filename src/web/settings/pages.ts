import { definePages } from "../app/page.ts";
import { paths } from "../app/paths.ts";

export const settingsPages = definePages([
  {
    path: paths.settings(),
    title: "Settings",
    isFindable: true,
    load: async () => (await import("./SettingsPage.tsx")).SettingsPage,
  },
  {
    path: paths.contentSettings(),
    title: "Content settings",
    isFindable: true,
    load: async () => (await import("./ContentSettingsListPage.tsx")).ContentSettingsListPage,
  },
  {
    path: paths.contentSettingsNew(),
    title: "New content settings",
    load: async () => (await import("./NewContentSettingsPage.tsx")).NewContentSettingsPage,
  },
  {
    path: paths.contentSettingsOne({ id: "$id" }),
    title: "Content settings",
    load: async () => (await import("./ContentSettingsPage.tsx")).ContentSettingsPage,
  },
  {
    path: paths.sending(),
    title: "Sending: stop, routes, domains",
    isFindable: true,
    load: async () => (await import("./SendingPage.tsx")).SendingPage,
  },
  {
    path: paths.inDoubt(),
    title: "Deliveries in doubt",
    isFindable: true,
    load: async () => (await import("./InDoubtPage.tsx")).InDoubtPage,
  },
  {
    path: paths.bounces(),
    title: "Bounces and complaints",
    isFindable: true,
    load: async () => (await import("./BouncesPage.tsx")).BouncesPage,
  },
  {
    path: paths.tracking(),
    title: "Tracking: machines and keys",
    isFindable: true,
    load: async () => (await import("./TrackingPage.tsx")).TrackingPage,
  },
  {
    path: paths.topics(),
    title: "Topics and consent",
    isFindable: true,
    load: async () => (await import("./TopicsPage.tsx")).TopicsPage,
  },
  {
    path: paths.attributes(),
    title: "Contact attributes",
    isFindable: true,
    load: async () => (await import("./AttributesPage.tsx")).AttributesPage,
  },
  {
    path: paths.suppressions(),
    title: "Suppressed addresses",
    isFindable: true,
    load: async () => (await import("./SuppressionsPage.tsx")).SuppressionsPage,
  },
  {
    path: paths.users(),
    title: "People and invitations",
    isFindable: true,
    load: async () => (await import("./UsersPage.tsx")).UsersPage,
  },
  {
    path: paths.apiKeys(),
    title: "API keys",
    isFindable: true,
    load: async () => (await import("./ApiKeysPage.tsx")).ApiKeysPage,
  },
  {
    path: paths.auditLog(),
    title: "Audit log",
    isFindable: true,
    load: async () => (await import("./AuditLogPage.tsx")).AuditLogPage,
  },
]);
