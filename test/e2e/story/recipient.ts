import type { Browser, BrowserContext, Page } from "playwright-core";

export type Recipient = {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly mailboxAddress: string;
};

/** Somebody who reads mail: a browser of their own that no list of robots knows, on the pages of the test mailbox. */
export async function createRecipient(browser: Browser, mailboxAddress: string): Promise<Recipient> {
  const context = await browser.newContext({
    locale: "en-GB",
    userAgent: "Mozilla/5.0 (X11; Linux x64; rv:150.0) Gecko/20100101 Firefox/150.0",
  });
  context.setDefaultTimeout(10_000);
  return { context, page: await context.newPage(), mailboxAddress };
}

/** Opens the newest message to this address; its pictures, the beacon among them, are loaded. */
export async function openMail({ page, mailboxAddress }: Recipient, to: string, subject: RegExp) {
  await page.goto(mailboxAddress);
  await page.getByRole("searchbox").fill(to);
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: subject }).first().click();
  await page.frameLocator("iframe").getByRole("heading").first().waitFor();
}

/** Clicks a link of the message that is open, and gives the tab that it opens. */
export async function follow({ page }: Recipient, link: string): Promise<Page> {
  const [tab] = await Promise.all([
    page.waitForEvent("popup"),
    page.frameLocator("iframe").getByRole("link", { name: link, exact: true }).click(),
  ]);
  await tab.waitForLoadState();
  return tab;
}

/** Registers for the event of the invitation that is open, with the one button that a known contact needs. */
export async function registerForEvent(recipient: Recipient): Promise<void> {
  const tab = await follow(recipient, "Save my place");
  await tab.getByText("You register as g•••@n•••.example").waitFor();
  await tab.getByRole("button", { name: "Register" }).click();
  await tab.getByRole("heading", { name: "You are registered" }).waitFor();
}

/** Sends a friend a copy by the form. Typed at a person's pace: what is filled in at once is taken for a program. */
export async function forwardToFriend(recipient: Recipient, friend: string, name: string): Promise<void> {
  const tab = await follow(recipient, "Forward to a friend");
  const first = tab.getByRole("group", { name: "Friend 1" });
  await first.getByLabel("Email").pressSequentially(friend, { delay: 90 });
  await first.getByLabel("Name (optional)").pressSequentially(name, { delay: 90 });
  await tab.getByRole("button", { name: "Send" }).click();
  await tab.getByRole("heading", { name: "Thank you for sharing" }).waitFor();
}

/** Refuses all mail in the subscription centre that the message links to. */
export async function refuseAllMail(recipient: Recipient): Promise<void> {
  const tab = await follow(recipient, "Change what you receive");
  await tab.getByRole("checkbox", { name: /Do not email me/ }).check();
  await tab.getByRole("button", { name: "Save my choice" }).click();
  await tab.getByText("Your choice is saved.").waitFor();
}

/** Unsubscribes by the header of the message, with one POST as a mail client makes it. */
export async function unsubscribeByHeader({ page }: Recipient): Promise<void> {
  const [tab] = await Promise.all([
    page.waitForEvent("popup"),
    page.getByRole("button", { name: "Unsubscribe, as a mail client would" }).click(),
  ]);
  await tab.getByRole("heading", { name: "You are unsubscribed" }).waitFor();
}
