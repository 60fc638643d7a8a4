import { paths } from "../app/paths.ts";

/** What there is in the workspace, as far as the first steps care. */
export type Progress = {
  readonly hasPostalAddress: boolean;
  readonly contacts: number;
  readonly hasSegment: boolean;
  readonly hasMessage: boolean;
  readonly hasLiveMessage: boolean;
  readonly hasJourney: boolean;
  readonly hasLiveJourney: boolean;
};

export type Step = {
  readonly title: string;
  readonly why: string;
  readonly action: string;
  readonly href: string;
  readonly isDone: boolean;
};

/** The way from an empty workspace to a first journey that sends, in order. Each step knows from real data if it is done. */
export function nextSteps(progress: Progress): readonly Step[] {
  return [
    {
      title: "Say who you are",
      why: "Commercial mail must name its sender and a postal address.",
      action: "Fill in content settings",
      href: paths.contentSettings(),
      isDone: progress.hasPostalAddress,
    },
    {
      title: "Bring in your contacts",
      why: "From a CSV file of any size, with the consent they gave.",
      action: "Import contacts",
      href: paths.importNew(),
      isDone: progress.contacts > 0,
    },
    {
      title: "Make a segment",
      why: "A rule that says whom you mean, such as everybody in one city.",
      action: "Make a segment",
      href: paths.segmentNew(),
      isDone: progress.hasSegment,
    },
    {
      title: "Write an email",
      why: "Personal for everybody who gets it; the preview is what will be sent.",
      action: "Write an email",
      href: paths.messageNew(),
      isDone: progress.hasMessage,
    },
    {
      title: "Take it live",
      why: "It is checked, and what was checked is what is sent.",
      action: "Open your emails",
      href: paths.messages(),
      isDone: progress.hasLiveMessage,
    },
    {
      title: "Build a journey",
      why: "It sends the email to the segment, waits, and reacts to what people do.",
      action: progress.hasJourney ? "Open your journeys" : "Build a journey",
      href: progress.hasJourney ? paths.journeys() : paths.journeyNew(),
      isDone: progress.hasLiveJourney,
    },
    {
      title: "See what happened",
      why: "Who opened, clicked and registered, as it happens.",
      action: "Open insights",
      href: paths.insights(),
      isDone: false,
    },
  ];
}

/** True once the first journey runs: from then on home shows what is going on instead of what to do first. */
export function isUnderWay(progress: Progress): boolean {
  return nextSteps(progress).every(({ isDone, href }) => isDone || href === paths.insights());
}
