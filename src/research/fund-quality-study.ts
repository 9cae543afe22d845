import type { Calendar } from '#core/calendar.ts'
import { labelAt, labels, numbers } from '#core/frame.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { DEFAULT_QUINTILES, quintileReport, type QuintileHorizon, type ScoredDay } from '#backtest/quintile-report.ts'
import type { Engine, QueryOptions } from '#warehouse/engine/engine.ts'

export interface FundQualityStudy {
  readonly from: TradeDate
  readonly to: TradeDate
  /** Days with at least 20 scored stocks, and the scored stock-days of all days. */
  readonly days: number
  readonly scored: number
  readonly horizons: readonly QuintileHorizon[]
}

/**
 * 资金质量检验 (spec microstructure §7.3): what stocks did after their score, by fifth of the score. A forward return runs from the close of the day to the close so many
 * market days later, adjusted; it is unknown where the stock did not trade then or the data end before.
 */
export async function fundQualityStudy(
  engine: Engine,
  calendar: Calendar,
  { from, to }: { readonly from: TradeDate; readonly to: TradeDate },
  options: Pick<QueryOptions, 'signal'>,
): Promise<FundQualityStudy> {
  const last = calendar.dateAt(Math.min(calendar.indexOf(to) + Math.max(...DEFAULT_QUINTILES.horizons), calendar.indexOf(calendar.to)))
  const frame = await engine.frame(
    `select trade_date, ts_code, fund_quality_score from fupan.stock_fund_quality
     where trade_date between {from:UInt32} and {to:UInt32} and fund_quality_score is not null order by trade_date, ts_code`,
    { ...options, params: { from, to } },
  )
  const closes = await engine.frame(
    `select trade_date, ts_code, close_hfq from fupan.dwd_stock_daily_standard
     where trade_date between {from:UInt32} and {last:UInt32}
       and ts_code in (select ts_code from fupan.stock_fund_quality where trade_date between {from:UInt32} and {to:UInt32} and fund_quality_score is not null)`,
    { ...options, params: { from, to, last } },
  )
  const closeOn = new Map<string, number>()
  const [closeCode, closeDate, close] = [labels(closes, 'ts_code'), numbers(closes, 'trade_date'), numbers(closes, 'close_hfq')]
  for (let row = 0; row < closes.length; row++) closeOn.set(`${closeDate[row]} ${labelAt(closeCode, row)}`, close[row]!)
  const [code, date, score] = [labels(frame, 'ts_code'), numbers(frame, 'trade_date'), numbers(frame, 'fund_quality_score')]
  const days: ScoredDay[] = []
  for (let start = 0; start < frame.length;) {
    let end = start + 1
    while (end < frame.length && date[end] === date[start]) end++
    const names = Array.from({ length: end - start }, (_, i) => labelAt(code, start + i)!)
    const today = date[start]! as TradeDate
    const forward = DEFAULT_QUINTILES.horizons.map((horizon) => {
      const then = calendar.indexOf(today) + horizon
      if (then > calendar.indexOf(calendar.to)) return new Float64Array(names.length).fill(NaN)
      const later = calendar.dateAt(then)
      return Float64Array.from(names, (name) => (closeOn.get(`${later} ${name}`) ?? NaN) / (closeOn.get(`${today} ${name}`) ?? NaN) - 1)
    })
    days.push({ score: Float64Array.from({ length: names.length }, (_, i) => score[start + i]!), forward })
    start = end
  }
  return {
    from,
    to,
    days: days.filter((day) => day.score.length >= DEFAULT_QUINTILES.minimum).length,
    scored: frame.length,
    horizons: quintileReport(days),
  }
}
