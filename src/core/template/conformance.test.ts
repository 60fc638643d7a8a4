import { describe, expect, test } from "vitest";
import { parseTemplate } from "./parse-template.ts";
import { renderTemplate } from "./render-template.ts";

const data = {
  name: "Ana",
  empty_text: "",
  nothing: null,
  yes: true,
  no: false,
  five: 5,
  price: 12.5,
  tags: ["red", "green", "blue"],
  none: [],
  people: [
    { name: "Bo", age: 41, vip: true },
    { name: "Cy", age: 17, vip: false },
    { name: "Al", age: 29, vip: true },
  ],
  company: { name: "Acme", place: { city: "Bern" } },
};

function render(source: string): string {
  const result = renderTemplate(source, data, {
    as: "plain",
    timeZone: "Europe/Zurich",
    now: Date.UTC(2026, 6, 4, 22, 30),
  });
  return result.ok ? result.value : `! ${result.error}`;
}

/** Cases after Liquid's documentation: source, what it gives. */
const cases: Record<string, readonly (readonly [string, string])[]> = {
  output: [
    ["Hi {{ name }}!", "Hi Ana!"],
    ["{{name}}", "Ana"],
    ["{{ nothing }}|{{ missing }}|{{ missing.deep.er }}", "||"],
    ["{{ yes }} {{ no }} {{ five }} {{ price }}", "true false 5 12.5"],
    ["{{ 'single' }} {{ \"double\" }} {{ 1 }} {{ -2.5 }}", "single double 1 -2.5"],
    ["{{ company.name }} {{ company['name'] }} {{ company.place.city }}", "Acme Acme Bern"],
    ["{{ tags[0] }} {{ tags[-1] }} {{ tags[9] }}", "red blue "],
    ["{{ tags.size }} {{ tags.first }} {{ tags.last }} {{ name.size }}", "3 red blue 3"],
    ["{{ tags }}", "redgreenblue"],
    ["{% assign key = 'name' %}{{ company[key] }}", "Acme"],
    ["{{ people[0].name }} {{ people.last.name }}", "Bo Al"],
    ["{{ '}}' }}", "}}"],
    ["a { b } c % {d", "a { b } c % {d"],
  ],
  "white space": [
    ["a {{- name -}} b", "aAnab"],
    ["a {{- name }} b", "aAna b"],
    ["a\n{%- if yes -%}\n b\n{%- endif -%}\n c", "abc"],
    ["a {% if yes %} b {% endif %} c", "a  b  c"],
  ],
  "if and unless": [
    ["{% if yes %}a{% else %}b{% endif %}", "a"],
    ["{% if no %}a{% else %}b{% endif %}", "b"],
    ["{% if nothing %}a{% elsif five == 5 %}b{% else %}c{% endif %}", "b"],
    ["{% if empty_text %}true{% endif %}", "true"],
    ["{% if none %}true{% endif %}", "true"],
    ["{% if five %}true{% endif %}", "true"],
    ["{% if missing %}true{% else %}false{% endif %}", "false"],
    ["{% unless no %}a{% endunless %}", "a"],
    ["{% unless yes %}a{% elsif five == 5 %}b{% else %}c{% endunless %}", "b"],
    ["{% if five > 4 and five < 6 %}a{% endif %}", "a"],
    ["{% if five >= 5 and five <= 5 and five != 6 %}a{% endif %}", "a"],
    ["{% if five <> 6 %}a{% endif %}", "a"],
    // From right to left, without precedence: true and (false or true), and false and (…) is false.
    ["{% if yes and no or yes %}a{% else %}b{% endif %}", "a"],
    ["{% if no and no or yes %}a{% else %}b{% endif %}", "b"],
    ["{% if yes or no and no %}a{% else %}b{% endif %}", "a"],
    ["{% if name contains 'na' %}a{% endif %}", "a"],
    ["{% if tags contains 'red' %}a{% endif %}{% if tags contains 're' %}b{% endif %}", "a"],
    ["{% if nothing contains 'x' %}a{% else %}b{% endif %}", "b"],
    ["{% if name == 'Ana' %}a{% endif %}{% if name == 'ana' %}b{% endif %}", "a"],
    ["{% if 'b' > 'a' %}a{% endif %}", "a"],
    ["{% if five == '5' %}a{% else %}b{% endif %}", "b"],
    ["{% if name > 5 %}a{% else %}b{% endif %}", "b"],
    ["{% if yes == true %}a{% endif %}{% if no == false %}b{% endif %}", "ab"],
  ],
  "nil, empty and blank": [
    ["{% if nothing == nil %}a{% endif %}{% if nothing == null %}b{% endif %}", "ab"],
    ["{% if empty_text == nil %}a{% else %}b{% endif %}", "b"],
    ["{% if empty_text == empty %}a{% endif %}{% if none == empty %}b{% endif %}", "ab"],
    ["{% if nothing == empty %}a{% else %}b{% endif %}", "b"],
    ["{% if nothing == blank %}a{% endif %}{% if empty_text == blank %}b{% endif %}", "ab"],
    ["{% if name != empty %}a{% endif %}{% if name != blank %}b{% endif %}", "ab"],
    ["{% if nothing < 5 %}a{% else %}b{% endif %}", "b"],
    ["{% if nothing != '' %}a{% endif %}", "a"],
  ],
  case: [
    ["{% case five %}{% when 4 %}a{% when 5 %}b{% else %}c{% endcase %}", "b"],
    ["{% case five %}{% when 1, 5 %}a{% else %}c{% endcase %}", "a"],
    ["{% case name %}{% when 'Bo' or 'Ana' %}a{% endcase %}", "a"],
    ["{% case name %}ignored{% when 'Bo' %}a{% else %}c{% endcase %}", "c"],
    ["{% case name %}{% when 'Bo' %}a{% endcase %}", ""],
  ],
  for: [
    ["{% for t in tags %}{{ t }} {% endfor %}", "red green blue "],
    ["{% for t in none %}x{% else %}nothing{% endfor %}", "nothing"],
    ["{% for t in missing %}x{% else %}nothing{% endfor %}", "nothing"],
    ["{% for t in tags limit: 2 %}{{ t }} {% endfor %}", "red green "],
    ["{% for t in tags offset: 1 %}{{ t }} {% endfor %}", "green blue "],
    ["{% for t in tags limit:1 offset:1 %}{{ t }}{% endfor %}", "green"],
    ["{% for t in tags reversed %}{{ t }} {% endfor %}", "blue green red "],
    ["{% for t in tags reversed limit: 2 %}{{ t }} {% endfor %}", "green red "],
    ["{% for i in (1..4) %}{{ i }}{% endfor %}", "1234"],
    ["{% for i in (1..five) %}{{ i }}{% endfor %}", "12345"],
    ["{% for i in (4..1) %}{{ i }}{% else %}no{% endfor %}", "no"],
    ["{% for i in (1..9) %}{% if i == 3 %}{% break %}{% endif %}{{ i }}{% endfor %}", "12"],
    ["{% for i in (1..4) %}{% if i == 3 %}{% continue %}{% endif %}{{ i }}{% endfor %}", "124"],
    [
      "{% for t in tags %}{{ forloop.index }}{{ forloop.index0 }}{{ forloop.rindex }} {% endfor %}",
      "103 212 321 ",
    ],
    [
      "{% for t in tags %}{% if forloop.first %}<{% endif %}{{ t }}{% if forloop.last %}>{% else %},{% endif %}{% endfor %}",
      "<red,green,blue>",
    ],
    ["{% for t in tags %}{{ forloop.length }}{% endfor %}", "333"],
    [
      "{% for a in (1..2) %}{% for b in (1..2) %}{{ forloop.parentloop.index }}{{ b }} {% endfor %}{% endfor %}",
      "11 12 21 22 ",
    ],
    ["{% for p in people %}{{ p.name }}:{{ p.age }} {% endfor %}", "Bo:41 Cy:17 Al:29 "],
    [
      "{% for a in (1..3) %}{% for b in (1..3) %}{% if b == 2 %}{% break %}{% endif %}{{ a }}{{ b }} {% endfor %}{% endfor %}",
      "11 21 31 ",
    ],
    ["{% for t in tags %}{% endfor %}{{ t }}", ""],
    ["{% for pair in company limit: 1 %}{{ pair[0] }}={{ pair[1] }}{% endfor %}", "name=Acme"],
  ],
  "assign, capture, raw and comment": [
    ["{% assign x = 'a' %}{{ x }}", "a"],
    ["{% assign x = name | upcase | append: '!' %}{{ x }}", "ANA!"],
    ["{% assign x = tags %}{{ x.size }}", "3"],
    ["{% capture x %}<{{ name }}>{% endcapture %}{{ x }}{{ x | size }}", "<Ana>5"],
    ["{% raw %}{{ name }}{% if %}{% endraw %}", "{{ name }}{% if %}"],
    ["a{% comment %}{{ x | broken {% endcomment %}b", "ab"],
    ["a{% # a note, don't mind %}b", "ab"],
  ],
  "text filters": [
    ["{{ 'a b' | upcase }}{{ 'A' | downcase }}{{ 'hELLO you' | capitalize }}", "A BaHello you"],
    ["[{{ '  a ' | strip }}][{{ '  a ' | lstrip }}][{{ '  a ' | rstrip }}]", "[a][a ][  a]"],
    ["{{ 'a' | append: 'b' | prepend: 'c' }}", "cab"],
    ["{{ 'a-b-a' | replace: 'a', 'x' }} {{ 'a-b-a' | replace_first: 'a', 'x' }}", "x-b-x x-b-a"],
    ["{{ 'a-b-a' | remove: 'a' }} {{ 'a-b-a' | remove_first: 'a' }}", "-b- -b-a"],
    ["{{ 'Ground control to Major Tom.' | truncate: 20 }}", "Ground control to..."],
    ["{{ 'Ground control' | truncate: 8, '' }}", "Ground c"],
    ["{{ 'short' | truncate: 20 }}", "short"],
    ["{{ 'Ground control to Major Tom.' | truncatewords: 3 }}", "Ground control to..."],
    ["{{ 'a,b,c' | split: ',' | join: ' and ' }}", "a and b and c"],
    ["{{ 'abc' | split: '' | join: '-' }}", "a-b-c"],
    ["{{ 'Liquid' | slice: 2 }}{{ 'Liquid' | slice: 2, 3 }}{{ 'Liquid' | slice: -3, 2 }}", "qquiui"],
    ["{{ 'a & b' | url_encode }}", "a%20%26%20b"],
    ["{{ 'a%20b+c' | url_decode }}", "a b c"],
    ["{{ '<b>hi</b> there' | strip_html }}", "hi there"],
    ["{{ 'a\nb' | strip_newlines }}", "ab"],
    [
      "{{ name | default: 'x' }}{{ nothing | default: 'x' }}{{ empty_text | default: 'x' }}{{ no | default: 'x' }}{{ none | default: 'x' }}",
      "Anaxxxx",
    ],
    ["{{ 'äöü😀' | size }}", "4"],
  ],
  "list filters": [
    ["{{ tags | first }} {{ tags | last }} {{ tags | size }}", "red blue 3"],
    ["{{ tags | sort | join: ',' }} {{ tags | reverse | join: ',' }}", "blue,green,red blue,green,red"],
    ["{{ people | map: 'name' | join: ',' }}", "Bo,Cy,Al"],
    ["{{ people | sort: 'age' | map: 'name' | join: ',' }}", "Cy,Al,Bo"],
    ["{{ people | where: 'vip' | map: 'name' | join: ',' }}", "Bo,Al"],
    ["{{ people | where: 'age', 17 | map: 'name' | join: ',' }}", "Cy"],
    ["{{ 'a,b,a' | split: ',' | uniq | join: ',' }}", "a,b"],
    ["{{ people | map: 'missing' | compact | size }}", "0"],
    ["{{ tags | concat: none | size }}", "3"],
    ["{{ people | sum: 'age' }}", "87"],
    ["{{ 'B,a,C' | split: ',' | sort_natural | join: ',' }}", "a,B,C"],
    ["{{ people | reject: 'vip' | map: 'name' | join: ',' }}", "Cy"],
    ["{{ people | reject: 'age', 17 | map: 'name' | join: ',' }}", "Bo,Al"],
    ["{% assign found = people | find: 'age', 29 %}{{ found.name }}", "Al"],
    ["[{{ people | find: 'name', 'Zo' }}]", "[]"],
    ["{{ people | find_index: 'name', 'Cy' }}[{{ people | find_index: 'name', 'Zo' }}]", "1[]"],
    [
      "{{ people | has: 'age', 41 }} {{ people | has: 'age', 42 }} {{ tags | has: 'green' }}",
      "true false true",
    ],
    ["{{ people | uniq: 'vip' | map: 'name' | join: ',' }}", "Bo,Cy"],
    ["{{ people | compact: 'name' | size }} {{ people | compact: 'nick' | size }}", "3 0"],
    ["{{ '1,2,x' | split: ',' | sum }}", "3"],
  ],
  "words and marks": [
    ["{{ 'rain in the rain' | remove_last: 'rain' }}.", "rain in the ."],
    ["{{ 'my pills, my hat' | replace_last: 'my', 'your' }}", "my pills, your hat"],
    ["{{ '  a b\n c' | split: ' ' | join: '-' }}", "a-b-c"],
    ["{{ no | default: 'x', allow_false: true }} {{ nothing | default: 'x', allow_false: true }}", "false x"],
    ["{{ 'a<style>b{}</style><script>c()</script><!-- d -->e' | strip_html }}", "ae"],
    ["{{ '<script>never closed' | strip_html }}", "never closed"],
    ["{% echo name | upcase %}", "ANA"],
  ],
  numbers: [
    ["{{ 4 | plus: 2 }} {{ 4 | minus: 2 }} {{ 4 | times: 2 }}", "6 2 8"],
    ["{{ 0.1 | plus: 0.2 }}", "0.3"],
    [
      "{{ 16 | divided_by: 4 }} {{ 5 | divided_by: 3 }} {{ -5 | divided_by: 3 }} {{ 20 | divided_by: 7.0 }}",
      "4 1 -2 2",
    ],
    ["{{ 5.0 | divided_by: 2.5 }} {{ 20.5 | divided_by: 2 }}", "2 10.25"],
    ["[{{ 5 | divided_by: 0 }}][{{ 5 | modulo: 0 }}]", "[][]"],
    ["{{ 3 | modulo: 2 }} {{ 24 | modulo: 7 }} {{ -1 | modulo: 3 }}", "1 3 2"],
    [
      "{{ 1.2 | round }} {{ 2.7 | round }} {{ 183.357 | round: 2 }} {{ 1.005 | round: 2 }}",
      "1 3 183.36 1.01",
    ],
    ["{{ 1.2 | ceil }} {{ 1.2 | floor }} {{ -17 | abs }}", "2 1 17"],
    ["{{ 4 | at_least: 5 }} {{ 4 | at_most: 3 }}", "5 3"],
    ["{{ '3.5' | plus: 1 }} {{ 'abc' | plus: 1 }} {{ nothing | plus: 1 }}", "4.5 1 1"],
    [
      "{{ 1234567.891 | number: 2 }} {{ 5 | currency: 'USD' }} [{{ nothing | number }}]",
      "1,234,567.89 $5.00 []",
    ],
  ],
  dates: [
    ["{{ '2026-03-09' | date: '%d.%m.%Y' }}", "09.03.2026"],
    ["{{ '2026-03-09' | date: '%-d %B %y, %A' }}", "9 March 26, Monday"],
    ["{{ '2026-07-01T23:30:00Z' | date: '%F %R %z' }}", "2026-07-02 01:30 +0200"],
    ["{{ '2026-01-01T23:30:00+02:00' | date: '%F %T' }}", "2026-01-01 22:30:00"],
    ["{{ '2026-07-01 08:05' | date: '%l:%M %p|%I|%H|%k' }}", " 8:05 AM|08|08| 8"],
    ["{{ 'now' | date: '%F %H' }} {{ now | date: '%F' }}", "2026-07-05 00 2026-07-05"],
    ["{{ 0 | date: '%Y' }} {{ 1767225600 | date: '%F' }}", "1970 2026-01-01"],
    ["{{ '2026-12-31' | date: '%j %u %V %G' }}", "365 4 53 2026"],
    [
      "{{ '2026-02-30' | date: '%F' }} {{ 'soon' | date: '%F' }} [{{ nothing | date: '%F' }}]",
      "2026-02-30 soon []",
    ],
    ["{{ '2026-03-09' | date: '100%% %b %e %^a %q' }}", "100% Mar  9 MON %q"],
  ],
};

for (const [topic, rows] of Object.entries(cases)) {
  describe(`[P7] ${topic}`, () => {
    test.each(rows)("%s", (source, expected) => {
      expect(render(source)).toBe(expected);
    });
  });
}

/** Sources that are refused, with the line and column they point at. */
const refused: readonly (readonly [string, number, number])[] = [
  ["{{ name", 1, 1],
  ["a\n {% if yes %}b", 2, 4],
  ["{% if yes %}{% endfor %}", 1, 15],
  ["{% endif %}", 1, 3],
  ["{{ }}", 1, 4],
  ["{{ name | }}", 1, 11],
  ["{{ name upcase }}", 1, 9],
  ["{{ 'open }}", 1, 4],
  ["{% include 'other' %}", 1, 3],
  ["{% render 'other' %}", 1, 3],
  ["{% blink %}", 1, 3],
  ["{% assign contact = 1 %}", 1, 3],
  ["{% for settings in tags %}{% endfor %}", 1, 3],
  ["{% break %}", 1, 3],
  ["{% if yes %}{% else %}{% else %}{% endif %}", 1, 25],
  ["{% case x %}{% when %}{% endcase %}", 1, 21],
];

test.each(refused)("%s is refused at line %i, column %i", (source, line, column) => {
  const parsed = parseTemplate(source);
  expect(parsed.ok ? "accepted" : { line: parsed.error.at.line, column: parsed.error.at.column }).toEqual({
    line,
    column,
  });
});
