import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type LinkTags,
  noLinkTags,
  problemsOfTags,
  readyTags,
  tagAddress,
  tidyLinkTags,
} from "./link-tags.ts";

const own = "https://mail.example.com";
const subject = { journeyName: "Spring & Sons", messageName: "Invite 1" };
const ready = (tags: Partial<LinkTags>) => readyTags({ ...noLinkTags, ...tags }, subject);
const put = (address: string, tags: Partial<LinkTags>) => {
  const prepared = ready(tags);
  return prepared ? tagAddress(address, prepared, own) : address;
};
const usual = { source: "news", campaign: "{{ journey.name }}" };

describe("[W10] texts", () => {
  test("name the journey and the message, with filters", () => {
    expect(
      ready({ source: "news", campaign: "{{ journey.name | downcase }}", term: "{{ message.name }}" }),
    ).toEqual({
      parameters: [
        { name: "utm_source", text: "utm_source=news" },
        { name: "utm_campaign", text: "utm_campaign=spring%20%26%20sons" },
        { name: "utm_term", text: "utm_term=Invite%201" },
      ],
      domains: [],
    });
  });
  test("that are empty, or come out empty, are left out; all empty is nothing", () => {
    expect(
      readyTags({ ...noLinkTags, campaign: "{{ journey.name }}" }, { journeyName: "", messageName: "" }),
    ).toBeUndefined();
    expect(ready({ source: " ", domains: ["example.com"] })).toBeUndefined();
  });
  test("about a contact, or that cannot be read, are refused by their field", () => {
    expect(problemsOfTags({ ...noLinkTags, ...usual })).toEqual([]);
    const wrong = {
      ...noLinkTags,
      source: "{{ contact.email }}",
      medium: "{{ now }}",
      term: "{{ journey.name",
      domains: ["shop.example", "https://x"],
    };
    expect(problemsOfTags(wrong).map(({ path }) => path)).toEqual(["source", "medium", "term", "domains"]);
  });
  test("do not run for ever", () => {
    expect(ready({ source: "{% for a in (1..100000) %}x{% endfor %}" })).toBeUndefined();
  });
  test("are the same however they were stored or typed", () => {
    const { domains, ...texts } = { ...noLinkTags, ...usual, domains: ["a.example", ""] };
    expect(JSON.stringify(tidyLinkTags({ domains, ...texts }))).toBe(
      JSON.stringify({ ...noLinkTags, ...usual, domains: ["a.example"] }),
    );
  });
});

describe("[W11] an address", () => {
  const tags = "utm_source=news&utm_campaign=Spring%20%26%20Sons";
  test.each([
    ["https://shop.example/", `https://shop.example/?${tags}`],
    ["https://shop.example/a?x=1&y=%C3%A4#top", `https://shop.example/a?x=1&y=%C3%A4&${tags}#top`],
    ["https://shop.example/a?", `https://shop.example/a?${tags}`],
    ["https://shop.example/a?x&", `https://shop.example/a?x&${tags}`],
    ["https://shop.example/#/cart?x=1", `https://shop.example/?${tags}#/cart?x=1`],
    ["https://shop.example:8443/?q=a+b", `https://shop.example:8443/?q=a+b&${tags}`],
    [
      "https://shop.example/?utm_source=mine",
      "https://shop.example/?utm_source=mine&utm_campaign=Spring%20%26%20Sons",
    ],
    [
      "https://shop.example/?UTM%5FSource=mine&utm_campaign=",
      "https://shop.example/?UTM%5FSource=mine&utm_campaign=",
    ],
    ["https://shop.example/?%zz=1", `https://shop.example/?%zz=1&${tags}`],
    [`${own}/e/night`, `${own}/e/night`],
    [own, own],
    [`${own}.evil.example/`, `${own}.evil.example/?${tags}`],
  ])("%s becomes %s", (address, tagged) => expect(put(address, usual)).toBe(tagged));

  test("of a domain that is not listed stays as it is", () => {
    const listed = { source: "news", domains: ["shop.example"] };
    expect(put("https://www.shop.example/", listed)).toBe("https://www.shop.example/?utm_source=news");
    expect(put("https://SHOP.example:99/", listed)).toBe("https://SHOP.example:99/?utm_source=news");
    for (const other of [
      "https://workshop.example/",
      "https://shop.example.org/",
      "https://x.example/?shop.example",
    ])
      expect(put(other, listed)).toBe(other);
  });

  test("keeps all that it was, gets each parameter once, and a second time nothing", () => {
    const text = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(
        fc.webUrl({ withQueryParameters: true, withFragments: true }),
        text,
        text,
        (written, source, term) => {
          const address = new URL(written).href;
          const prepared = readyTags(
            { ...noLinkTags, source: source.replace(/[{%]/g, ""), term: term.replace(/[{%]/g, "") },
            subject,
          );
          const tagged = prepared ? tagAddress(address, prepared, own) : address;
          const [before, after] = [new URL(address), new URL(tagged)];
          expect([after.origin, after.pathname, after.hash]).toEqual([
            before.origin,
            before.pathname,
            before.hash,
          ]);
          expect(after.search.startsWith(before.search)).toBe(true);
          for (const { name } of prepared?.parameters ?? [])
            expect(after.searchParams.getAll(name)).toHaveLength(1);
          if (prepared) expect(tagAddress(tagged, prepared, own)).toBe(tagged);
        },
      ),
    );
  });
});
