/** Somebody in the file that is imported. */
export type Person = {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly city: string;
};

const firstNames =
  "Ada Bela Cem Dora Emil Fay Gus Hana Ivo Jo Kai Lea Mia Nils Ola Pia Quinn Rosa Sam Tea Uma Vito Wes Xena Yara Zoë" +
  " Łukasz Søren Nuñez O'Neill Jean-Luc 美咲 Дарья Ağa Björn Chloé Dàn Élodie Frančišek Gül";

/** Forty people of New York with different names, in many scripts, and twenty of other cities. */
export const newYorkers: readonly Person[] = firstNames.split(" ").map((firstName, place) => ({
  email: `guest${String(place + 1).padStart(2, "0")}@ny.example`,
  firstName,
  lastName: place === 0 ? "Lovelace & <Sons>" : `Guest ${place + 1}`,
  city: "New York",
}));

export const others: readonly Person[] = Array.from({ length: 20 }, (_, place) => ({
  email: `reader${place + 1}@elsewhere.example`,
  firstName: `Reader${place + 1}`,
  lastName: "Away",
  city: ["Bonn", "Lisbon", "York"][place % 3] ?? "",
}));

/** Rows that no import can take: no address, no domain, a field too many. */
export const brokenRows: readonly string[] = [
  ",Nobody,At All,New York",
  "not-an-address,Nora,Nowhere,New York",
];

/** The file as a spreadsheet would save it, with broken rows in the middle of the good ones. */
export function contactsFile(): Buffer {
  const line = ({ email, firstName, lastName, city }: Person) => `${email},${firstName},${lastName},${city}`;
  const lines = [
    "Email,First name,Last name,City",
    ...newYorkers.slice(0, 20).map(line),
    ...brokenRows,
    ...newYorkers.slice(20).map(line),
    ...others.map(line),
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n`);
}
