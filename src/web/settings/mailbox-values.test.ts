import { expect, test } from "vitest";
import { toMailboxBody, toMailboxValues } from "./mailbox-values.ts";

const settings = {
  isOn: true,
  host: "imap.example.com",
  port: 993,
  tls: "implicit" as const,
  trustedCertificate: null,
  username: "bounces",
  folder: "INBOX",
  doneFolder: null,
  quarantineFolder: "Aside",
};

test("what was saved is sent again as it was, without a password", () => {
  expect(toMailboxBody(toMailboxValues(settings))).toEqual(settings);
  const moved = { ...settings, doneFolder: "Done", trustedCertificate: "-----BEGIN CERTIFICATE-----" };
  expect(toMailboxBody(toMailboxValues(moved))).toEqual(moved);
});

test("a password that was entered is sent", () => {
  expect(toMailboxBody({ ...toMailboxValues(undefined), password: "secret" })).toMatchObject({
    password: "secret",
    port: 993,
    tls: "implicit",
  });
});
