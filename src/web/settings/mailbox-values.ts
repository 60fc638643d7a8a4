import type { bounceMailboxRoutes } from "#contract/feedback.ts";
import type { AnswerOf, InputOf } from "../app/api.ts";

export type BounceMailbox = NonNullable<AnswerOf<typeof bounceMailboxRoutes.show>["mailbox"]>;
type MailboxBody = InputOf<typeof bounceMailboxRoutes.set>["body"];

export const mailboxTls = [
  { value: "implicit", label: "TLS from the start (993)" },
  { value: "starttls", label: "STARTTLS, always (143)" },
  { value: "none", label: "None: only on your own machine" },
] as const;

export const usualPorts = { implicit: 993, starttls: 143, none: 143 } as const;

/** The mailbox as its form holds it: optional fields are empty text. */
export type MailboxValues = {
  readonly isOn: boolean;
  readonly host: string;
  readonly port: number | string;
  readonly tls: (typeof mailboxTls)[number]["value"];
  readonly trustedCertificate: string;
  readonly username: string;
  readonly password: string;
  readonly folder: string;
  readonly isDeleted: boolean;
  readonly doneFolder: string;
  readonly quarantineFolder: string;
};

/** What the form begins with. */
export function toMailboxValues(settings: BounceMailbox["settings"] | undefined): MailboxValues {
  if (!settings)
    return {
      isOn: true,
      host: "",
      port: 993,
      tls: "implicit",
      trustedCertificate: "",
      username: "",
      password: "",
      folder: "INBOX",
      isDeleted: false,
      doneFolder: "Postroad taken in",
      quarantineFolder: "Postroad set aside",
    };
  const { trustedCertificate, doneFolder, ...same } = settings;
  return {
    ...same,
    trustedCertificate: trustedCertificate ?? "",
    password: "",
    isDeleted: doneFolder === null,
    doneFolder: doneFolder ?? "Postroad taken in",
  };
}

/** What the form sends. A password that was not entered is left out. */
export function toMailboxBody({
  port,
  trustedCertificate,
  password,
  isDeleted,
  doneFolder,
  ...same
}: MailboxValues): MailboxBody {
  return {
    ...same,
    port: Number(port),
    trustedCertificate: trustedCertificate.trim() === "" ? null : trustedCertificate.trim(),
    doneFolder: isDeleted ? null : doneFolder,
    ...(password === "" ? {} : { password }),
  };
}
