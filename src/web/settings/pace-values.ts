import { providerDomains } from "#core/delivery/domain-pace.ts";
import { formatNumber } from "../ui/format.ts";

export const paceUnits = [
  { value: "1", label: "a second" },
  { value: "60", label: "a minute" },
  { value: "3600", label: "an hour" },
  { value: "86400", label: "a day" },
] as const;

/** A pace as its form holds it. */
export type PaceValues = {
  /** Tells the rows of the form apart. */
  readonly key: string;
  readonly name: string;
  /** With spaces or commas between them. */
  readonly domains: string;
  readonly messages: number | string;
  readonly perSeconds: string;
};

type StoredPace = {
  readonly name: string;
  readonly domains: readonly string[];
  readonly messages: number;
  readonly perSeconds: number;
};

export const toPaceValues = (paces: readonly StoredPace[]): readonly PaceValues[] =>
  paces.map(({ name, domains, messages, perSeconds }) => ({
    key: name,
    name,
    domains: domains.join(" "),
    messages,
    perSeconds: String(perSeconds),
  }));

/** Providers without a row in the form. */
export const suggestions = (paces: readonly PaceValues[]) =>
  Object.keys(providerDomains).filter((provider) => paces.every(({ name }) => name !== provider));

/** A row to begin with: the domains of a provider, or empty. */
export function newPace(provider: string): PaceValues {
  const domains = Object.entries(providerDomains).find(([name]) => name === provider)?.[1] ?? [];
  return {
    key: crypto.randomUUID(),
    name: provider,
    domains: domains.join(" "),
    messages: 20,
    perSeconds: "1",
  };
}

/** A rate in the unit that needs no fractions of a message. */
export function paceWords(perSecond: number): string {
  const words = (rate: number, unit: string) =>
    `${formatNumber(rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate))} ${unit}`;
  if (perSecond >= 1) return words(perSecond, "a second");
  return perSecond * 60 >= 1 ? words(perSecond * 60, "a minute") : words(perSecond * 3600, "an hour");
}

/** What to send. */
export const toPaceBody = (paces: readonly PaceValues[]) => ({
  items: paces.map(({ name, domains, messages, perSeconds }) => ({
    name,
    domains: domains.split(/[\s,;]+/).filter((domain) => domain !== ""),
    messages: Number(messages),
    perSeconds: Number(perSeconds),
  })),
});
