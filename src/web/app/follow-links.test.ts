import { expect, test } from "vitest";
import { isOurServer } from "./follow-links.ts";

test("addresses that the server answers are left to the browser", () => {
  for (const path of ["/api/contacts/export", "/docs/errors", "/mailbox", "/p/abc", "/e/open-day"])
    expect(isOurServer(path)).toBe(true);
  for (const path of ["/", "/contacts", "/events/evt_1", "/journeys", "/settings/api-keys"])
    expect(isOurServer(path)).toBe(false);
});
