import { frameOf, toLabels, type Frame } from '#core/frame.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { sha256 } from '#numeric/sha256.ts'
import type { DailyBars } from './daily-bars.ts'
import { statementsOf, type Statement } from './statements.ts'
import type { World } from './world.ts'

/** One version of a report: the year to date up to a quarter, and what it is compared with. */
interface Report {
  readonly code: string
  readonly period: TradeDate
  readonly announced: TradeDate
  readonly isCorrection: boolean
  readonly shares: number
  /** The quarters of the year up to this one, and those of the year before; fewer when the world knows no earlier ones. */
  readonly year: readonly Statement[]
  readonly before: readonly Statement[]
  readonly profit: number
}

type Figure = (report: Report) => number

const last = ({ year }: Report) => year.at(-1)!
const sum = (quarters: readonly Statement[], of: (statement: Statement) => number) => quarters.reduce((total, statement) => total + of(statement), 0)
const revenue = ({ year }: Report) => sum(year, (own) => own.revenue)
const yearOnYear = (now: number, then: number) => (100 * (now - then)) / Math.abs(then)
const compared = (report: Report, of: (statement: Statement) => number) =>
  report.before.length < report.year.length ? NaN : yearOnYear(sum(report.year, of), sum(report.before, of))
const quarterCompared = (report: Report, of: (statement: Statement) => number) =>
  report.before.length < report.year.length ? NaN : yearOnYear(of(last(report)), of(report.before.at(-1)!))
/** Equity at the beginning of the year to date: what the quarters added and paid is taken off again. */
const opening = (report: Report) => report.year[0]!.equity - report.year[0]!.profit + report.year[0]!.dividends
const returnOnEquity = (report: Report) => (200 * report.profit) / (last(report).equity + opening(report))

/** The vendor's columns that follow from the simulated books; the others are absent, which means missing. Units of spec warehouse-ods §5.8. */
const FIGURES: Readonly<Record<string, Figure>> = {
  eps: (report) => report.profit / report.shares,
  dt_eps: (report) => report.profit / report.shares,
  total_revenue_ps: (report) => revenue(report) / report.shares,
  revenue_ps: (report) => revenue(report) / report.shares,
  bps: (report) => last(report).equity / report.shares,
  ocfps: (report) => sum(report.year, (own) => own.operatingCash) / report.shares,
  cfps: (report) => sum(report.year, (own) => own.operatingCash + own.investingCash + own.financingCash) / report.shares,
  netprofit_margin: (report) => (100 * report.profit) / revenue(report),
  grossprofit_margin: (report) => (100 * sum(report.year, (own) => own.grossProfit)) / revenue(report),
  roe: returnOnEquity,
  roe_yearly: (report) => (4 * returnOnEquity(report)) / report.year.length,
  roa: (report) => (100 * report.profit) / last(report).assets,
  debt_to_assets: (report) => (100 * last(report).liabilities) / last(report).assets,
  assets_to_eqt: (report) => last(report).assets / last(report).equity,
  debt_to_eqt: (report) => last(report).liabilities / last(report).equity,
  q_eps: (report) => last(report).profit / report.shares,
  q_netprofit_margin: (report) => (100 * last(report).profit) / last(report).revenue,
  q_gsprofit_margin: (report) => (100 * last(report).grossProfit) / last(report).revenue,
  q_sales_yoy: (report) => quarterCompared(report, (own) => own.revenue),
  q_netprofit_yoy: (report) => quarterCompared(report, (own) => own.profit),
  netprofit_yoy: (report) => compared(report, (own) => own.profit),
  tr_yoy: (report) => compared(report, (own) => own.revenue),
  or_yoy: (report) => compared(report, (own) => own.revenue),
  equity_yoy: (report) => (report.before.length < report.year.length ? NaN : yearOnYear(last(report).equity, report.before.at(-1)!.equity)),
}

/**
 * `fina_indicator` (spec warehouse-ods §5.8): every version of every report announced from one date to another, with its announcement date; a corrected
 * version is a further row of the same period. By code, period and announcement.
 */
export function finaIndicatorFrame(world: World, bars: readonly DailyBars[], from: TradeDate, to: TradeDate): Frame {
  const reports = bars.flatMap((own) => reportsOf(world, own)).filter(({ announced }) => announced >= from && announced <= to)
  const columns = Object.entries(FIGURES).map(([name, of]) => [name, Float64Array.from(reports, of)] as const)
  return frameOf({
    ts_code: toLabels(reports.map(({ code }) => code)),
    end_date: Uint32Array.from(reports, ({ period }) => period),
    row_hash: toLabels(reports.map((report, row) => fingerprint([report.code, report.period, report.announced, ...columns.map(([, column]) => column[row]!)]))),
    ann_date: Float64Array.from(reports, ({ announced }) => announced),
    update_flag: toLabels(reports.map(({ isCorrection }) => (isCorrection ? '1' : '0'))),
    ...Object.fromEntries(columns),
    ext_json: toLabels(reports.map(() => '{}')),
  })
}

function reportsOf(world: World, own: DailyBars): readonly Report[] {
  const statements = statementsOf(world, own.stock)
  return statements.flatMap((statement, k) => {
    const quarter = (Math.floor(statement.period / 100) % 100) / 3
    const year = statements.slice(Math.max(0, k + 1 - quarter), k + 1)
    // The first year of the books may begin in the middle of nowhere: a year to date needs its first quarter.
    if (year.length < quarter) return []
    const before = statements.slice(Math.max(0, k - 3 - quarter), Math.max(0, k - 3))
    const report = { code: own.stock.code, period: statement.period, year, before }
    const first = { ...report, announced: statement.announced, isCorrection: false, profit: sum(year, ({ profit }) => profit) }
    const versions = [{ ...first, shares: sharesOn(world, own, statement.announced) }]
    if (statement.restated !== undefined)
      versions.push({ ...versions[0]!, announced: statement.restated, isCorrection: true, profit: statement.restatedProfit })
    return versions
  })
}

/** Shares outstanding on a date: those of the last day of the world up to it, the first known ones before. */
function sharesOn(world: World, own: DailyBars, date: TradeDate): number {
  const day = world.dates.findLastIndex((open) => open <= date)
  return (day < 0 ? 0 : own.totalShares[day]!) || own.stock.totalShares
}

/** First sixteen hexadecimal digits of SHA-256 over the fields. */
function fingerprint(fields: readonly (string | number)[]): string {
  return [...sha256(fields.join('|')).subarray(0, 2)].map((word) => word.toString(16).padStart(8, '0')).join('')
}
