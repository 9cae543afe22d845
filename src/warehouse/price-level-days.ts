import { aShareCalendar } from '#core/a-share-calendar.ts'
import type { Code } from '#core/code.ts'
import { labelAt, labels, numbers, type Frame } from '#core/frame.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { buildPriceLevels, levelTick } from '#micro/price-levels.ts'
import { LEVEL_PARAMS, rebaseLevels, type LevelBars, type PriceLevel } from '#micro/price-level.ts'
import type { abuPriceLevels } from './dws/abu_price_levels.ts'
import type { Engine, QueryOptions } from './engine/engine.ts'
import { FrameBuilder } from './frame-builder.ts'
import { gatherStocks, ONE_THREAD, type StockRows } from './gather-stocks.ts'
import { levelDates } from './level-dates.ts'
import { oneAhead } from './one-ahead.ts'
import { paramSetId } from './param-set.ts'
import { LEVEL_AGE, LevelBook } from './read-price-levels.ts'
import { sqlOf } from './table-sql.ts'
import type { ComputeRequest } from './table.ts'

/** Stocks read at a time: 400 × 650 bars × 8 columns are 17 MB, twice while the next are read. */
const STOCKS = 400

/** Market days of bars before a calculation: a stock suspended for more than 150 of them is judged by fewer than 250 bars. */
export const LEVEL_REACH = 400

type Options = Pick<QueryOptions, 'signal' | 'settings'>
type Builder = FrameBuilder<(typeof abuPriceLevels)['columns']>

/**
 * `abu_price_levels`: every stock's levels on the calculation days among the dates. A day continues the calculation before it (ids, roles inside the band),
 * the first one of the range that of the table; imported levels of the dates stand beside them.
 */
export async function* priceLevelDays({ table, engine, dates, codes, signal, progress }: ComputeRequest): AsyncIterable<Frame> {
  const options = signal === undefined ? {} : { signal }
  const builder: Builder = new FrameBuilder(table as typeof abuPriceLevels)
  await addImported(builder, engine, dates, codes, options)
  const calcDates = await levelDates(engine, dates, options)
  if (calcDates.length > 0) {
    const from = calcDates[0]!
    const book = await LevelBook.read(engine, { from, to: aShareCalendar.previous(from), codes, source: 'swings', withMembers: true }, options)
    const stocks = await stocksOn(engine, calcDates, codes, options)
    const groups = Array.from({ length: Math.ceil(stocks.length / STOCKS) }, (_, group) => stocks.slice(group * STOCKS, (group + 1) * STOCKS))
    const id = paramSetId(LEVEL_PARAMS)
    let done = 0
    for await (const group of oneAhead(groups, (some) => readBars(table, engine, calcDates, some, { ...options, settings: ONE_THREAD }))) {
      for (const stock of group) {
        for (const { date, levels } of calculations(stock, calcDates, book)) for (const level of levels) pushLevel(builder, stock.code, date, level, id)
        done++
      }
      progress(done, stocks.length, 'stocks')
      if (builder.length > 0) yield builder.take()
    }
  }
  if (builder.length > 0) yield builder.take()
}

/** The stocks with a bar on any of the dates, in code order. */
async function stocksOn(engine: Engine, dates: readonly TradeDate[], codes: readonly string[] | undefined, options: Options): Promise<readonly string[]> {
  const frame = await engine.frame(
    `select distinct ts_code from fupan.dwd_stock_daily_standard
     where trade_date between {from:UInt32} and {to:UInt32} and trade_date in {dates:Array(UInt32)}${codes === undefined ? '' : ' and ts_code in {codes:Array(String)}'}
     order by ts_code`,
    { ...options, params: { from: dates[0]!, to: dates.at(-1)!, dates, ...(codes === undefined ? {} : { codes }) } },
  )
  const code = labels(frame, 'ts_code')
  return Array.from({ length: frame.length }, (_, row) => labelAt(code, row)!)
}

function readBars(table: ComputeRequest['table'], engine: Engine, dates: readonly TradeDate[], codes: readonly string[], options: Options) {
  const since = aShareCalendar.back(dates[0]!, LEVEL_REACH)
  const params = { since, to: dates.at(-1)!, first: codes[0]!, last: codes.at(-1)!, codes }
  return gatherStocks(engine.frames(sqlOf(table), { ...options, params }))
}

/** The levels of one stock on each calculation day it traded on, each continuing the one before. */
function* calculations({ code, frame }: StockRows, dates: readonly TradeDate[], book: LevelBook) {
  const column = (name: string) => numbers(frame, name) as Float64Array
  const [date, day, factor] = [numbers(frame, 'trade_date'), numbers(frame, 'day_idx'), column('adj_factor')]
  const all = { open: column('open'), high: column('high'), low: column('low'), close: column('close'), volume: column('volume') }
  const tick = levelTick(code)
  const wanted = new Set<number>(dates)
  let start = 0
  let previous: { readonly date: TradeDate; readonly levels: readonly PriceLevel[]; readonly factor: number } | undefined
  for (let row = 0; row < frame.length; row++) {
    if (!wanted.has(date[row]!)) continue
    const [today, end] = [date[row]! as TradeDate, row + 1]
    while (day[start]! <= day[row]! - LEVEL_REACH) start++
    const view = (values: Float64Array) => values.subarray(start, end)
    const bars: LevelBars = {
      length: end - start,
      date: date.subarray(start, end),
      day: day.subarray(start, end),
      open: view(all.open),
      high: view(all.high),
      low: view(all.low),
      close: view(all.close),
      volume: view(all.volume),
      adjFactor: view(factor),
    }
    // What a build of this day alone would read back from the table: the last calculation that found levels, unless it is too old.
    if (previous !== undefined && aShareCalendar.between(previous.date, today) > LEVEL_AGE) previous = undefined
    const before =
      previous === undefined ? book.lastBefore(code, today, factor[row]!)?.levels : rebaseLevels(previous.levels, previous.factor, factor[row]!, tick)
    const levels = buildPriceLevels(code, bars, bars.length, before)
    if (levels.length > 0) previous = { date: today, levels, factor: factor[row]! }
    yield { date: today, levels }
  }
}

function pushLevel(builder: Builder, code: Code, date: TradeDate, level: PriceLevel, id: string): void {
  builder.push({
    trade_date: date,
    ts_code: code,
    level_id: level.id,
    calc_date: date,
    level_price: level.price / 1000,
    level_type: level.type,
    flip_dir: level.flipDir,
    break_date: level.breakDate,
    strength: level.strength,
    n_swings: level.swings,
    touched: level.touched,
    held: level.held,
    broken: level.broken,
    first_date: level.firstDate,
    last_touch: level.lastTouch,
    tol: level.tol,
    members_json: JSON.stringify(level.members),
    source: 'swings',
    param_set_id: id,
  })
}

/** Levels a user brought, as they are: a level without a strength counts as middling. */
async function addImported(builder: Builder, engine: Engine, dates: readonly TradeDate[], codes: readonly string[] | undefined, options: Options) {
  const frame = await engine.frame(
    `select trade_date, ts_code, level_id, level_price, level_type, ifNull(flip_dir, '') as flip_dir, break_date, ifNull(strength, 0.5) as strength
     from fupan.ods_price_level where trade_date between {from:UInt32} and {to:UInt32}${codes === undefined ? '' : ' and ts_code in {codes:Array(String)}'}
     order by ts_code, trade_date, level_id`,
    { ...options, params: { from: dates[0]!, to: dates.at(-1)!, ...(codes === undefined ? {} : { codes }) } },
  )
  const wanted = new Set<number>(dates)
  const text = (name: string, row: number) => labelAt(labels(frame, name), row)!
  const value = (name: string, row: number) => numbers(frame, name)[row]!
  for (let row = 0; row < frame.length; row++) {
    const date = value('trade_date', row)
    if (!wanted.has(date)) continue
    const price = value('level_price', row)
    builder.push({
      trade_date: date,
      ts_code: text('ts_code', row),
      level_id: text('level_id', row),
      calc_date: date,
      level_price: price,
      level_type: text('level_type', row),
      flip_dir: text('flip_dir', row) === '' ? undefined : text('flip_dir', row),
      break_date: value('break_date', row),
      strength: value('strength', row),
      n_swings: 0,
      touched: 0,
      held: 0,
      broken: 0,
      first_date: date,
      last_touch: undefined,
      tol: price * LEVEL_PARAMS.tolClose,
      members_json: '[]',
      source: 'import',
      param_set_id: '',
    })
  }
}
