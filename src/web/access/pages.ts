import { definePages } from "../app/page.ts";
import { paths } from "../app/paths.ts";

export const accessPages = definePages([
  {
    path: paths.setup(),
    title: "Set up",
    frame: "bare",
    load: async () => (await import("./SetupPage.tsx")).SetupPage,
  },
  {
    path: paths.signIn(),
    title: "Sign in",
    frame: "bare",
    load: async () => (await import("./SignInPage.tsx")).SignInPage,
  },
  {
    path: paths.invitation(),
    title: "Join",
    frame: "bare",
    load: async () => (await import("./InvitationPage.tsx")).InvitationPage,
  },
  {
    path: paths.account(),
    title: "Your account",
    isFindable: true,
    load: async () => (await import("./AccountPage.tsx")).AccountPage,
  },
]);
