import { z } from "zod";
import { idSchema } from "#core/kernel/ids.ts";
import { domainChecks, findingSeverities } from "#core/senders/domain-finding.ts";
import { keyVerdicts } from "#core/senders/published-key.ts";
import { whenKeysDiffer } from "#core/senders/signing.ts";
import { defineRoute, done } from "./route.ts";

const time = z.iso.datetime();

export const domainName = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(/^(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+$/, "Expected a domain like news.example.com");

const algorithm = z.enum(["rsa-sha256", "ed25519-sha256"]);

const DkimKey = z.object({
  id: idSchema("dkimKey"),
  selector: z.string(),
  algorithm,
  /** `waiting`: made, does not sign yet. `retired`: signs no more, its record stays until `removableAt`. */
  life: z.enum(["waiting", "signing", "retired"]),
  /** What DNS definitely said last; null: it was never seen. */
  published: z.enum(keyVerdicts).nullable(),
  /** It signs although its record was not found, because somebody wanted it. */
  isForced: z.boolean(),
  /** The key that it takes over from as soon as its record is found. */
  replacesKeyId: idSchema("dkimKey").nullable(),
  signingSince: time.nullable(),
  retiredAt: time.nullable(),
  removableAt: time.nullable(),
  createdAt: time,
});

/** One thing that DNS was asked about: what is, why it matters, and exactly what to publish. */
const DomainFinding = z.object({
  check: z.enum(domainChecks),
  name: z.string(),
  severity: z.enum(findingSeverities),
  message: z.string(),
  why: z.string(),
  fix: z.string().nullable(),
  record: z.object({ name: z.string(), type: z.enum(["TXT", "MX", "PTR"]), value: z.string() }).nullable(),
  /** What DNS says there. */
  found: z.array(z.string()),
});

export const SendingDomain = z.object({
  id: idSchema("sendingDomain"),
  domain: z.string(),
  keys: z.array(DkimKey),
  /** What happens to its mail now: it is signed, leaves unsigned, or is held; and why. */
  signing: z.object({ state: z.enum(["signs", "unsigned", "held"]), reason: z.string().nullable() }),
  /** What to do with mail when the published keys differ from ours. */
  ifKeyDiffers: z.enum(whenKeysDiffer),
  findings: z.array(DomainFinding),
  /** The rules of large mailbox providers that DNS can tell. */
  bulkRules: z.array(
    z.object({
      rule: z.string(),
      state: z.enum(["met", "unmet", "unknown"]),
      providers: z.array(z.enum(["Gmail", "Yahoo", "Microsoft"])),
    }),
  ),
  checkedAt: time.nullable(),
  createdAt: time,
});

const byDomain = z.object({ id: idSchema("sendingDomain") });
const byKey = byDomain.extend({ keyId: idSchema("dkimKey") });

/** The domains that mail is signed for. */
export const sendingDomainRoutes = {
  list: defineRoute({
    id: "sendingDomains.list",
    method: "GET",
    path: "/api/sending-domains",
    summary: "Lists sending domains with their keys, what was last found in DNS and what to publish.",
    access: "settings:read",
    response: z.object({ items: z.array(SendingDomain) }),
  }),
  create: defineRoute({
    id: "sendingDomains.create",
    method: "POST",
    path: "/api/sending-domains",
    summary: "Adds a domain and makes its first keys, RSA-2048 and Ed25519 unless told otherwise.",
    access: "senders:write",
    body: z.object({
      domain: domainName,
      algorithms: z.array(algorithm).min(1).max(2).default(["rsa-sha256", "ed25519-sha256"]),
    }),
    response: SendingDomain,
    errors: ["senders.domain-taken", "senders.free-mail-domain"],
  }),
  change: defineRoute({
    id: "sendingDomains.change",
    method: "PATCH",
    path: "/api/sending-domains/:id",
    summary: "Says what happens to mail when the published keys differ from ours.",
    access: "senders:write",
    params: byDomain,
    body: z.object({ ifKeyDiffers: z.enum(whenKeysDiffer) }),
    response: SendingDomain,
    errors: ["senders.domain-not-found"],
  }),
  check: defineRoute({
    id: "sendingDomains.check",
    method: "POST",
    path: "/api/sending-domains/:id/check",
    summary: "Looks the domain up in DNS now. A new key whose record is found takes over.",
    access: "senders:write",
    params: byDomain,
    response: SendingDomain,
    errors: ["senders.domain-not-found"],
  }),
  rotate: defineRoute({
    id: "sendingDomains.rotate",
    method: "POST",
    path: "/api/sending-domains/:id/keys",
    summary:
      "Makes another key. It takes over from the one it replaces as soon as its record is found; without one it waits to be switched on.",
    access: "senders:write",
    params: byDomain,
    body: z.object({
      algorithm: algorithm.default("rsa-sha256"),
      replacesKeyId: idSchema("dkimKey").nullable().default(null),
    }),
    response: SendingDomain,
    errors: ["senders.domain-not-found", "senders.key-not-found"],
  }),
  switchKey: defineRoute({
    id: "sendingDomains.switchKey",
    method: "POST",
    path: "/api/sending-domains/:id/keys/:keyId/switch",
    summary: "Switches signing with a key on or off. On needs its record in DNS, unless it is forced.",
    access: "senders:write",
    params: byKey,
    body: z.object({ isActive: z.boolean(), force: z.boolean().default(false) }),
    response: SendingDomain,
    errors: ["senders.domain-not-found", "senders.key-not-found", "senders.key-not-published"],
  }),
  removeKey: defineRoute({
    id: "sendingDomains.removeKey",
    method: "DELETE",
    path: "/api/sending-domains/:id/keys/:keyId",
    summary: "Deletes a key that does not sign.",
    access: "senders:write",
    params: byKey,
    response: SendingDomain,
    errors: ["senders.domain-not-found", "senders.key-not-found", "senders.key-signs"],
  }),
  remove: defineRoute({
    id: "sendingDomains.remove",
    method: "DELETE",
    path: "/api/sending-domains/:id",
    summary: "Removes a domain and its keys. Mail from it is not signed any more.",
    access: "senders:write",
    params: byDomain,
    response: done,
    errors: ["senders.domain-not-found"],
  }),
} as const;
