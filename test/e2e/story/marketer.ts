import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";

/** What the owner does in the app, by the names that are on the screen. */
export const owner = {
  name: "Olga Owner",
  email: "olga@postroad.test",
  password: "correct horse battery staple",
} as const;

/** Presses the button of the page with exactly this name. */
export async function press(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name, exact: true }).click();
}

/** Goes to a place of the main navigation. */
export async function goTo(page: Page, place: string): Promise<void> {
  await page
    .getByRole("navigation", { name: "Main" })
    .getByRole("link", { name: place, exact: true })
    .click();
  await heading(page, place);
}

/** Waits until the page has this title. */
export async function heading(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole("heading", { level: 1, name }).waitFor();
}

/** The figure of this name on the page. */
export async function figure(page: Page, label: string): Promise<string> {
  const term = page.getByRole("term").filter({ hasText: new RegExp(`^${label}$`) });
  const stat = page.locator("dl > div", { has: term }).first();
  return stat.getByRole("definition").first().innerText();
}

/** Presses a download and gives what was downloaded. */
export async function download(page: Page, name: string): Promise<string> {
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name }).click()]);
  return readFile(await file.path(), "utf8");
}

/** Creates the owner account by the printed link. */
export async function createOwner(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByLabel("Your name").fill(owner.name);
  await page.getByLabel("Email").fill(owner.email);
  await page.getByLabel("Password", { exact: true }).fill(owner.password);
  await press(page, "Create account");
  await heading(page, "Hello, Olga");
}

/** Says who sends: name, postal address and sender address of the default content settings. */
export async function fillContentSettings(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Fill in content settings" }).click();
  await page.getByRole("table").getByRole("link").first().click();
  await page.getByLabel("Company name").fill("Harbour Concerts");
  await page.getByLabel("Postal address").fill("1 Pier Road, New York, NY 10004");
  await page.getByLabel("From name").fill("Harbour Concerts");
  await page.getByLabel("From address").fill("news@harbour.example");
  await press(page, "Save content settings");
  await page.getByText("Content settings saved").waitFor();
}

/** Adds a topic that contacts can subscribe to. */
export async function addTopic(page: Page, name: string): Promise<void> {
  await goTo(page, "Settings");
  await page.getByRole("link", { name: /Topics and consent/ }).click();
  await press(page, "New topic");
  await page.getByRole("dialog").getByLabel("Name").fill(name);
  await press(page, "Add topic");
  await page.getByRole("region", { name: "Topics" }).getByText(name).waitFor();
}

/** Imports a file of contacts who agreed to a topic, and waits for the result. */
export async function importContacts(page: Page, file: Buffer): Promise<void> {
  await goTo(page, "Contacts");
  await page.getByRole("link", { name: "Import" }).first().click();
  await heading(page, "Import contacts");
  await page
    .getByLabel("CSV file")
    .setInputFiles({ name: "contacts.csv", mimeType: "text/csv", buffer: file });
  await heading(page, "contacts.csv");
  await page.getByRole("checkbox", { name: /These people agreed to receive mail/ }).check();
  await page.getByLabel("How it was given").fill("Box ticked at the box office");
  await press(page, "Start the import");
  await page.getByRole("heading", { name: "Done" }).waitFor();
}

/** Makes the segment of a city in the builder, while its count follows. */
export async function buildSegment(page: Page, city: string, members: string): Promise<void> {
  await goTo(page, "Segments");
  await page.getByRole("link", { name: "New segment" }).first().click();
  await page.getByRole("textbox", { name: "Name" }).fill(city);
  await press(page, "Create segment");
  await heading(page, city);
  await page.getByText("60 contacts", { exact: true }).waitFor();
  await press(page, "Add rule");
  await page.getByRole("menuitem", { name: "Field or attribute" }).click();
  await page.getByLabel("Field").selectOption({ label: "City" });
  await page.getByRole("textbox", { name: "City: text" }).fill(city);
  await page.getByText(members, { exact: true }).waitFor();
  await press(page, "Save rules");
  await page.getByText("Segment saved").waitFor();
}

/** Creates an event, opens its registration, and gives the address of its page. */
export async function createEvent(page: Page, name: string): Promise<string> {
  await goTo(page, "Events");
  await page.getByRole("link", { name: "New event" }).first().click();
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByLabel("Starts").fill("2030-06-01T18:00");
  await page.getByLabel("Ends").fill("2030-06-01T22:00");
  await page.getByRole("textbox", { name: "Place", exact: true }).fill("Pier 17");
  await press(page, "Create draft");
  await heading(page, name);
  await press(page, "Open registration");
  return (await page.getByRole("link", { name: "Open the page" }).getAttribute("href")) ?? "";
}

/** Replaces a text everywhere in the HTML of the message that is open, with the editor's own search. */
export async function replaceInHtml(page: Page, find: string, replacement: string): Promise<void> {
  await page.getByRole("textbox", { name: "HTML of the message" }).press("Control+f");
  await page.getByRole("textbox", { name: "Find" }).fill(find);
  await page.getByRole("textbox", { name: "Replace" }).fill(replacement);
  await press(page, "replace all");
  await press(page, "close");
}

/** Starts a message from a template and gives it its subject and topic. */
export async function startMessage(
  page: Page,
  { name, template, subject, topic }: { name: string; template: string; subject: string; topic: string },
): Promise<void> {
  await goTo(page, "Messages");
  await page.getByRole("link", { name: "New message" }).first().click();
  await page.getByLabel("Name of the message").fill(name);
  await page.getByRole("radio", { name: template }).check();
  await press(page, "Create draft");
  await heading(page, name);
  await page.getByRole("textbox", { name: "Subject", exact: true }).fill(subject);
  await page.getByRole("tab", { name: "Sender and settings" }).click();
  await page.getByLabel("Topic").selectOption({ label: topic });
  await page.getByRole("tab", { name: "HTML" }).click();
}

/** Takes the message that is open live. */
export async function takeMessageLive(page: Page): Promise<void> {
  await press(page, "Go live");
  await page.getByText("All changes saved · live version 1").waitFor();
}

/** Sends a test of the message that is open, filled in as one contact would get it. */
export async function sendTest(page: Page, to: string, contact: string): Promise<void> {
  await press(page, "Send test");
  const panel = page.getByRole("dialog", { name: "Send a test" });
  await panel.getByRole("textbox", { name: "To" }).fill(to);
  await panel.getByRole("combobox", { name: "As this contact" }).fill(contact);
  await page.getByRole("option", { name: new RegExp(contact) }).click();
  await panel.getByRole("button", { name: "Send test" }).click();
  await panel.waitFor({ state: "detached" });
}

/** Chooses in a searchable picker. */
export async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole("combobox", { name: label, exact: true }).click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

/** Draws the journey of the story on the canvas, from the start to both ends. */
export async function drawJourney(page: Page, name: string): Promise<void> {
  await goTo(page, "Journeys");
  await page.getByRole("link", { name: "New journey" }).first().click();
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await press(page, "Make journey");
  await heading(page, name);
  const canvas = page.getByRole("region", { name: "Journey", exact: true });
  const add = (tile: string) =>
    page.getByRole("region", { name: "Tiles to add" }).getByRole("button", { name: tile }).click();
  await canvas.getByText("Choose a segment").click();
  await choose(page, "Who enters: members of", "New York");
  await add("Send email");
  await choose(page, "Message", "Invite");
  await add("Trigger");
  await choose(page, "Event", name);
  await page.getByRole("textbox", { name: "Or at most" }).fill("7");
  await add("Send email");
  await choose(page, "Message", "Reminder");
  await page
    .getByRole("combobox", { name: "Leads to", exact: true })
    .selectOption({ label: "The journey ends here" });
  await canvas.getByText(/Registered for/).click();
  await page.getByRole("heading", { name: "Trigger" }).waitFor();
  await add("Send email");
  await choose(page, "Message", "Thank you");
  await press(page, "Tidy up");
}

/** Takes the journey that is open live, and says what the check said. */
export async function takeJourneyLive(page: Page): Promise<string> {
  await press(page, "Go live");
  const dialog = page.getByRole("dialog");
  await dialog.getByText("The check passed").waitFor();
  const words = await dialog.innerText();
  await dialog.getByRole("button", { name: "Go live" }).click();
  await dialog.waitFor({ state: "detached" });
  return words;
}

/** Signs in on the page that an ended session leads to. */
export async function signInAgain(page: Page): Promise<void> {
  await heading(page, "Sign in");
  await page.getByLabel("Email").fill(owner.email);
  await page.getByLabel("Password", { exact: true }).fill(owner.password);
  await press(page, "Sign in");
}

/** Waits until the tile on the canvas says that so many arrived at it. */
export async function arrivedAt(page: Page, tile: string, count: number): Promise<void> {
  const node = page.getByRole("region", { name: "Journey", exact: true }).getByRole("group");
  await node.filter({ hasText: tile }).getByText(`${count} arrived`).waitFor();
}

/** Opens the insights of a journey. */
export async function openInsights(page: Page, journey: string): Promise<void> {
  await goTo(page, "Insights");
  await page.getByRole("link", { name: journey }).click();
  await heading(page, journey);
}

/** Opens a contact, found by the beginning of the address. */
export async function openContact(page: Page, address: string): Promise<void> {
  await goTo(page, "Contacts");
  await page.getByRole("searchbox").fill(address);
  await page.getByRole("link", { name: address }).click();
}

/** Signs out by the menu of the person. */
export async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: owner.name }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await heading(page, "Sign in");
}
