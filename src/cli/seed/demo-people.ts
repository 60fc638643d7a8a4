import { createRandom, pick } from "./random.ts";

type Place = {
  readonly city: string;
  readonly country: string;
  readonly zone: string;
  readonly language: string;
};

const places: readonly (readonly [Place, number])[] = [
  [{ city: "New York", country: "US", zone: "America/New_York", language: "en" }, 22],
  [{ city: "Chicago", country: "US", zone: "America/Chicago", language: "en" }, 12],
  [{ city: "London", country: "GB", zone: "Europe/London", language: "en" }, 16],
  [{ city: "Berlin", country: "DE", zone: "Europe/Berlin", language: "de" }, 14],
  [{ city: "Zürich", country: "CH", zone: "Europe/Zurich", language: "de" }, 6],
  [{ city: "Paris", country: "FR", zone: "Europe/Paris", language: "fr" }, 10],
  [{ city: "São Paulo", country: "BR", zone: "America/Sao_Paulo", language: "pt" }, 8],
  [{ city: "Tokyo", country: "JP", zone: "Asia/Tokyo", language: "ja" }, 7],
  [{ city: "", country: "US", zone: "", language: "en" }, 5],
];

const firstNames =
  "Ana Ben Chloé Dmitri Eva Farid Grace Haruki Ines Jonas Kira Luís Maya Noah Olga Pablo Quinn Rosa Sven Tomás Uma Victor Wendy Ximena Yusuf Zoë".split(
    " ",
  );
const lastNames =
  "Almeida Becker Costa Dubois Evans Fischer García Haddad Ito Jensen Kowalski Lindqvist Meyer Novak O'Brien Petrov Quist Rossi Schmidt Tanaka Usman Vogel Weber Xu Young Zimmermann".split(
    " ",
  );
const companies = ["Northwind", "Fabrikam", "Contoso", "Adventure Works", "Tailspin", ""];
const plans: readonly (readonly [string, number])[] = [
  ["free", 62],
  ["team", 26],
  ["business", 12],
];

/** A CSV of made-up people, the same each time. Every 50th lacks a first name; addresses are in reserved domains. */
export function demoPeople(count: number): string {
  const random = createRandom(20_261_123);
  const lines = ["email,first_name,last_name,city,country,language,time_zone,plan,company,points"];
  for (let n = 1; n <= count; n++) {
    const place = pick(random, places);
    const first = firstNames[Math.floor(random() * firstNames.length)] ?? "";
    const last = lastNames[Math.floor(random() * lastNames.length)] ?? "";
    const plan = pick(random, plans);
    const company = plan === "free" ? "" : (companies[Math.floor(random() * companies.length)] ?? "");
    const mailbox = random() < 0.015 ? `gone${n}` : `person${n}`;
    const cells = [
      `${mailbox}@example.${n % 3 === 0 ? "net" : "com"}`,
      n % 50 === 0 ? "" : first,
      last,
      place.city,
      place.country,
      place.language,
      place.zone,
      plan,
      company,
      String(Math.floor(random() * 1000)),
    ];
    lines.push(cells.map((cell) => (/[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(","));
  }
  return `${lines.join("\n")}\n`;
}
