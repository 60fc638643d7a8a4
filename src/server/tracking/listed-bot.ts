import { isbot } from "isbot";

/** What the list said of user agents seen before: they are few, and asking costs more than all else about a hit. */
const answers = new Map<string, boolean>();
const maxAnswers = 5000;

/** Says whether a user agent is on the list of crawlers. */
export function isListedBot(userAgent: string): boolean {
  const known = answers.get(userAgent);
  if (known !== undefined) return known;
  if (answers.size >= maxAnswers) answers.clear();
  const answer = isbot(userAgent);
  answers.set(userAgent, answer);
  return answer;
}
