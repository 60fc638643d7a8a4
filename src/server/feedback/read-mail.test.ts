import { expect, test } from "vitest";
import { readMail } from "./read-mail.ts";

const report = `From: MAILER-DAEMON@there.test
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: text/plain

It failed.
--x
Content-Type: message/delivery-status

Final-Recipient: rfc822; ana@example.org
Action: failed
Status: 5.1.1

--x
Content-Type: message/rfc822

Subject: ours

`.replaceAll("\n", "\r\n");
const withCopy = (megabytes: number) =>
  Buffer.from(`${report}${`${"x".repeat(76)}\r\n`.repeat((megabytes * 1024 * 1024) / 78)}\r\n--x--\r\n`);

test("[D98] a report with a huge copy of the message is understood", async () => {
  const { parts, text } = await readMail(withCopy(15), []);
  expect(text).toContain("It failed.");
  expect(parts.map(({ type }) => type)).toEqual(["message/delivery-status", "message/rfc822"]);
  expect(parts[0]?.text).toContain("Status: 5.1.1");
  expect(parts[1]?.text).toContain("Subject: ours");
});

test("[D98] 15 MB cost about as much as 2 MB", async () => {
  const costOf = async (mail: Buffer) => {
    const before = process.cpuUsage();
    await readMail(mail, []);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  const [small, large] = [withCopy(2), withCopy(15)];
  await costOf(small);
  const costs = { small: 0, large: 0 };
  for (let round = 0; round < 3; round++) {
    costs.small += await costOf(small);
    costs.large += await costOf(large);
  }
  expect(costs.large).toBeLessThan(costs.small * 3);
});
