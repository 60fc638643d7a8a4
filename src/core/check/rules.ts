import type { Rule } from "./rule.ts";
import { domainAuthenticated } from "./rules/domain-authenticated.ts";
import { fieldsFilled } from "./rules/fields-filled.ts";
import { headersOnOneLine } from "./rules/headers-on-one-line.ts";
import { htmlHarmless } from "./rules/html-harmless.ts";
import { htmlWellFormed } from "./rules/html-well-formed.ts";
import { imagesDescribed } from "./rules/images-described.ts";
import { languageNamed } from "./rules/language-named.ts";
import { linksTagged } from "./rules/links-tagged.ts";
import { linksTrustworthy } from "./rules/links-trustworthy.ts";
import { postalAddressShown } from "./rules/postal-address-shown.ts";
import { preheaderPresent } from "./rules/preheader-present.ts";
import { referencesAlive } from "./rules/references-alive.ts";
import { senderValid } from "./rules/sender-valid.ts";
import { sizeWithinLimits } from "./rules/size-within-limits.ts";
import { sizeWithinRoutes } from "./rules/size-within-routes.ts";
import { subjectLength } from "./rules/subject-length.ts";
import { subjectPresent } from "./rules/subject-present.ts";
import { subscriptionCenterLinked } from "./rules/subscription-center-linked.ts";
import { templateReadable } from "./rules/template-readable.ts";
import { textPartPresent } from "./rules/text-part-present.ts";

/** Everything that a message is checked for. */
export const rules: readonly Rule[] = [
  templateReadable,
  subjectPresent,
  subjectLength,
  senderValid,
  headersOnOneLine,
  subscriptionCenterLinked,
  postalAddressShown,
  htmlWellFormed,
  htmlHarmless,
  sizeWithinLimits,
  sizeWithinRoutes,
  referencesAlive,
  preheaderPresent,
  textPartPresent,
  imagesDescribed,
  linksTrustworthy,
  linksTagged,
  languageNamed,
  fieldsFilled,
  domainAuthenticated,
];
