/** The fields that every contact has besides its address, as the API names them, with their limits in characters. */
export const contactFields = {
  firstName: { label: "First name", maxLength: 200 },
  lastName: { label: "Last name", maxLength: 200 },
  language: { label: "Language", maxLength: 35 },
  timeZone: { label: "Time zone", maxLength: 64 },
  country: { label: "Country", maxLength: 2 },
  city: { label: "City", maxLength: 200 },
} as const;

export type ContactField = keyof typeof contactFields;

export const contactFieldNames = [
  "firstName",
  "lastName",
  "language",
  "timeZone",
  "country",
  "city",
] as const satisfies readonly ContactField[];
