import { expect, test } from "vitest";
import { emptyContact, fromLocalInput, toBody, toLocalInput, toValues } from "./contact-values.ts";

test("a contact survives being filled into a form and sent back", () => {
  const contact = {
    email: "ana@example.org",
    firstName: "Ana",
    lastName: null,
    language: null,
    timeZone: "Europe/Madrid",
    country: "ES",
    city: null,
    attributes: { age: 41, tags: ["vip"] },
  };
  expect(toBody(toValues(contact))).toEqual(contact);
});

test("what was emptied is cleared, also among attributes", () => {
  const body = toBody({ ...emptyContact, email: " ana@example.org ", attributes: { age: "", city: "Bonn" } });
  expect(body.email).toBe("ana@example.org");
  expect(body.firstName).toBeNull();
  expect(body.attributes).toEqual({ age: null, city: "Bonn" });
});

test("an instant survives the browser's local date and time field to the minute", () => {
  expect(fromLocalInput(toLocalInput("2026-03-29T01:30:00.000Z"))).toBe("2026-03-29T01:30:00.000Z");
  expect(toLocalInput(null)).toBe("");
  expect(fromLocalInput("")).toBeNull();
});
