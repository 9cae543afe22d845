import { labelAt, labels, numbers, type Frame } from '#core/frame.ts'
import { INTERVALS, minutesOf, segmentMinutes, SESSION_SHAPES } from '#core/kline-interval.ts'
import { timeOfDay } from '#core/shanghai-time.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import { foldBars, type Bars } from '#numeric/fold-bars.ts'
import type { TradedMinutes } from '#numeric/minute-bars.ts'
import { minuteBuckets, type MinuteBuckets } from '#numeric/minute-buckets.ts'
import type { Engine } from './engine/engine.ts'
import type { ComputeRequest } from './table.ts'

const LENGTHS = INTERVALS.map(minutesOf).filter((minutes) => minutes !== undefined)

const BUCKETS = new Map(LENGTHS.map((minutes) => [minutes, minuteBuckets(segmentMinutes(SESSION_SHAPES.cn), minutes)]))

/** Bars of one stock-day at one length, prices and amounts in CNY, `slot` the last minute of each. */
export interface StockDayBars {
  readonly code: string
  readonly minutes: number
  readonly bars: TradedMinutes
  readonly source: string
}

/** Rows read at a time: 50 MB. */
const ROWS = 600_000

/**
 * The bars of minute files day after day, of each stock the finest length it has, stocks in code order; days without any are left out. Neighbouring days are read together as far as
 * memory goes: the engine looks through a whole month for one of its days.
 */
export async function* fileBars(
  engine: Engine,
  dates: readonly TradeDate[],
  { codes, signal }: Pick<ComputeRequest, 'codes' | 'signal'>,
): AsyncIterable<{ readonly date: TradeDate; readonly stocks: readonly StockDayBars[] }> {
  const where = `trade_date in {dates:Array(UInt32)} and minutes in (${LENGTHS.join(', ')})${codes === undefined ? '' : ' and ts_code in {codes:Array(String)}'}`
  const options = (days: readonly TradeDate[]) => ({
    params: { dates: days, ...(codes === undefined ? {} : { codes }) },
    ...(signal === undefined ? {} : { signal }),
  })
  const found = await engine.frame(
    `select trade_date, toUInt32(count()) as rows from fupan.ods_minute_bar where ${where} group by trade_date order by trade_date`,
    options(dates),
  )
  for (const days of together(numbers(found, 'trade_date'), numbers(found, 'rows'))) {
    const frame = await engine.frame(
      `select trade_date, ts_code, minutes, at, open, high, low, close, volume, amount, source from fupan.ods_minute_bar
       where ${where} order by trade_date, ts_code, minutes, at`,
      options(days),
    )
    const date = numbers(frame, 'trade_date')
    for (let start = 0; start < frame.length;) {
      let end = start + 1
      while (end < frame.length && date[end] === date[start]) end++
      yield { date: date[start] as TradeDate, stocks: finestBars(frame, start, end) }
      start = end
    }
  }
}

/** Days in groups of at most so many rows, or alone. */
function* together(date: ArrayLike<number>, rows: ArrayLike<number>): Iterable<readonly TradeDate[]> {
  let [group, size]: [TradeDate[], number] = [[], 0]
  for (let i = 0; i < date.length; i++) {
    if (group.length > 0 && size + rows[i]! > ROWS) {
      yield group
      ;[group, size] = [[], 0]
    }
    group.push(date[i] as TradeDate)
    size += rows[i]!
  }
  if (group.length > 0) yield group
}

/** The bars of one day, rows `from` up to `to` of the frame. */
function finestBars(frame: Frame, from: number, to: number): readonly StockDayBars[] {
  const [code, source] = [labels(frame, 'ts_code'), labels(frame, 'source')]
  const minutes = numbers(frame, 'minutes')
  const stocks: StockDayBars[] = []
  for (let start = from; start < to;) {
    let end = start + 1
    while (end < to && code.index[end] === code.index[start] && minutes[end] === minutes[start]) end++
    const name = labelAt(code, start)!
    if (stocks.at(-1)?.code !== name) {
      const bars = slotted(frame, start, end, minutes[start]!)
      if (bars.slot.length > 0) stocks.push({ code: name, minutes: minutes[start]!, bars, source: labelAt(source, start) ?? 'minute_file' })
    }
    start = end
  }
  return stocks
}

/** Rows that fall into one slot, such as 13:00 beside 13:01, are one bar; labels of the breaks and after the close are in none. */
function slotted(frame: Frame, start: number, end: number, minutes: number): TradedMinutes {
  const buckets = BUCKETS.get(minutes)!
  const at = numbers(frame, 'at')
  const rows: number[] = []
  const slots: number[] = []
  for (let row = start; row < end; row++) {
    const slot = fileSlot(timeOfDay(at[row]! as EpochMs))
    if (slot === undefined) continue
    rows.push(row)
    slots.push(minutes === 1 ? slot : ownSlot(buckets, slot))
  }
  const starts = [...slots.keys()].filter((i) => i === 0 || slots[i] !== slots[i - 1])
  return { slot: Int32Array.from(starts, (i) => slots[i]!), ...foldBars(barsAt(frame, rows), [...starts, rows.length]) }
}

function ownSlot({ ofSlot, lastSlot }: MinuteBuckets, slot: number): number {
  return lastSlot[ofSlot[slot]!]!
}

const MINUTE = 60_000
const [morning, afternoon] = SESSION_SHAPES.cn.segments as [{ start: number; end: number }, { start: number; end: number }]

/** The slot of an end label, milliseconds after midnight; a label at 13:00 is the first minute of the afternoon, as a trade at 13:00:00 is. */
export function fileSlot(label: number): number | undefined {
  if (label <= morning.start) return 0
  if (label <= morning.end) return Math.ceil((label - morning.start) / MINUTE)
  if (label < afternoon.start || label > afternoon.end) return undefined
  return 120 + Math.max(1, Math.ceil((label - afternoon.start) / MINUTE))
}

/** An open the vendor does not know is the close before it, kept within the bar's own range. */
function barsAt(frame: Frame, rows: readonly number[]): Bars {
  const pick = (name: string) => {
    const column = numbers(frame, name)
    const picked = new Float64Array(rows.length)
    for (let i = 0; i < picked.length; i++) picked[i] = column[rows[i]!]!
    return picked
  }
  const [open, high, low, close] = [pick('open'), pick('high'), pick('low'), pick('close')]
  for (let i = 0; i < open.length; i++) if (Number.isNaN(open[i]!)) open[i] = Math.min(Math.max(close[i - 1] ?? close[i]!, low[i]!), high[i]!)
  return { open, high, low, close, volume: pick('volume'), amount: pick('amount'), trades: new Float64Array(rows.length).fill(NaN) }
}
