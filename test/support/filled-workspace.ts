import { z } from "zod";
import { type Graph, graphSchema } from "#core/journeys/graph.ts";
import { startingPoints } from "#core/journeys/starting-points.ts";
import { type DnsServer, startDnsServer } from "./dns-server.ts";
import { mailboxAt } from "./mailbox.ts";
import type { RunningProduct } from "./running-product.ts";

export type FilledWorkspace = {
  /** The session of the owner, for a browser. */
  readonly cookie: { readonly name: string; readonly value: string; readonly url: string };
  /** Public ids by the pages' first path words: `contacts`, `messages`, … */
  readonly ids: Readonly<Record<string, readonly string[]>>;
  /** Addresses of public pages, as contacts get them. */
  readonly publicPages: readonly string[];
};

const owner = { email: "olga@postroad.test", name: "Olga Owner", password: "correct horse battery staple" };
const hasId = z.looseObject({ id: z.string() });
const list = z.object({ items: z.array(hasId) });

/** Talks to the API of a running product as its new owner. */
async function signUp({ address, ownerLink = "" }: RunningProduct) {
  const answer = await fetch(`${address}/api/setup`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...owner, token: ownerLink.slice(ownerLink.indexOf("#") + 1) }),
  });
  const { csrfToken } = z.object({ csrfToken: z.string() }).parse(await answer.json());
  const [, name = "", value = ""] = /^([^=]+)=([^;]+)/.exec(answer.headers.get("set-cookie") ?? "") ?? [];
  async function ask(method: string, path: string, body?: object | string): Promise<unknown> {
    const response = await fetch(`${address}${path}`, {
      method,
      headers: {
        cookie: `${name}=${value}`,
        "x-csrf-token": csrfToken,
        ...(body === undefined
          ? {}
          : { "content-type": typeof body === "string" ? "text/csv" : "application/json" }),
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }
  return { ask, cookie: { name, value, url: address } };
}

type Ask = Awaited<ReturnType<typeof signUp>>["ask"];

/** A name server that knows the domain of the workspace's From addresses; `fillWorkspace` publishes its keys there. */
export const startHarbourDns = (): Promise<DnsServer> =>
  startDnsServer({
    "TXT harbour.example": ["v=spf1 ip4:192.0.2.1 -all"],
    "TXT _dmarc.harbour.example": ["v=DMARC1; p=none; rua=mailto:dmarc@harbour.example"],
    "MX harbour.example": ["10 mx.harbour.example"],
    "A mx.harbour.example": ["192.0.2.1"],
  });

const checkedDomain = z.object({
  id: z.string(),
  keys: z.array(z.object({ id: z.string() })),
  signing: z.object({ state: z.string() }),
  findings: z.array(
    z.object({ check: z.string(), record: z.object({ name: z.string(), value: z.string() }).nullable() }),
  ),
});

/** A domain whose keys are in DNS, one of them about to be replaced, and one of which DNS knows nothing. */
async function addDomains(ask: Ask, dns: DnsServer): Promise<void> {
  const made = checkedDomain.parse(await ask("POST", "/api/sending-domains", { domain: "harbour.example" }));
  for (const { check, record } of made.findings)
    if (check === "dkim" && record) dns.zone[`TXT ${record.name}`] = [record.value];
  const checked = checkedDomain.parse(await ask("POST", `/api/sending-domains/${made.id}/check`));
  if (checked.signing.state !== "signs") throw new Error(`Mail of the domain is ${checked.signing.state}`);
  await ask("POST", `/api/sending-domains/${made.id}/keys`, { replacesKeyId: checked.keys[0]?.id });
  await ask("POST", "/api/sending-domains", { domain: "pier.example", algorithms: ["rsa-sha256"] });
}

/**
 * Creates the owner and one or two of everything: imports, segments, messages, sending domains, an event, a journey that has sent. The product
 * asks this name server.
 */
export async function fillWorkspace(product: RunningProduct, dns: DnsServer): Promise<FilledWorkspace> {
  const { ask, cookie } = await signUp(product);
  const make = async (path: string, body: object) => hasId.parse(await ask("POST", path, body)).id;
  const settings = list.parse(await ask("GET", "/api/content-settings")).items[0]?.id ?? "";
  await ask("PATCH", `/api/content-settings/${settings}`, {
    companyName: "Harbour Concerts",
    postalAddress: "1 Pier Road, New York, NY 10004",
    websiteUrl: "https://harbour.example",
    fromName: "Harbour Concerts",
    fromAddress: "news@harbour.example",
  });
  const topicId = await make("/api/topics", { name: "Concerts", description: "Once a month" });
  await make("/api/topics", { name: "Members only", isPublic: false });
  await ask("POST", "/api/attributes", { key: "member_since", label: "Member since", type: "date" });
  await ask("POST", "/api/suppressions", {
    addresses: ["gone@example.com"],

    reason: "Asked",
  });
  await ask("POST", "/api/webhooks", { name: "Postmark, broadcasts", provider: "postmark" });
  await ask("PUT", "/api/feedback/mailbox", {
    ...{ isOn: false, host: "imap.harbour.example", port: 993, tls: "implicit", trustedCertificate: null },
    ...{
      username: "bounces",
      password: "secret",
      folder: "INBOX",
      doneFolder: "Done",
      quarantineFolder: "Aside",
    },
  });
  await ask("POST", "/api/users/invitations", { email: "mara@postroad.test", role: "marketer" });
  await addDomains(ask, dns);
  const imports = await importContacts(ask, topicId);
  const condition = { kind: "attribute", field: "city", test: { operator: "equals", value: "New York" } };
  const segments = [
    await make("/api/segments", {
      name: "New York",
      definition: { timeZone: "UTC", condition: { kind: "all", of: [condition] } },
    }),
    await make("/api/segments", { name: "Press", definition: null }),
  ];
  const events = [await openEvent(make, ask, topicId)];
  const templates = z
    .object({ items: z.array(z.object({ id: z.string(), name: z.string() })) })
    .parse(await ask("GET", "/api/templates")).items;
  const messages: string[] = [];
  for (const name of ["Event invitation", "Event thank-you", "Event reminder"])
    messages.push(
      await liveMessage(ask, name, templates.find((one) => one.name === name)?.id ?? "", topicId),
    );
  messages.push(await make("/api/messages", { name: "A draft with problems", html: "<p>{{ contact.nme }}" }));
  const journeys = [
    await liveJourney(ask, { segmentId: segments[0] ?? "", messages, eventId: events[0] ?? "" }),
    await make("/api/journeys", { name: "A draft" }),
  ];
  const publicPages = await visitPublicPages(product);
  const contacts = list.parse(await ask("GET", "/api/contacts?search=ada1@")).items.map(({ id }) => id);
  const newestBy = async (by: string) =>
    list.parse(await ask("GET", `/api/insights/breakdown?by=${by}&limit=1`)).items.map(({ id }) => id);
  const versions = await newestBy("version");
  await ask("PUT", `/api/message-versions/${versions[0]}/links/1`, {
    url: "https://harbour.example/register",
  });
  return {
    cookie,
    publicPages,
    ids: {
      ...{ imports, segments, events, journeys, contacts, content: [settings] },
      // The first is live, the last a draft.
      messages: [messages[0] ?? "", messages.at(-1) ?? ""],
      versions,
      mailings: await newestBy("mailing"),
      templates: await newestBy("template"),
    },
  };
}

async function importContacts(ask: Ask, topicId: string): Promise<string[]> {
  const rows = Array.from({ length: 40 }, (_, place) =>
    [`ada${place}@example.com`, "Ada", `Guest ${place}`, place % 2 ? "New York" : "Bonn", "US"].join(","),
  );
  const file = ["Email,First name,Last name,City,Country", ...rows, "no-address,Nora,Nowhere,Bonn,US"].join(
    "\n",
  );
  const upload = async () => hasId.parse(await ask("POST", "/api/imports?fileName=guests.csv", file)).id;
  const done = await upload();
  await ask("PUT", `/api/imports/${done}`, {
    consent: { topicId, wording: "Ticked at the door", givenAt: null },
  });
  await ask("POST", `/api/imports/${done}/start`);
  for (;;) {
    const { state } = z.object({ state: z.string() }).parse(await ask("GET", `/api/imports/${done}`));
    if (state === "finished") return [done, await upload()];
    if (state !== "running") throw new Error(`The import is ${state}`);
  }
}

async function openEvent(
  make: (path: string, body: object) => Promise<string>,
  ask: Ask,
  topicId: string,
): Promise<string> {
  const id = await make("/api/events", {
    ...{
      name: "Harbour Night",
      slug: "harbour-night",
      place: "Pier 17",
      timeZone: "America/New_York",
      topicId,
    },
    ...{ startsAt: "2030-06-01T18:00:00-04:00", endsAt: "2030-06-01T22:00:00-04:00", capacity: 100 },
    description: "Three bands, one ship.",
  });
  await ask("POST", `/api/events/${id}/open`);
  return id;
}

async function liveMessage(ask: Ask, name: string, templateId: string, topicId: string): Promise<string> {
  const draft = z.looseObject({ id: z.string(), revision: z.number() });
  const made = draft.parse(await ask("POST", "/api/messages", { name, templateId }));
  const saved = draft.parse(await ask("PUT", `/api/messages/${made.id}`, { ...made, topicId }));
  await ask("POST", `/api/messages/${made.id}/go-live`, { revision: saved.revision });
  return made.id;
}

async function liveJourney(
  ask: Ask,
  chosen: { readonly segmentId: string; readonly messages: readonly string[]; readonly eventId: string },
): Promise<string> {
  const blueprint = startingPoints.find(({ key }) => key === "invitation")?.graph ?? { tiles: [], edges: [] };
  const sends = [...chosen.messages];
  const graph: Graph = graphSchema.parse({
    edges: blueprint.edges,
    tiles: blueprint.tiles.map((tile) => {
      if (tile.kind === "segment-start") return { ...tile, segmentId: chosen.segmentId, joinLater: true };
      if (tile.kind === "send") return { ...tile, messageId: sends.shift() };
      if (tile.kind === "trigger")
        return { ...tile, happening: { kind: "registered", eventId: chosen.eventId } };
      return tile;
    }),
  });
  const made = z
    .looseObject({ id: z.string(), revision: z.number() })
    .parse(await ask("POST", "/api/journeys", { name: "Harbour Night", graph }));
  await ask("POST", `/api/journeys/${made.id}/go-live`, { revision: made.revision });
  return made.id;
}

/** The pages that a message leads to, and those that a wrong address leads to. */
async function visitPublicPages({ address, mailbox }: RunningProduct): Promise<string[]> {
  const mail = await mailboxAt(mailbox).waitFor({ q: "invited" }, 20);
  const inMail = (letter: string) =>
    new RegExp(`http[^"\\s]*/${letter}/[\\w-]+`).exec(mail.html ?? "")?.[0] ??
    `No /${letter}/ in the message`;
  const event = `${address}/e/harbour-night`;
  const known = `${event}?c=${inMail("v").split("/").pop()}`;
  return [inMail("p"), inMail("u"), inMail("f"), event, known, `${address}/e/unknown`, `${address}/p/wrong`];
}
