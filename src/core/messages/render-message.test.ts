import fc from "fast-check";
import { simpleParser } from "mailparser";
import { parse } from "parse5";
import PostalMime from "postal-mime";
import { describe, expect, test } from "vitest";
import { ByteBuffer } from "../mime/byte-buffer.ts";
import { wireGate } from "../mime/wire-gate.ts";
import { compileMessage } from "./compile-message.ts";
import { CompiledMessage } from "./compiled-message.ts";
import type { MailingContext, RecipientInput } from "./mailing-context.ts";
import type { MessageSource } from "./message-source.ts";
import { createRenderer } from "./render-message.ts";
import { sampleAttributes, sampleMailing, sampleRecipient, sampleSource } from "./sample-message.ts";

type Change = {
  readonly source?: Partial<MessageSource>;
  readonly mailing?: Partial<MailingContext>;
  readonly values?: Readonly<Record<string, string | null>>;
  readonly recipient?: Partial<RecipientInput>;
};

const values = {
  email: "ana+x@example.org",
  first_name: "Ana",
  city: "Zürich",
  orders: '[{"title":"Tea & cake","price":12.5},{"title":"Ünïcode","price":3}]',
};

/** Compiles, goes through JSON as the database does, and renders. */
function make(change: Change = {}) {
  const result = compileMessage({ ...sampleSource, ...change.source }, { attributes: sampleAttributes });
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  const compiled = CompiledMessage.parse(JSON.parse(JSON.stringify(result.value)));
  const renderer = createRenderer(compiled, { ...sampleMailing, ...change.mailing });
  const recipient = sampleRecipient(compiled.fields, { ...values, ...change.values }, change.recipient);
  return { compiled, renderer, recipient };
}

function parts(change: Change = {}) {
  const { renderer, recipient } = make(change);
  const made = renderer.renderParts(recipient);
  if (!made.ok) throw new Error(made.error.message);
  return made.value;
}

function bytes(change: Change = {}) {
  const { renderer, recipient } = make(change);
  const out = new ByteBuffer(64);
  const bounds = renderer.render(recipient, out);
  if (!bounds.ok) throw new Error(bounds.error.message);
  return { raw: Buffer.from(out.bytes.subarray(0, bounds.value.end)), out, bounds: bounds.value };
}

const body = (html: string): Change => ({
  source: { html: `<html><body>${html}</body></html>`, text: "Hi" },
});
const inBody = (change: Change) =>
  /<body>([\s\S]*?)(?:<img src="[^"]*\.gif"[^>]*>)?<\/body>/.exec(parts(change).html)?.[1];
const noPreheader = (html: string, rest: Change = {}): Change => ({
  ...rest,
  source: { ...body(html).source, preheader: "", ...rest.source },
});

describe("a whole message", () => {
  test.each([
    ["tracked", {}],
    ["without-consent", { recipient: { trackingConsent: false } }],
    ["transactional", { source: { designation: "transactional" }, mailing: { commercial: false } }],
    [
      "bare-contact",
      { values: { first_name: null, city: null, orders: null }, recipient: { displayName: "" } },
    ],
  ] as const)("is written byte for byte as before: %s", async (name, change) => {
    await expect(bytes(change).raw.toString("latin1")).toMatchFileSnapshot(`golden/${name}.eml`);
  });

  test("reads the same in two independent parsers as in the preview", async () => {
    const { raw } = bytes();
    const shown = parts();
    const [one, other] = [await simpleParser(raw), await PostalMime.parse(raw)];
    for (const read of [one, other]) {
      expect(read.subject).toBe(shown.subject);
      // One of them adds a line break at the end of each part.
      expect((read.html || "").trimEnd()).toBe(shown.html.trimEnd());
      expect(read.text?.trimEnd()).toBe(shown.text.trimEnd());
    }
    expect(other.from).toEqual({ name: shown.fromName, address: shown.fromAddress });
    expect(other.to).toEqual([{ name: "Ana Núñez", address: "ana@example.org" }]);
    expect(one.date?.getTime()).toBe(Date.UTC(2026, 3, 2, 10, 30, 5));
  });

  test("passes the wire gate", () => {
    const { out, bounds } = bytes();
    expect(wireGate(out.bytes, bounds)).toEqual([]);
  });

  test("tells the sender's address, so that nobody has to read it out of the header again", () => {
    expect(bytes().bounds.fromAddress).toBe("news@example.com");
    expect(bytes({ source: { fromAddress: "team@BÜCHER.example" } }).bounds.fromAddress).toBe(
      "team@xn--bcher-kva.example",
    );
  });

  test("is the same each time, also after another recipient in the same buffer", () => {
    const { renderer, recipient } = make();
    const out = new ByteBuffer(16);
    renderer.render(recipient, out);
    const first = Buffer.from(out.view()).toString("latin1");
    renderer.render({ ...recipient, fields: recipient.fields.map(() => null) }, out);
    renderer.render(recipient, out);
    expect(Buffer.from(out.view()).toString("latin1")).toBe(first);
  });

  test("hostile contacts change neither the headers, nor the elements, nor the gate's verdict", async () => {
    const { renderer, recipient, compiled } = make();
    const plain = renderer.renderParts(recipient);
    const shape = plain.ok ? elements(plain.value.html) : [];
    const nasty = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "</p><script>alert(1)</script>",
        '" onload="x',
        "' style='x",
        "\r\nBcc: x@evil.example",
        "\r\n.\r\nMAIL FROM:<x@y.zz>",
        "a\u2028b\u0085c",
        "{{ contact.email }}",
        "--><b>",
        "javascript:alert(1)",
        "=?utf-8?Q?=0D=0ABcc:x?=",
        "--=_postroad_alternative--",
      ),
    );
    await fc.assert(
      fc.asyncProperty(nasty, nasty, nasty, async (name, email, display) => {
        const fields = compiled.fields.map(({ path }, i) =>
          path[0] === "first_name" ? name : path[0] === "email" ? email : (recipient.fields[i] ?? null),
        );
        const changed = { ...recipient, fields, displayName: display };
        const out = new ByteBuffer();
        const bounds = renderer.render(changed, out);
        expect(bounds.ok).toBe(true);
        if (!bounds.ok) return;
        expect(wireGate(out.bytes, bounds.value)).toEqual([]);
        const read = await PostalMime.parse(out.bytes.slice(0, bounds.value.end));
        expect(read.headers.map((header) => header.key)).toEqual(headerKeys);
        expect(elements(read.html ?? "")).toEqual(shape);
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});

const headerKeys = [
  "from",
  "to",
  "subject",
  "date",
  "message-id",
  "list-unsubscribe",
  "list-unsubscribe-post",
  "list-id",
  "feedback-id",
  "precedence",
  "mime-version",
  "content-type",
];

/** The names of all elements and their attributes, as a browser would see them. */
function elements(html: string): string[] {
  const found: string[] = [];
  const visit = (node: unknown) => {
    if (typeof node !== "object" || node === null) return;
    if ("tagName" in node && "attrs" in node && Array.isArray(node.attrs)) {
      found.push(
        [node.tagName, ...node.attrs.map((attribute: { name: string }) => attribute.name)].join(" "),
      );
    }
    if ("childNodes" in node && Array.isArray(node.childNodes)) node.childNodes.forEach(visit);
  };
  visit(parse(html));
  return found;
}

describe("headers", () => {
  test("commercial mail can be unsubscribed from with one click and transactional mail carries no list headers", () => {
    const names = (change: Change) => parts(change).headers.map(({ name }) => name);
    expect(parts().headers).toContainEqual({
      name: "List-Unsubscribe",
      value:
        "<https://mail.example.com/u/MANAGETOKEN>, <mailto:unsubscribe+bouncetoken@bounces.example.com?subject=unsubscribe>",
    });
    expect(parts().headers).toContainEqual({
      name: "List-Unsubscribe-Post",
      value: "List-Unsubscribe=One-Click",
    });
    expect(
      names({ mailing: { commercial: false } }).filter((name) => /^List-|Feedback|Precedence/.test(name)),
    ).toEqual([]);
  });

  test("[D46] programs that answer mail are told to leave it alone", () => {
    const headersOf = (change: Change) =>
      parts(change).headers.filter(({ name }) => /^(Auto-Submitted|X-Auto-Response|Precedence)/.test(name));
    expect(headersOf({})).toEqual([{ name: "Precedence", value: "bulk" }]);
    expect(headersOf({ mailing: { commercial: false } })).toEqual([
      { name: "Auto-Submitted", value: "auto-generated" },
      { name: "X-Auto-Response-Suppress", value: "All" },
    ]);
  });

  test("the sender comes from the message, else from the content settings", () => {
    expect(parts().fromAddress).toBe("news@example.com");
    const own = parts({
      source: { fromName: "{{ settings.company_name }} team", fromAddress: "team@example.com" },
    });
    expect([own.fromName, own.fromAddress]).toEqual(["Müller & Söhne team", "team@example.com"]);
  });

  test("a test send is marked in its subject", () => {
    expect(parts({ recipient: { testMark: true } }).subject).toMatch(/^\[Test\] Ana, /);
  });

  test.each([
    ["subject-empty", { source: { subject: "{{ contact.country }}" } }],
    ["address-invalid", { recipient: { address: "ana@example.org\r\nBcc: x@y.zz" } }],
    ["sender-invalid", { source: { fromAddress: "{{ contact.first_name }}" } }],
    ["reply-to-invalid", { source: { replyTo: "a b" } }],
    ["message-id-invalid", { recipient: { messageId: "1>\r\nX: y" } }],
    ["template-failed", { source: { subject: "{% for i in (1..900000) %}{% endfor %}x" } }],
  ] as const)("%s: such a message is not made", (code, change) => {
    const { renderer, recipient } = make(change);
    const made = renderer.render(recipient, new ByteBuffer());
    expect(made.ok ? "made" : made.error.code).toBe(code);
  });
});

describe("values are escaped by where they land", () => {
  test.each([
    ["text", "<p>{{ contact.first_name }}</p>", "<p>&lt;b&gt;&amp;&quot;&#39;</p>"],
    ["attribute", '<p title="{{ contact.first_name }}">x</p>', '<p title="&lt;b&gt;&amp;&quot;&#39;">x</p>'],
    ["comment, where it is left out", "<!-- {{ contact.first_name }} -->", "<!--  -->"],
    [
      "part of an image's address",
      '<img src="https://x.example/{{ contact.first_name }}.png">',
      '<img src="https://x.example/%3Cb%3E%26%22%27.png">',
    ],
    ["style", '<p style="color:{{ contact.first_name }}">x</p>', '<p style="color:">x</p>'],
    [
      "text that says it is escaped already",
      "{{ contact.first_name | escape }}",
      "&lt;b&gt;&amp;&quot;&#39;",
    ],
    [
      "text changed behind escape",
      "{{ contact.first_name | escape | append: '<' }}",
      "&lt;b&gt;&amp;&quot;&#39;&lt;",
    ],
  ])("%s", (_, html, expected) => {
    expect(inBody(noPreheader(html, { values: { first_name: "<b>&\"'" } }))).toBe(expected);
  });

  test.each([
    ["https://a.example/x?y=1", 'src="https://a.example/x?y=1"'],
    ["http://a.example/ä b", 'src="http://a.example/%C3%A4%20b"'],
    ["javascript:alert(1)", 'src="#"'],
    [" JAVASCRIPT:alert(1)", 'src="#"'],
    ["data:text/html,x", 'src="#"'],
    ["//evil.example", 'src="#"'],
    ['https://a.example/" onload="x', 'src="https://a.example/%22%20onload=%22x"'],
  ])("a whole address %j", (url, expected) => {
    expect(inBody(noPreheader('<img src="{{ contact.city }}">', { values: { city: url } }))).toContain(
      expected,
    );
  });

  test("colours and sizes go through in styles", () => {
    const html = '<p style="color:{{ settings.brand_color }};width:{{ contact.points }}px">x</p>';
    const change = noPreheader(html, {
      values: { points: "12" },
      mailing: { settings: { brand_color: "#ff0000" } },
    });
    expect(inBody(change)).toBe('<p style="color:#ff0000;width:12px">x</p>');
  });

  test("line breaks become <br> only where asked, and stay line breaks in the text part", () => {
    const source = {
      html: "<html><body>{{ contact.city | newline_to_br }}|{{ contact.city }}</body></html>",
      preheader: "",
    };
    const made = parts({ source, values: { city: "a<\nb" }, recipient: { trackingConsent: false } });
    expect(made.html).toContain("a&lt;<br>\nb|a&lt;\nb");
    expect(made.text).toBe("a<\nb|a<\nb\n");
  });

  test.each([
    ["value-in-tag", "<p {{ contact.city }}>x</p>"],
    ["value-in-tag", "<{{ contact.city }}>x"],
    ["value-unquoted", "<p title={{ contact.city }}>x</p>"],
    ["value-in-script", "<script>{{ contact.city }}</script>"],
    ["value-in-handler", '<p onclick="{{ contact.city }}">x</p>'],
    ["value-in-strange-element", "<svg><text>{{ contact.city }}</text></svg>"],
    ["branch-cuts-tag", '<p title="{% if contact.city %}a">{% endif %}x</p>'],
  ])("%s is refused with its place", (code, html) => {
    const result = compileMessage({ ...sampleSource, html: `\n${html}` }, { attributes: sampleAttributes });
    expect(result.ok ? [] : result.error.map((finding) => [finding.code, finding.where.line])).toContainEqual(
      [`html.${code}`, 2],
    );
  });
});

describe("links", () => {
  test("two links to one address are told apart, own pages and opted-out links are not counted", () => {
    expect(make().compiled.links.filter(({ place }) => place === "html")).toEqual([
      { number: 1, url: "https://shop.example/spring?a=1&b=2", label: "See the offers", place: "html" },
      { number: 2, url: "https://shop.example/spring?a=1&b=2", label: "again", place: "html" },
      { number: 3, url: null, label: "Your page", place: "html" },
    ]);
  });

  test("an address that depends on the contact travels signed, whole and decoded", () => {
    const signed: string[] = [];
    const signUrl = (url: string) => {
      signed.push(url);
      return "S";
    };
    const made = parts({ recipient: { signUrl } });
    expect(made.html).toContain('<a href="https://mail.example.com/c/READTOKEN/3/S">Your page</a>');
    expect(signed).toContain("https://shop.example/me?email=ana%2Bx%40example.org&n=Ana");
  });

  test("without consent, or where tracking is off, links stay as they were written and there is no beacon", () => {
    for (const change of [
      { recipient: { trackingConsent: false } },
      { source: { trackClicks: false, trackOpens: false } },
      { mailing: { trackClicks: false, trackOpens: false } },
    ]) {
      const { html, text } = parts(change);
      expect(html).toContain('<a href="https://shop.example/spring?a=1&amp;b=2">again</a>');
      expect(html + text).not.toMatch(/\/c\/|\/o\//);
    }
  });

  test("a branch inside an address makes one link whose address depends on the contact", () => {
    const html = `<a href="https://x.example/{% if contact.city %}a?c={{ contact.city }}{% else %}b{% endif %}">x</a>`;
    const plain = { recipient: { trackingConsent: false } };
    expect(inBody(noPreheader(html, { ...plain, values: { city: "A&B" } }))).toBe(
      '<a href="https://x.example/a?c=A%26B">x</a>',
    );
    expect(inBody(noPreheader(html, { ...plain, values: { city: null } }))).toBe(
      '<a href="https://x.example/b">x</a>',
    );
    expect(inBody(noPreheader(html))).toBe(
      '<a href="https://mail.example.com/c/READTOKEN/1/signed-33">x</a>',
    );
  });

  test("an address that is data may only be http, https, mailto or tel, and only http is counted", () => {
    const html = '<a href="{{ contact.city }}">x</a>';
    const href = (city: string) => inBody(noPreheader(html, { values: { city } }));
    expect(href("https://x.example/")).toContain("/c/READTOKEN/1/signed-18");
    expect(href("mailto:a@b.cc")).toBe('<a href="mailto:a@b.cc">x</a>');
    expect(href("javascript:alert(1)")).toBe('<a href="#">x</a>');
  });

  test("values encoded by hand are not encoded twice", () => {
    const html = '<a href="https://x.example/?c={{ contact.city | url_encode }}">x</a>';
    expect(
      inBody(noPreheader(html, { values: { city: "a b" }, recipient: { trackingConsent: false } })),
    ).toContain("?c=a%20b");
  });

  test("links for Outlook inside conditional comments are counted too", () => {
    const html =
      '<!--[if mso]><v:roundrect href="https://x.example/"></v:roundrect><![endif]--><a href="https://x.example/">y</a>';
    expect(make(noPreheader(html)).compiled.links.map(({ number }) => number)).toEqual([1, 2]);
  });
});

test("nothing but links, preheader and beacon differs from the HTML as it was written", () => {
  const html = `<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN">\n<HTML><Body  bgcolor=#fff ><P>a<BR/>b &nbsp; < c\t</P><!-- x --><td unclosed></Body></HTML>\n`;
  const made = parts({ source: { html, preheader: "", text: "x" }, recipient: { trackingConsent: false } });
  expect(made.html).toBe(html);
});

test("the preheader is hidden text right behind the body's tag and is escaped", () => {
  const { html } = parts({
    source: { preheader: "<b>{{ contact.first_name }}" },
    values: { first_name: "<i>" },
  });
  expect(html).toMatch(/<body style="margin:0"><div style="display:none;[^"]*">&lt;b&gt;&lt;i&gt;&#847;/);
});

test("nil, number, yes/no and list fields come to the template as what they are", () => {
  const html =
    "{% if contact.vip %}vip{% else %}not{% endif %} {{ contact.points | plus: 1 }} {% if contact.city == nil %}nil{% endif %}{% if contact.first_name == empty %}empty{% endif %} {{ contact.orders.size }}";
  const change = noPreheader(html, {
    values: { vip: "false", points: "41", city: null, first_name: "", orders: "[1,2]" },
  });
  expect(inBody(change)).toBe("not 42 nilempty 2");
});

test("dates and numbers are shown in the contact's zone and language", () => {
  const html = "{{ contact.city | date: '%A %e. %B %H:%M' }} {{ contact.points | number: 1 }}";
  const change = noPreheader(html, {
    values: { city: "2026-07-01T12:00:00Z", points: "1234.5" },
    recipient: { locale: "de", timeZone: "Europe/Zurich" },
  });
  expect(inBody(change)).toBe("Mittwoch  1. Juli 14:00 1.234,5");
});

test("a subject can be used in the body as the recipient reads it", () => {
  expect(
    inBody(
      noPreheader("{{ message.subject }} {{ message.name }} {{ journey.name }}", {
        source: { subject: "Hi {{ contact.first_name }}" },
      }),
    ),
  ).toBe("Hi Ana Spring letter Spring");
});
