import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

/** The accent: a spruce green. White on shade 7 is 6.6:1, on shade 6 (dark scheme) 4.9:1; WCAG AA asks 4.5:1. */
const spruce: MantineColorsTuple = [
  "#eaf5f1",
  "#d3e9e1",
  "#a6d3c4",
  "#7cc2ab",
  "#56b394",
  "#2f9576",
  "#1f7f63",
  "#17694f",
  "#0f533e",
  "#083c2c",
];

/** Neutrals with a breath of the accent, so that surfaces and text belong together. Shade 6 on white is 5.9:1. */
const gray: MantineColorsTuple = [
  "#f6f8f7",
  "#eef1ef",
  "#e3e7e5",
  "#d3d9d6",
  "#b9c1bd",
  "#87918c",
  "#5b6560",
  "#454f4a",
  "#2d3531",
  "#1a211e",
];

const dark: MantineColorsTuple = [
  "#dce2df",
  "#c0c9c5",
  "#9ea9a4",
  "#7b8681",
  "#3d4642",
  "#303835",
  "#222927",
  "#171c1a",
  "#111513",
  "#0b0e0d",
];

const systemFonts =
  'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif';

const dialogs = { overlayProps: { backgroundOpacity: 0.4 }, closeButtonProps: { "aria-label": "Close" } };
const dialogTitle = { fontSize: "1.125rem", fontWeight: 650 };

/** The look of the whole app. Pages use these tokens and never their own colours, sizes or fonts. */
export const theme = createTheme({
  primaryColor: "spruce",
  primaryShade: { light: 7, dark: 6 },
  colors: { spruce, gray, dark },
  fontFamily: systemFonts,
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, monospace',
  headings: {
    fontFamily: systemFonts,
    fontWeight: "650",
    sizes: {
      h1: { fontSize: "1.625rem", lineHeight: "1.25" },
      h2: { fontSize: "1.1875rem", lineHeight: "1.35" },
      h3: { fontSize: "1rem", lineHeight: "1.4" },
    },
  },
  defaultRadius: "md",
  radius: { xs: "3px", sm: "5px", md: "7px", lg: "12px", xl: "20px" },
  spacing: { xs: "0.5rem", sm: "0.75rem", md: "1rem", lg: "1.5rem", xl: "2rem" },
  cursorType: "pointer",
  respectReducedMotion: true,
  focusRing: "auto",
  components: {
    TextInput: { defaultProps: { size: "sm" } },
    Modal: { defaultProps: { centered: true, ...dialogs }, styles: { title: dialogTitle } },
    Drawer: { defaultProps: dialogs, styles: { title: dialogTitle } },
    // Its placeholder for the first focus is a child that a menu may not have (axe: aria-required-children).
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Notification: { defaultProps: { closeButtonProps: { "aria-label": "Dismiss" } } },
    // On a phone tabs are pushed sideways: a second line of them would stand below the line that belongs to the first.
    Tabs: {
      styles: {
        list: { flexWrap: "nowrap", overflowX: "auto", overflowY: "hidden" },
        tab: { flexShrink: 0 },
      },
    },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true } },
    Loader: { defaultProps: { type: "dots" } },
  },
});

/** Colours of meaning that Mantine's defaults get below 4.5:1, and our surfaces. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "var(--mantine-color-gray-6)",
    "--mantine-color-placeholder": "#6b756f",
    "--mantine-color-error": "#b3261e",
    "--mantine-color-body": "#ffffff",
    "--mantine-color-text": "#1a211e",
    "--mantine-color-anchor": "#17694f",
    "--surface-rail": "#f6f8f7",
    "--surface-raised": "#ffffff",
    "--line": "#e3e7e5",
    "--tone-good": "#17694f",
    "--tone-good-soft": "#e3f2ec",
    "--tone-warn": "#7a4b00",
    "--tone-warn-soft": "#fcf0d8",
    "--tone-bad": "#a3211a",
    "--tone-bad-soft": "#fde8e6",
    "--tone-info": "#1c4f8a",
    "--tone-info-soft": "#e6eff9",
    "--tone-quiet": "#454f4a",
    "--tone-quiet-soft": "#eef1ef",
  },
  dark: {
    "--mantine-color-dimmed": "var(--mantine-color-dark-2)",
    "--mantine-color-placeholder": "#8e9994",
    "--mantine-color-error": "#ff8a80",
    "--mantine-color-body": "#171c1a",
    "--mantine-color-text": "#dce2df",
    "--mantine-color-anchor": "#7cc2ab",
    "--surface-rail": "#111513",
    "--surface-raised": "#1c2220",
    "--line": "#303835",
    "--tone-good": "#8ad3ba",
    "--tone-good-soft": "#153a2d",
    "--tone-warn": "#f0c36d",
    "--tone-warn-soft": "#3a2c0e",
    "--tone-bad": "#ff9d94",
    "--tone-bad-soft": "#43201d",
    "--tone-info": "#9cc7f5",
    "--tone-info-soft": "#182f48",
    "--tone-quiet": "#c0c9c5",
    "--tone-quiet-soft": "#2a312e",
  },
});
