import fc from "fast-check";
import { expect, test } from "vitest";
import { describeReply, type Reply, ReplyParser } from "./reply-parser.ts";

const bytesOf = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

function parse(text: string, cuts: readonly number[] = [], limit?: number) {
  const parser = new ReplyParser(limit);
  const replies: Reply[] = [];
  const bytes = bytesOf(text);
  let problem: string | undefined;
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (let i = 1; i < places.length; i++)
    problem = parser.push(bytes.subarray(places[i - 1], places[i]), (reply) => replies.push(reply));
  return { replies, problem, isBetweenReplies: parser.isBetweenReplies };
}

test.each([
  ["250 2.1.0 fine\r\n", 250, "2.1.0", ["2.1.0 fine"]],
  ["250-one\r\n250-two\r\n250 three\r\n", 250, null, ["one", "two", "three"]],
  ["250\r\n", 250, null, [""]],
  ["550 5.1.1 no such user\n", 550, "5.1.1", ["5.1.1 no such user"]],
  ["450 5.1.1 classes disagree\r\n", 450, null, ["5.1.1 classes disagree"]],
  ["550 5.1.1.9 not a status\r\n", 550, null, ["5.1.1.9 not a status"]],
  ["599 d\xe9j\xe0\r\n", 599, null, ["déjà"]],
])("reads %j", (text, code, enhanced, lines) => {
  expect(parse(text)).toEqual({
    replies: [{ code, enhanced, lines }],
    problem: undefined,
    isBetweenReplies: true,
  });
});

test.each([
  ["25\r\n", "not-a-reply"],
  ["250x\r\n", "not-a-reply"],
  ["199 too low\r\n", "not-a-reply"],
  ["hello\r\n", "not-a-reply"],
  ["\r\n", "not-a-reply"],
  ["250-a\r\n550 b\r\n", "codes-differ"],
])("refuses %j as %s", (text, problem) => {
  expect(parse(`${text}250 later\r\n`)).toMatchObject({ replies: [], problem });
});

test("a reply without an end is cut off at the limit, in one line or many", () => {
  expect(parse("2".repeat(5000), [], 1000).problem).toBe("too-long");
  expect(parse("250-x\r\n".repeat(5000), [], 1000).problem).toBe("too-long");
  expect(parse(`${"250 x\r\n".repeat(5000)}`, [], 1000).replies).toHaveLength(5000);
});

test("portions of bytes do not matter", () => {
  const text = "220 hello\r\n250-a\r\n250-SIZE 10\r\n250 c\r\n421 4.7.0 bye\r\n2";
  const whole = parse(text);
  expect(whole.replies).toHaveLength(3);
  expect(whole.isBetweenReplies).toBe(false);
  fc.assert(
    fc.property(fc.array(fc.nat(text.length)), (cuts) => {
      expect(parse(text, cuts)).toEqual(whole);
    }),
  );
});

test("any bytes at all end in replies or a problem, and stay there", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const parser = new ReplyParser(100);
      const problem = parser.push(bytes, () => undefined);
      if (problem) expect(parser.push(bytesOf("250 ok\r\n"), () => expect.unreachable())).toBe(problem);
    }),
  );
});

test("a reply is described in one clean line", () => {
  expect(describeReply({ code: 550, enhanced: null, lines: ["no\u0000way", "at\u001ball"] })).toBe(
    "550 no\ufffdway at\ufffdall",
  );
  expect(describeReply({ code: 550, enhanced: null, lines: ["x".repeat(2000)] })).toHaveLength(500);
});
