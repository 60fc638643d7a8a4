import { describe, expect, test } from "vitest";
import { count } from "../scripts/test-lanes.ts";

const passed = { status: "passed", assertionResults: [{}] };
const unloaded = { status: "failed", assertionResults: [] };

describe("counting a lane", () => {
  test("what passed and failed is added up", () => {
    const report = { numPassedTests: 3, numFailedTests: 1, numTotalTests: 4, testResults: [passed] };
    expect(count(report, false)).toEqual({ passed: 3, failed: 1 });
  });

  test("a file that does not load is a failure", () => {
    const report = {
      numPassedTests: 3,
      numFailedTests: 0,
      numTotalTests: 3,
      testResults: [passed, unloaded],
    };
    expect(count(report, false)).toEqual({ passed: 3, failed: 1 });
  });

  test("an error outside of every test is a failure", () => {
    const report = { numPassedTests: 3, numFailedTests: 0, numTotalTests: 3, testResults: [passed] };
    expect(count(report, false)).toEqual({ passed: 3, failed: 1 });
  });

  test("files in which nothing ran, and no report at all, are failures", () => {
    expect(
      count({ numPassedTests: 0, numFailedTests: 0, numTotalTests: 0, testResults: [] }, true).failed,
    ).toBe(1);
    expect(count(undefined, true).failed).toBe(1);
  });
});
