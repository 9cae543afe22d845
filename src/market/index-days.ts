import type { Board } from '#core/code.ts'
import { weekday } from '#core/trade-date.ts'
import type { DailyBars } from './daily-bars.ts'
import type { World } from './world.ts'

/** 指数: one index of the simulated market, computed from its members day by day, never drawn. Levels in points. */
export interface IndexDays {
  readonly code: string
  readonly preClose: Float64Array
  readonly open: Float64Array
  readonly close: Float64Array
  /** Of the members: shares, and whole 厘. */
  readonly volume: Float64Array
  readonly amount: Float64Array
  /** Every selection: the day it takes effect and the members as positions in the bars, the largest first. */
  readonly selections: readonly { readonly day: number; readonly members: readonly number[] }[]
}

interface IndexRule {
  readonly code: string
  readonly board?: Board
  /** Position in `SECTORS`. */
  readonly sector?: number
  /** Which part of the ranking by free-float value it takes, as fractions. */
  readonly from: number
  readonly to: number
}

/** Six indices by the vendor's codes (spec simulator §9.3): 大盘, 中盘, 小盘, 全A, 创业板, 科创50. The first three share out the world in thirds of its ranking. */
const INDICES: readonly IndexRule[] = [
  { code: '000300.SH', from: 0, to: 0.3 },
  { code: '000905.SH', from: 0.3, to: 0.6 },
  { code: '000852.SH', from: 0.6, to: 1 },
  { code: '000985.CSI', from: 0, to: 1 },
  { code: '399006.SZ', board: 'chinext', from: 0, to: 1 },
  { code: '000688.SH', board: 'star', from: 0, to: 1 },
]

/** 行业指数: one for each sector of `SECTORS`, in their order, by the numbers of the first-level industry indices of these names. */
const SECTOR_CODES =
  '801890 801080 801150 801030 801730 801750 801880 801720 801160 801050 801170 801120 801770 801760 801740 801140 801200 801010 801180 801790 801040 801110 801970 801780'
    .split(' ')
    .map((number, sector): IndexRule => ({ code: `${number}.SI`, sector, from: 0, to: 1 }))

const BASE_POINTS = 1000

/**
 * The indices of the world: free-float-value weighted and chained, I(t) = I(t−1) Σ w(t−1) (1 + r(t)), suspended members at r = 0. Members are
 * selected on the first day and on the second Friday of June and December, effective the next trading day (spec simulator §3.3, §9.3).
 */
export function indexDays(world: World, bars: readonly DailyBars[]): readonly IndexDays[] {
  const values = freeValues(world, bars)
  return INDICES.map((rule) => chained(world, bars, values, rule))
}

/** The indices of the sectors, made like the others. In a small world a sector may have no member for some time: its index stands still until it has. */
export function sectorDays(world: World, bars: readonly DailyBars[]): readonly IndexDays[] {
  const values = freeValues(world, bars)
  return SECTOR_CODES.map((rule) => chained(world, bars, values, rule))
}

/** The members of an index on a day, as positions in the bars. */
export function membersOn({ selections }: IndexDays, day: number): readonly number[] {
  return selections.findLast((selection) => selection.day <= day)?.members ?? []
}

/** Free-float value of each stock before each day in 厘, after the day's corporate action: what the day's weight is made of; 0 when not listed. */
function freeValues(world: World, bars: readonly DailyBars[]): readonly Float64Array[] {
  return bars.map((own) => {
    let last = 0
    return Float64Array.from({ length: world.dates.length }, (_, day) => {
      if (Number.isNaN(own.adjFactor[day]!)) return 0
      const reference = own.volume[day]! > 0 ? own.preClose[day]! : last
      if (own.volume[day]! > 0) last = own.close[day]!
      // A stock enters after its first close: there is no weight in an issue price.
      return own.stock.listDay === day ? 0 : reference * own.totalShares[day]! * own.stock.floatRatio * own.stock.freeRatio
    })
  })
}

function chained(world: World, bars: readonly DailyBars[], values: readonly Float64Array[], rule: IndexRule): IndexDays {
  const days = world.dates.length
  const column = () => new Float64Array(days)
  const index = { code: rule.code, preClose: column(), open: column(), close: column(), volume: column(), amount: column() }
  const selections: { day: number; members: readonly number[] }[] = []
  let level = BASE_POINTS
  for (let day = 0; day < days; day++) {
    if (day === 0 || isSelectedAfter(world, day - 1)) selections.push({ day, members: selected(bars, values, rule, day) })
    let [weight, opened, closed] = [0, 0, 0]
    for (const k of selections.at(-1)!.members) {
      const own = bars[k]!
      const value = values[k]![day]!
      const isTraded = own.volume[day]! > 0
      weight += value
      opened += isTraded ? (value * own.open[day]!) / own.preClose[day]! : value
      closed += isTraded ? (value * own.close[day]!) / own.preClose[day]! : value
      index.volume[day]! += own.volume[day]!
      index.amount[day]! += own.amount[day]!
    }
    index.preClose[day] = level
    index.open[day] = weight > 0 ? (level * opened) / weight : level
    level = weight > 0 ? (level * closed) / weight : level
    index.close[day] = level
  }
  return { ...index, selections }
}

/** Whether a new selection follows this day: the last trading day up to the second Friday of June or December. */
function isSelectedAfter({ dates }: World, day: number): boolean {
  const [date, next] = [dates[day]!, dates[day + 1]!]
  const month = Math.floor(date / 100)
  if (month % 100 !== 6 && month % 100 !== 12) return false
  const first = weekday((month * 100 + 1) as typeof date)
  const friday = month * 100 + ((12 - first) % 7) + 8
  return date <= friday && next > friday
}

function selected(bars: readonly DailyBars[], values: readonly Float64Array[], { board, sector, from, to }: IndexRule, day: number): readonly number[] {
  const ranked = bars
    .map((own, k) => ({ k, code: own.stock.code, value: values[k]![day]!, board: own.stock.board, sector: own.stock.sector }))
    .filter((own) => own.value > 0 && (board === undefined || own.board === board) && (sector === undefined || own.sector === sector))
    .toSorted((a, b) => b.value - a.value || (a.code < b.code ? -1 : 1))
  return ranked.slice(Math.round(from * ranked.length), Math.round(to * ranked.length)).map(({ k }) => k)
}
