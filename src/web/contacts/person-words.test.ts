import { expect, test } from "vitest";
import { countryName, fullName, listCountries, listTimeZones } from "./person-words.ts";

test("a name is what there is of it", () => {
  expect(fullName({ firstName: "Ana", lastName: "Ruiz" })).toBe("Ana Ruiz");
  expect(fullName({ firstName: null, lastName: "Ruiz" })).toBe("Ruiz");
  expect(fullName({ firstName: null, lastName: null })).toBe("");
});

test("countries are named, and a code that names none is shown as it is", () => {
  expect(countryName("es", "en")).toBe("Spain");
  expect(countryName("nowhere", "en")).toBe("nowhere");
});

test("countries to choose from are today's, each once", () => {
  const countries = listCountries("en");
  expect(countries).toContainEqual({ value: "DE", label: "Germany" });
  expect(countries.filter(({ label }) => label === "Germany")).toHaveLength(1);
  expect(countries.map(({ value }) => value)).not.toContain("EU");
  expect(countries.length).toBeGreaterThan(190);
});

test("a time zone that a contact has can be kept", () => {
  expect(listTimeZones("Mars/Olympus")[0]).toBe("Mars/Olympus");
  expect(listTimeZones("")).toContain("Europe/Madrid");
});
