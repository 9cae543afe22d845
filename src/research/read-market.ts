import type { Calendar } from '#core/calendar.ts'
import type { Code } from '#core/code.ts'
import { labelAt, labels, numbers, type Frame } from '#core/frame.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { FACTOR_NOISE, type CorporateAction } from '#backtest/corporate-action.ts'
import type { MarketInput } from '#backtest/market.ts'
import type { StockInput } from '#backtest/stock-input.ts'
import type { CandidateTable } from '#backtest/select-candidates.ts'
import type { LevelFlowRow } from '#core/candidate.ts'
import type { Engine, QueryOptions } from '#warehouse/engine/engine.ts'
import { gatherStocks } from '#warehouse/gather-stocks.ts'
import { shared } from './shared-arrays.ts'

/** Market days before the first one of a run that strategies may look back on. */
const HISTORY = 260

type Options = Pick<QueryOptions, 'signal'>

/** What is read of the warehouse for an experiment: enough to make a `Market` in any thread. */
export interface MarketData extends MarketInput {
  readonly candidateTable: CandidateTable
  /** Bars of stocks known only by forward-adjusted prices: their limits, lots and fees are not those of the day. */
  readonly adjustedOnly: number
}

export interface MarketRequest {
  readonly from: TradeDate
  readonly to: TradeDate
  /** Only these stocks; absent = every stock with a bar. */
  readonly codes?: readonly string[] | undefined
}

/** Daily bars, labels, factors, bands and candidates of a span as typed columns in shared memory, so that worker threads read one copy. */
export async function readMarket(engine: Engine, calendar: Calendar, { from, to, codes }: MarketRequest, options: Options): Promise<MarketData> {
  const since = calendar.back(calendar.dates(from, to)[0] ?? to, HISTORY)
  const only = codes === undefined ? '' : ' and ts_code in {codes:Array(String)}'
  const params = { since, from, to, ...(codes === undefined ? {} : { codes }) }
  const listings = await readListings(engine, options)
  const actions = await readActions(engine, params, only, options)
  const rows = await gatherStocks(
    engine.frames(
      `select d.ts_code as ts_code, d.trade_date as trade_date, d.open as open, d.high as high, d.low as low, d.close as close, ifNull(d.pre_close, nan) as pre_close,
              d.vol_shares as volume, d.amount_cny as amount, toUInt8(d.adjusted_scale) as adjusted, ifNull(f.adj_factor, nan) as adj_factor,
              ifNull(l.up_limit, nan) as up_limit, ifNull(l.down_limit, nan) as down_limit, toUInt8(l.no_limit_reason is not null) as no_limit,
              toUInt8(ifNull(l.is_st, 0)) as risk_warning, toUInt8(ifNull(l.is_delisting, 0)) as delisting, ifNull(b.price_position, nan) as price_position
       from fupan.dwd_daily as d
       left join (select ts_code, trade_date, adj_factor from fupan.dwd_adj_factor where trade_date between {since:UInt32} and {to:UInt32}${only}) as f
         on f.ts_code = d.ts_code and f.trade_date = d.trade_date
       left join (select ts_code, trade_date, up_limit, down_limit, no_limit_reason, is_st, is_delisting from fupan.dwd_stock_label_daily
                  where trade_date between {since:UInt32} and {to:UInt32}${only}) as l
         on l.ts_code = d.ts_code and l.trade_date = d.trade_date
       left join (select ts_code, trade_date, price_position from fupan.stock_bollinger_data where trade_date between {since:UInt32} and {to:UInt32}${only}) as b
         on b.ts_code = d.ts_code and b.trade_date = d.trade_date
       where d.trade_date between {since:UInt32} and {to:UInt32} and d.is_bar_valid = 1${only.replace('ts_code', 'd.ts_code')}`,
      { ...options, params },
    ),
  )
  return {
    dates: shared(Uint32Array.from(calendar.dates(since, to))),
    stocks: rows.map(({ code, frame }) => stockOf(code, frame, listings.get(code), actions.get(code) ?? [])),
    candidateTable: await readCandidates(engine, params, only, options),
    levelFlows: await readFlows(engine, params, only, options),
    adjustedOnly: rows.filter(({ frame }) => numbers(frame, 'adjusted').includes(1)).length,
  }
}

interface Listing {
  readonly listDate: number
  readonly delistDate: number
}

async function readListings(engine: Engine, options: Options): Promise<ReadonlyMap<string, Listing>> {
  const frame = await engine.frame('select ts_code, ifNull(list_date, 0) as list_date, ifNull(delist_date, 0) as delist_date from fupan.dim_stock', options)
  const code = labels(frame, 'ts_code')
  const [list, delist] = [numbers(frame, 'list_date'), numbers(frame, 'delist_date')]
  return new Map(Array.from({ length: frame.length }, (_, row) => [labelAt(code, row)!, { listDate: list[row]!, delistDate: delist[row]! }]))
}

function stockOf(code: Code, frame: Frame, listing: Listing | undefined, known: readonly CorporateAction[]): StockInput {
  const column = (name: string) => shared(Float64Array.from(numbers(frame, name)))
  const flag = (name: string) => shared(Uint8Array.from(numbers(frame, name)))
  const dates = shared(Uint32Array.from(numbers(frame, 'trade_date')))
  const listDate = listing !== undefined && listing.listDate > 0 ? Math.min(listing.listDate, dates[0]!) : dates[0]!
  const adjFactor = knownFactors(column('adj_factor'))
  // Dividends are booked as money and shares only where they explain every jump of the factor; else the factor speaks, as bonus shares.
  const isExplained = jumpsOf(dates, adjFactor).every((date) => known.some(({ exDate }) => exDate === date))
  const isDelisted = listing !== undefined && listing.delistDate > dates.at(-1)!
  return {
    code,
    listDate: listDate as TradeDate,
    ...(isDelisted ? { delistDate: listing.delistDate as TradeDate } : {}),
    dates,
    open: column('open'),
    high: column('high'),
    low: column('low'),
    close: column('close'),
    volume: column('volume'),
    amount: column('amount'),
    preClose: column('pre_close'),
    upLimit: column('up_limit'),
    downLimit: column('down_limit'),
    adjFactor,
    ...(known.length > 0 && isExplained ? { actions: known.filter(({ exDate }) => dates.includes(exDate)) } : {}),
    noLimit: flag('no_limit'),
    riskWarning: flag('risk_warning'),
    delisting: flag('delisting'),
    features: { price_position: { values: column('price_position') } },
  }
}

/** The days on which the adjustment factor differs from that of the bar before. */
function jumpsOf(dates: Uint32Array, factors: Float64Array): readonly number[] {
  return Array.from(dates).filter((_, i) => i > 0 && Math.abs(factors[i]! / factors[i - 1]! - 1) > FACTOR_NOISE)
}

/** Dividends by stock, ascending. */
async function readActions(
  engine: Engine,
  params: NonNullable<QueryOptions['params']>,
  only: string,
  options: Options,
): Promise<ReadonlyMap<string, readonly CorporateAction[]>> {
  const rows = await engine.rows<{ readonly ts_code: string; readonly trade_date: number; readonly cash: number; readonly bonus: number }>(
    `select ts_code, trade_date, ifNull(cash_div_tax, 0) as cash, ifNull(stk_div, 0) as bonus from fupan.ods_dividend
     where trade_date between {since:UInt32} and {to:UInt32}${only} order by ts_code, trade_date`,
    { ...options, params },
  )
  const actions = rows.map(({ ts_code, trade_date, cash, bonus }) => ({ code: ts_code, action: { exDate: trade_date as TradeDate, cash, bonus } }))
  return new Map([...Map.groupBy(actions, ({ code }) => code)].map(([code, own]) => [code, own.map(({ action }) => action)]))
}

/** A day without a factor goes on with the one before; before the first, with the first. */
function knownFactors(factors: Float64Array): Float64Array {
  let last = factors.find((factor) => factor > 0) ?? 1
  for (let i = 0; i < factors.length; i++) {
    if (factors[i]! > 0) last = factors[i]!
    else factors[i] = last
  }
  return factors
}

async function readCandidates(engine: Engine, params: NonNullable<QueryOptions['params']>, only: string, options: Options): Promise<CandidateTable> {
  const frame = await engine.frame(
    `select trade_date, valid_for, ts_code, close, fund_quality_z, fund_quality_pct, support_price, ifNull(support_level_id, '') as support_id,
            ifNull(support_type, '') as support_type, support_score, support_pct, support_tests, support_strength,
            resistance_price, resistance_score, resistance_pct, target_price, is_tradable
     from fupan.strategy_candidates where trade_date between {from:UInt32} and {to:UInt32}${only} order by trade_date, ts_code`,
    { ...options, params },
  )
  const column = (name: string) => shared(Float64Array.from(numbers(frame, name)))
  const text = (name: string) => Array.from({ length: frame.length }, (_, row) => labelAt(labels(frame, name), row) ?? '')
  return {
    length: frame.length,
    date: column('trade_date'),
    validFor: column('valid_for'),
    code: text('ts_code') as Code[],
    close: column('close'),
    qualityZ: column('fund_quality_z'),
    qualityPct: column('fund_quality_pct'),
    supportPrice: column('support_price'),
    supportId: text('support_id'),
    isFlip: shared(Uint8Array.from(text('support_type'), (type) => (type === 'flip' ? 1 : 0))),
    supportScore: column('support_score'),
    supportPct: column('support_pct'),
    supportTests: column('support_tests'),
    supportStrength: column('support_strength'),
    resistancePrice: column('resistance_price'),
    resistanceScore: column('resistance_score'),
    resistancePct: column('resistance_pct'),
    target: column('target_price'),
    isTradable: column('is_tradable'),
  }
}

/** The flow in the band of a level per day, over all its tests of the day. */
async function readFlows(engine: Engine, params: NonNullable<QueryOptions['params']>, only: string, options: Options): Promise<readonly LevelFlowRow[]> {
  const frame = await engine.frame(
    `select ts_code, trade_date, level_id, sum(value_total) as value, sum(big_net_value) / sum(value_total) as big_net_ratio,
            sum(order_flow_imbalance * value_total) / sum(value_total) as imbalance
     from fupan.stock_level_microstructure
     where trade_date between {from:UInt32} and {to:UInt32} and value_total > 0 and big_net_value is not null and order_flow_imbalance is not null${only}
     group by ts_code, trade_date, level_id order by ts_code, trade_date, level_id`,
    { ...options, params },
  )
  const [code, level] = [labels(frame, 'ts_code'), labels(frame, 'level_id')]
  const [date, net, imbalance] = [numbers(frame, 'trade_date'), numbers(frame, 'big_net_ratio'), numbers(frame, 'imbalance')]
  return Array.from({ length: frame.length }, (_, row) => ({
    code: labelAt(code, row)! as Code,
    date: date[row]! as TradeDate,
    levelId: labelAt(level, row)!,
    bigNetRatio: net[row]!,
    orderFlowImbalance: imbalance[row]!,
  }))
}
