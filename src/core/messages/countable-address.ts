/**
 * True for addresses whose clicks can be counted: absolute http or https without a user name in it, because redirects
 * lead nowhere else.
 */
export function isCountable(url: string): boolean {
  return /^https?:\/\/(?![^/?#]*@)[^/?#\s]/i.test(url);
}
