/** How a page looks for one sender, from the content settings. Empty texts are left out. */
export type PageTheme = {
  readonly companyName: string;
  readonly postalAddress: string;
  readonly websiteUrl: string;
  readonly logoUrl: string;
  readonly brandColor: string;
};

/** The look while nobody can say whose page it is. */
export const plainTheme: PageTheme = {
  companyName: "",
  postalAddress: "",
  websiteUrl: "",
  logoUrl: "",
  brandColor: "",
};

type Rgb = readonly [number, number, number];

const fallback: Rgb = [29, 78, 137];
const white: Rgb = [255, 255, 255];
const paper: Rgb = [255, 255, 255];
const night: Rgb = [27, 30, 36];
/** WCAG 2.2, 1.4.3: the least contrast of text. */
const readable = 4.5;

/** The colours of a page as CSS custom properties, each readable on its ground whatever the brand colour is. */
export function themeProperties(brandColor: string): string {
  const brand = parseColor(brandColor) ?? fallback;
  const button = reach(brand, white, [0, 0, 0]);
  const buttonAtNight = reach(brand, night, [255, 255, 255]);
  return [
    `:root{--brand:${toHex(button)};--on-brand:#ffffff;--link:${toHex(reach(brand, paper, [0, 0, 0]))}}`,
    `@media(prefers-color-scheme:dark){:root{--brand:${toHex(buttonAtNight)};--on-brand:#14161a;`,
    `--link:${toHex(buttonAtNight)}}}`,
  ].join("");
}

/** Moves a colour towards `goal` in small steps until text of it is readable on the ground. */
function reach(color: Rgb, ground: Rgb, goal: Rgb): Rgb {
  for (let step = 0; step <= 20; step++) {
    const mixed = mix(color, goal, step / 20);
    if (contrast(mixed, ground) >= readable) return mixed;
  }
  return goal;
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const channel = (index: 0 | 1 | 2) => Math.round(from[index] + (to[index] - from[index]) * share);
  return [channel(0), channel(1), channel(2)];
}

/** Contrast ratio of two colours (WCAG 2.2), from 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [darker = 0, lighter = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(color: Rgb): number {
  const [red = 0, green = 0, blue = 0] = color.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Reads #rgb or #rrggbb; undefined for anything else. */
export function parseColor(text: string): Rgb | undefined {
  const match = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text.trim());
  if (!match?.[1]) return undefined;
  const digits = match[1].length === 3 ? [...match[1]].map((digit) => digit + digit).join("") : match[1];
  const channel = (start: number) => Number.parseInt(digits.slice(start, start + 2), 16);
  return [channel(0), channel(2), channel(4)];
}

function toHex(color: Rgb): string {
  return `#${color.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}
