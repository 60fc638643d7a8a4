import {
  IconAddressBook,
  IconCalendarEvent,
  IconChartHistogram,
  IconFilter,
  IconHome,
  IconMail,
  IconRoute,
  IconSettings,
} from "@tabler/icons-react";
import { paths } from "./paths.ts";

/** The places of the main navigation, in the order in which work happens. A place shows once its page exists. */
export const places = [
  { label: "Home", href: paths.home(), icon: IconHome },
  { label: "Contacts", href: paths.contacts(), icon: IconAddressBook },
  { label: "Segments", href: paths.segments(), icon: IconFilter },
  { label: "Messages", href: paths.messages(), icon: IconMail },
  { label: "Journeys", href: paths.journeys(), icon: IconRoute },
  { label: "Events", href: paths.events(), icon: IconCalendarEvent },
  { label: "Insights", href: paths.insights(), icon: IconChartHistogram },
  { label: "Settings", href: paths.settings(), icon: IconSettings },
] as const;

/** The place that an address belongs to: the longest one that it starts with, whole steps only. */
export function placeOf(pathname: string): string {
  const found = places
    .filter(({ href }) => pathname === href || (href !== "/" && pathname.startsWith(`${href}/`)))
    .sort((left, right) => right.href.length - left.href.length);
  return found[0]?.href ?? "";
}
