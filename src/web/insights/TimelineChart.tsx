import { Box, useComputedColorScheme } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import type { TimePoint } from "#contract/insights.ts";
import { phoneQuery } from "../ui/DataTable.tsx";
import { formatDate, formatDateTime, formatNumber } from "../ui/format.ts";

echarts.use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

/** A colour of the theme. Grey, blue and amber are told apart with any colour vision; shapes differ as well. */
function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function optionsOf(
  points: readonly TimePoint[],
  step: "hour" | "day",
  look: { readonly isDark: boolean; readonly isNarrow: boolean },
): echarts.EChartsCoreOption {
  const text = token("--mantine-color-dimmed");
  const line = token("--line");
  const name = (at: string) => (step === "hour" ? formatDateTime(at) : formatDate(at));
  return {
    darkMode: look.isDark,
    animation: false,
    textStyle: { fontFamily: "inherit" },
    // On a phone the legend takes two lines.
    grid: { left: 8, right: 8, top: look.isNarrow ? 64 : 40, bottom: 8, containLabel: true },
    legend: { top: 0, left: 0, textStyle: { color: text }, itemGap: 20 },
    tooltip: {
      trigger: "axis",
      confine: true,
      backgroundColor: token("--surface-raised"),
      borderColor: line,
      textStyle: { color: token("--mantine-color-text"), fontSize: 13 },
      valueFormatter: (value: unknown) => (typeof value === "number" ? formatNumber(value) : "–"),
    },
    xAxis: {
      type: "category",
      data: points.map(({ at }) => name(at)),
      axisLine: { lineStyle: { color: line } },
      axisTick: { show: false },
      axisLabel: { color: text, hideOverlap: true },
    },
    yAxis: [
      {
        type: "value",
        minInterval: 1,
        axisLabel: { color: text },
        splitLine: { lineStyle: { color: line } },
      },
      { type: "value", minInterval: 1, axisLabel: { color: text }, splitLine: { show: false } },
    ],
    series: [
      {
        name: "Accepted",
        type: "bar",
        barMaxWidth: 28,
        itemStyle: { color: token("--tone-quiet-soft"), borderColor: token("--tone-quiet"), borderWidth: 1 },
        data: points.map(({ accepted }) => accepted),
      },
      {
        name: "Opens by people",
        type: "line",
        yAxisIndex: 1,
        symbol: "circle",
        symbolSize: 7,
        lineStyle: { color: token("--tone-info"), width: 2 },
        itemStyle: { color: token("--tone-info") },
        data: points.map(({ opens }) => opens),
      },
      {
        name: "Clicks by people",
        type: "line",
        yAxisIndex: 1,
        symbol: "triangle",
        symbolSize: 9,
        lineStyle: { color: token("--tone-warn"), width: 2, type: "dashed" },
        itemStyle: { color: token("--tone-warn") },
        data: points.map(({ clicks }) => clicks),
      },
    ],
  };
}

/** What happened over time: bars for mail that was taken (left scale), lines for people's opens and clicks (right scale). */
export function TimelineChart({
  points,
  step,
}: {
  readonly points: readonly TimePoint[];
  readonly step: "hour" | "day";
}) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<echarts.EChartsType>(undefined);
  const scheme = useComputedColorScheme("light");
  const isNarrow = useMediaQuery(phoneQuery, undefined, { getInitialValueInEffect: false }) ?? false;
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const made = echarts.init(element, undefined, { renderer: "svg" });
    chart.current = made;
    const watcher = new ResizeObserver(() => made.resize());
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      made.dispose();
    };
  }, []);
  useEffect(() => {
    chart.current?.setOption(optionsOf(points, step, { isDark: scheme === "dark", isNarrow }), {
      notMerge: true,
    });
  }, [points, step, scheme, isNarrow]);
  return <Box ref={box} h={300} role="img" aria-label="Accepted mail, opens and clicks over time" />;
}
