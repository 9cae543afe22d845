import { labels, labelAt, numbers } from '#core/frame.ts'
import { limitsOf } from '#core/price-limit.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { dailyBars, type DailyBars } from '#market/daily-bars.ts'
import { STATUS } from '#market/listing-status.ts'
import { createWorld, type World, type WorldSettings } from '#market/world.ts'
import type { Engine } from '#warehouse/engine/engine.ts'
import type { CoherenceCheck } from './sim-coherence.ts'

/** Stocks whose stored bars are read at a time. */
const STOCKS_PER_READ = 50

/** One of the two counts of `redrawnCoherence`. */
interface Count {
  rows: number
  violations: number
  example?: string
}

/**
 * 重画: the stored bars against the market drawn again from its settings: the same stock-days with the same bytes, and every price inside the limits of
 * core/price-limit computed from the stored reference price and the stored list of risk warnings (the days of a delisting period come from the market). Yields
 * before each stock, so that whoever runs it can let others work; the last value holds the two checks.
 */
export async function* redrawnCoherence(engine: Engine, settings: WorldSettings, signal: AbortSignal): AsyncGenerator<void, readonly CoherenceCheck[]> {
  const world = createWorld(settings)
  const same: Count = { rows: 0, violations: 0 }
  const limits: Count = { rows: 0, violations: 0 }
  for (let at = 0; at < world.stocks.length; at += STOCKS_PER_READ) {
    const part = world.stocks.slice(at, at + STOCKS_PER_READ)
    const codes = part.map(({ code }) => code)
    const stored = await storedBars(engine, codes, signal)
    const warned = await warnedDays(engine, codes, signal)
    for (const stock of part) {
      yield
      const own = dailyBars(world, stock)
      const found = stored.get(stock.code) ?? []
      compareBars(world, own, found, same)
      checkLimits(world, own, found, warned, limits)
    }
  }
  const check = (name: string, rule: string, { rows, violations, example }: Count): CoherenceCheck => ({
    name,
    rule,
    rows,
    violations,
    ...(example === undefined ? {} : { example }),
  })
  return [
    check(
      'stored bars = the market drawn again',
      'the same stock-days, and in each the same open, high, low, close, reference, volume and amount, exact',
      same,
    ),
    check('price limits', 'limit-down ≤ low and high ≤ limit-up on every day with limits', limits),
  ]
}

/** A stored bar; prices and amount in whole 厘, volume in shares. */
interface StoredBar {
  readonly date: TradeDate
  readonly figures: readonly number[]
}

/** Positions in `StoredBar.figures`. */
const [HIGH, LOW, REFERENCE] = [1, 2, 4]

async function storedBars(engine: Engine, codes: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, readonly StoredBar[]>> {
  const names = ['open', 'high', 'low', 'close', 'pre_close', 'vol', 'amount']
  const frame = await engine.frame(
    `select ts_code, trade_date, round(open * 1000) as open, round(high * 1000) as high, round(low * 1000) as low, round(close * 1000) as close,
      round(pre_close * 1000) as pre_close, round(vol * 100) as vol, round(amount * 1000000) as amount
     from fupan.ods_daily where ts_code in {codes:Array(String)} order by ts_code, trade_date`,
    { params: { codes }, signal },
  )
  const [code, date, columns] = [labels(frame, 'ts_code'), numbers(frame, 'trade_date'), names.map((name) => numbers(frame, name))]
  const found = new Map<string, StoredBar[]>()
  for (let row = 0; row < date.length; row++) {
    const own = labelAt(code, row)!
    const bars = found.get(own) ?? []
    bars.push({ date: date[row] as TradeDate, figures: columns.map((column) => column[row]!) })
    found.set(own, bars)
  }
  return found
}

async function warnedDays(engine: Engine, codes: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>> {
  const frame = await engine.frame('select ts_code, trade_date from fupan.ods_stock_st where ts_code in {codes:Array(String)}', { params: { codes }, signal })
  const [code, date] = [labels(frame, 'ts_code'), numbers(frame, 'trade_date')]
  return new Set(Array.from(date, (day, row) => `${labelAt(code, row)} ${day}`))
}

function compareBars(world: World, own: DailyBars, stored: readonly StoredBar[], count: Count): void {
  const byDate = new Map(stored.map(({ date, figures }) => [date, figures]))
  for (const [day, date] of world.dates.entries()) {
    const figures = byDate.get(date)
    const isTraded = own.volume[day]! > 0
    if (figures === undefined && !isTraded) continue
    const drawn = [own.open, own.high, own.low, own.close, own.preClose, own.volume, own.amount].map((column) => column[day]!)
    judge(count, figures !== undefined && isTraded && drawn.every((value, i) => value === figures[i]), own, date)
  }
}

function checkLimits(world: World, own: DailyBars, stored: readonly StoredBar[], warned: ReadonlySet<string>, count: Count): void {
  const { code, board, exchange, listDate, listDay } = own.stock
  for (const { date, figures } of stored) {
    const day = world.dayOf.get(date)
    if (day === undefined) continue
    const limits =
      own.status[day] === STATUS.delisting
        ? { up: own.limitUp[day]! || undefined, down: own.limitDown[day]! || undefined }
        : limitsOf({ prevClose: figures[REFERENCE]!, exchange, board, date, isSt: warned.has(`${code} ${date}`), listDays: day - listDay + 1, listDate })
    if (limits.up === undefined) continue
    judge(count, figures[LOW]! >= limits.down! && figures[HIGH]! <= limits.up, own, date)
  }
}

function judge(count: Count, holds: boolean, { stock }: DailyBars, date: TradeDate): void {
  count.rows++
  if (holds) return
  count.violations++
  count.example ??= `${stock.code} ${date}`
}
