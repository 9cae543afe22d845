import { aShareCalendar } from '#core/a-share-calendar.ts'
import type { Code } from '#core/code.ts'
import { labelAt, labels, numbers } from '#core/frame.ts'
import { toMilli } from '#core/milli.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { levelTick } from '#micro/price-levels.ts'
import { rebaseLevels, type LevelMember, type PriceLevel } from '#micro/price-level.ts'
import type { Engine, QueryOptions } from './engine/engine.ts'

/** Market days back in which the last calculation before a day is looked for: a week with its holidays. */
export const LEVEL_AGE = 10

/** The levels of one stock on one calculation day, with the factor their prices go with. */
interface Calculation {
  readonly date: TradeDate
  readonly adjFactor: number
  readonly levels: readonly PriceLevel[]
}

/** 价位簿: the levels known before some days, by stock. */
export class LevelBook {
  readonly #calculations: ReadonlyMap<string, readonly Calculation[]>

  private constructor(calculations: ReadonlyMap<string, readonly Calculation[]>) {
    this.#calculations = calculations
  }

  /**
   * The levels that `lastBefore` can answer for days from `from` to `to`, own and imported ones, or only those of one source. Their member swings are read only
   * when asked for: nothing but the next calculation needs them.
   */
  static async read(
    engine: Engine,
    {
      from,
      to,
      codes,
      source,
      withMembers = false,
    }: {
      readonly from: TradeDate
      readonly to: TradeDate
      readonly codes?: readonly string[] | undefined
      readonly source?: string
      readonly withMembers?: boolean
    },
    options: Pick<QueryOptions, 'signal'>,
  ): Promise<LevelBook> {
    const since = aShareCalendar.back(from, LEVEL_AGE)
    const frame = await engine.frame(
      `select l.trade_date as trade_date, l.ts_code as ts_code, level_id, level_price, level_type, ifNull(flip_dir, '') as flip_dir, ifNull(break_date, 0) as break_date,
              strength, n_swings, touched, held, broken, first_date, ifNull(last_touch, 0) as last_touch, tol, ${withMembers ? 'members_json' : "'[]'"} as members_json, f.adj_factor as adj_factor
       from fupan.abu_price_levels as l
       left join (select trade_date, ts_code, adj_factor from fupan.dwd_adj_factor where trade_date between {since:UInt32} and {to:UInt32}) as f
         on f.trade_date = l.trade_date and f.ts_code = l.ts_code
       where l.trade_date between {since:UInt32} and {to:UInt32}${codes === undefined ? '' : ' and l.ts_code in {codes:Array(String)}'}${source === undefined ? '' : ' and source = {source:String}'}
       order by ts_code, trade_date, level_price, level_id`,
      { ...options, params: { since, to, ...(codes === undefined ? {} : { codes }), ...(source === undefined ? {} : { source }) } },
    )
    const text = (name: string) => (row: number) => labelAt(labels(frame, name), row)!
    const [code, id, type, flip, members] = ['ts_code', 'level_id', 'level_type', 'flip_dir', 'members_json'].map(text) as [Text, Text, Text, Text, Text]
    const value = (name: string) => numbers(frame, name)
    const [date, price, factor, brokeOn] = [value('trade_date'), value('level_price'), value('adj_factor'), value('break_date')]
    const calculations = new Map<string, { date: TradeDate; adjFactor: number; levels: PriceLevel[] }[]>()
    for (let row = 0; row < frame.length; row++) {
      const own = calculations.getOrInsertComputed(code(row), () => [])
      if (own.at(-1)?.date !== date[row]) own.push({ date: date[row]! as TradeDate, adjFactor: factor[row]!, levels: [] })
      own.at(-1)!.levels.push({
        id: id(row),
        price: toMilli(price[row]!),
        type: type(row) as PriceLevel['type'],
        ...(flip(row) === '' ? {} : { flipDir: flip(row) as 'R2S' | 'S2R' }),
        ...(brokeOn[row] === 0 ? {} : { breakDate: brokeOn[row]! as TradeDate }),
        strength: value('strength')[row]!,
        swings: value('n_swings')[row]!,
        touched: value('touched')[row]!,
        held: value('held')[row]!,
        broken: value('broken')[row]!,
        firstDate: value('first_date')[row]! as TradeDate,
        lastTouch: value('last_touch')[row]! as TradeDate,
        tol: value('tol')[row]!,
        members: (JSON.parse(members(row)) as readonly LevelMember[]).map(({ date: swing, side, price: at }) => ({ date: swing, side, price: at })),
      })
    }
    return new LevelBook(calculations)
  }

  /** The stocks with levels. */
  codes(): Iterable<string> {
    return this.#calculations.keys()
  }

  /**
   * The levels of the last calculation before a day, in the price scale of `adjFactor` (that of the day; NaN = unknown, taken as unchanged), and the day they
   * were calculated on. Absent when there was none within ten market days.
   */
  lastBefore(code: Code, date: TradeDate, adjFactor: number): Known | undefined {
    return this.#last(code, adjFactor, (calculated) => calculated < date, date)
  }

  /** The same, a calculation of the day itself included. */
  lastUpTo(code: Code, date: TradeDate, adjFactor: number): Known | undefined {
    return this.#last(code, adjFactor, (calculated) => calculated <= date, date)
  }

  #last(code: Code, adjFactor: number, fits: (date: TradeDate) => boolean, date: TradeDate): Known | undefined {
    const found = this.#calculations.get(code)?.findLast((calculation) => fits(calculation.date))
    if (found === undefined || aShareCalendar.between(found.date, date) > LEVEL_AGE) return undefined
    const isKnown = adjFactor > 0 && found.adjFactor > 0
    return { date: found.date, levels: isKnown ? rebaseLevels(found.levels, found.adjFactor, adjFactor, levelTick(code)) : found.levels }
  }
}

interface Known {
  readonly date: TradeDate
  readonly levels: readonly PriceLevel[]
}

type Text = (row: number) => string
