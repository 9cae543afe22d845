import { isLabels, numbers, type Column, type Frame } from '#core/frame.ts'
import type { TradeDate } from '#core/trade-date.ts'
import type { Table } from '#warehouse/table.ts'
import { eachFrame, textsOf, type RawMarket } from './raw-market.ts'

/** What a one-for-two split does to a raw column, by name: prices halve, shares double, money stays. */
const RAW: Readonly<Record<string, number>> = {
  open: 0.5,
  high: 0.5,
  low: 0.5,
  close: 0.5,
  pre_close: 0.5,
  change: 0.5,
  price: 0.5,
  bid1: 0.5,
  ask1: 0.5,
  vol: 2,
  ah_vol: 2,
  volume: 2,
  total_share: 2,
  float_share: 2,
  free_share: 2,
  adj_factor: 2,
}

/** 送转: the same market with one stock split one for two from a day on, its reference prices and factors with it. */
export function splitInTwo(raw: RawMarket, code: string, from: TradeDate): RawMarket {
  return eachFrame(raw, (frame) =>
    'trade_date' in frame.columns && 'ts_code' in frame.columns ? scaled(frame, code, from, (column) => RAW[column] ?? 1) : frame,
  )
}

/** What the tables must then hold: prices of the day's own scale halve, shares double, the rest stays, back-adjusted numbers first of all. */
export function splitColumns(table: Table, frame: Frame, code: string, from: TradeDate): Frame {
  return scaled(frame, code, from, (name) => {
    const { kind } = table.columns[name]!
    if (name === 'adj_factor') return 2
    if (name.endsWith('_hfq') || name === 'vol_adj') return 1
    return kind === 'price' || kind === 'milli' ? 0.5 : kind === 'share' ? 2 : 1
  })
}

/**
 * Columns a split is meant to change in other ways: it is an ex-date, and a limit price is rounded to the tick of the day's own price. A band
 * width depends on nothing but ratios.
 */
export function isSplit(table: string, column: string): boolean {
  return SPLIT_COLUMNS.has(`${table}.${column}`)
}

/**
 * Tables in which bands around a level on the tick decide what is counted: half a price on the tick is another band. Rows of the split stock from its day on
 * are not compared there; that levels themselves follow a split is a test of micro/price-levels.ts.
 */
export function isOnTick(table: string): boolean {
  return ON_TICK.has(table)
}

const ON_TICK = new Set(['stock_level_microstructure', 'dws_level_test_outcome', 'dws_level_score', 'stock_level_score_daily'])

const SPLIT_COLUMNS = new Set([
  'abu_price_levels.level_price',
  'abu_price_levels.members_json',
  // Ranks among all stocks' level scores, and what follows from them and from levels on the tick.
  'stock_level_score_daily.support_pct',
  'stock_level_score_daily.resistance_pct',
  'stock_level_score_daily.flip_pct',
  ...[
    'candidate_rank',
    'selected',
    'first_failed',
    'rank_score',
    'support_price',
    'support_score',
    'support_pct',
    'support_tests',
    'distance',
    'resistance_price',
    'resistance_score',
    'resistance_pct',
    'target_price',
    'stop_price',
    'room',
    'reasons_json',
  ].map((column) => `strategy_candidates.${column}`),
  'dwd_stock_daily_standard.is_ex_day',
  'dwd_stock_label_daily.up_limit',
  'dwd_stock_label_daily.down_limit',
  'dwd_stock_label_daily.is_limit_up',
  'dwd_stock_label_daily.is_limit_down',
  'stock_bollinger_data.flags',
])

function scaled(frame: Frame, code: string, from: TradeDate, factorOf: (column: string) => number): Frame {
  const codes = textsOf(frame, 'ts_code')
  const date = numbers(frame, 'trade_date')
  const columns = Object.entries(frame.columns).map(([name, column]): [string, Column] => {
    const factor = factorOf(name)
    if (factor === 1 || isLabels(column)) return [name, column]
    const out = column.slice()
    for (let row = 0; row < out.length; row++) if (codes[row] === code && date[row]! >= from) out[row]! *= factor
    return [name, out]
  })
  return { length: frame.length, columns: Object.fromEntries(columns) }
}
