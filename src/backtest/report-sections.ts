import { evidenceSections } from './evidence-sections.ts'
import { returnSections } from './return-sections.ts'
import type { ReportSection } from './report-block.ts'
import type { RunReport } from './run-report.ts'
import { tradingSections } from './trading-sections.ts'

/** The sections of spec backtest §10 in reading order: how it went, what it traded and paid, why to believe it. */
export function reportSections(report: RunReport): ReportSection[] {
  return [...returnSections(report), ...tradingSections(report), ...evidenceSections(report)]
}
