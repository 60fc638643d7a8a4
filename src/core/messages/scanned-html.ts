/** An attribute with its place in the source; the value's range is without quotes. */
export type ScannedAttribute = {
  readonly name: string;
  readonly start: number;
  valueStart: number;
  valueEnd: number;
  /** Behind the closing quote. */
  end: number;
  quoted: boolean;
  /** Template code stands in the value, or a branch cuts it. */
  isDynamic: boolean;
  /** The value begins with the output of one of the product's own links. */
  startsWithOwnLink: boolean;
};

export type ScannedTag = {
  readonly name: string;
  readonly isClosing: boolean;
  readonly start: number;
  end: number;
  readonly attributes: ScannedAttribute[];
  /** Inside a conditional comment that only Outlook reads. */
  readonly forOutlook: boolean;
};

export type ScanProblem = {
  readonly code:
    | "value-in-tag"
    | "value-unquoted"
    | "value-in-script"
    | "value-in-handler"
    | "value-in-strange-element"
    | "branch-cuts-tag";
  readonly offset: number;
};

export type Mode =
  | "text"
  | "tag-name"
  | "in-tag"
  | "attribute-name"
  | "after-name"
  | "before-value"
  | "double-quoted"
  | "single-quoted"
  | "unquoted"
  | "comment"
  | "conditional"
  | "declaration"
  | "raw-text";

/** Where the scanner stands. Copied at each branch, so that every branch is read from the same place. */
export type ScanState = {
  mode: Mode;
  tag: ScannedTag | null;
  attribute: ScannedAttribute | null;
  nameStart: number;
  rawName: string;
  /** Something stands before this place in the attribute's value. */
  valueBegun: boolean;
  forOutlook: boolean;
  /** How many elements are open inside which browsers read HTML by other rules. */
  strange: number;
  /** The last characters of a comment or of raw text, as its end may be cut by template code. */
  tail: string;
  /** The same of a conditional comment, whose content is read as HTML. */
  outlookTail: string;
};
