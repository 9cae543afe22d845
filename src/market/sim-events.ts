import type { TradeDate } from '#core/trade-date.ts'
import { ln } from '#numeric/fmath.ts'
import { emptyBars, type DailyBars } from './daily-bars.ts'
import { SECTORS } from './invented-name.ts'
import { slotEnd } from './intraday-profile.ts'
import { policyNews, THEME_DAYS } from './market-factors.ts'
import { tickDay } from './tick-path.ts'
import { isHalted, tradingHalts } from './trading-halts.ts'
import { StockWalk, type StockEvent, type StockEventKind } from './stock-walk.ts'
import type { Stock } from './stock.ts'
import type { World } from './world.ts'

/** What can happen in a simulated market: to one stock, to a sector, or to all. */
export type SimEventKind = StockEventKind | 'fat_finger' | 'halt' | 'policy' | 'flash_crash' | 'market_crash' | 'theme' | 'cycle' | 'market_drop'

/** 事件: something that happened in the simulated market and why: a row of `sim_event` (spec simulator §8). For tests and reports; no page of the source contains it. */
export interface SimEvent {
  readonly date: TradeDate
  readonly kind: SimEventKind
  /** A code, the name of a sector, or `MKT`. */
  readonly entity: string
  readonly cause: string
  /** Milliseconds after midnight at which it begins; NaN before the open. */
  readonly startsAt: number
  /** Log return as planned, of the entity; of a print far from the price and of a halt as it came about; 0 where it has none. */
  readonly size: number
  /** Trading days it lasts (a chain: has lasted); 0 for one that is over at once. */
  readonly days: number
  /** Minutes of trading that a halt takes. */
  readonly minutes?: number
  readonly isPublic: boolean
  /** 舆情方向 known: the sign of the news stands in its headline. */
  readonly isSentimentKnown: boolean
}

/** Half of company news has a headline; the sign is known of 70 % of it (spec simulator §8). */
const HEADLINE = 0.5
const SENTIMENT = 0.7

const CYCLES = ['bull', 'bear', 'range'] as const

/** What happens to all stocks, or to a sector. */
export function marketEvents(world: World): readonly SimEvent[] {
  const { crash, flash, themes, cycle, drops } = world.factors
  const policy = world.stream('event', 'MKT')
  return world.dates.flatMap((date, day) => {
    const common = { date, isPublic: false, isSentimentKnown: false }
    const news = policyNews(policy, date, world.eventRate)
    const drop = drops.get(day)
    const events: SimEvent[] = []
    if (news !== 0) events.push({ ...common, kind: 'policy', entity: 'MKT', cause: 'policy or macro news', startsAt: NaN, size: news, days: 0, isPublic: true })
    if (flash.depth[day]! > 0) {
      const startsAt = slotEnd(20 * flash.from[day]!) - 3000
      events.push({ ...common, kind: 'flash_crash', entity: 'MKT', cause: 'flash crash, 60 % taken back', startsAt, size: -flash.depth[day]!, days: 0 })
    }
    if (crash[day] === 1 && (day === 0 || crash[day - 1] === 0)) {
      const ends = crash.indexOf(0, day)
      events.push({ ...common, kind: 'market_crash', entity: 'MKT', cause: 'stress', startsAt: NaN, size: 0, days: (ends < 0 ? crash.length : ends) - day })
    }
    if (drop !== undefined)
      events.push({ ...common, kind: 'market_drop', entity: 'MKT', cause: 'script', startsAt: slotEnd(20 * drop.from) - 3000, size: -drop.depth, days: 0 })
    if (day === 0 || cycle[day] !== cycle[day - 1])
      events.push({ ...common, kind: 'cycle', entity: 'MKT', cause: CYCLES[cycle[day]!]!, startsAt: NaN, size: 0, days: 0 })
    for (const [sector, running] of themes.entries())
      if (running[day] === 1 && (day === 0 || running[day - 1] === 0)) {
        const ends = running.indexOf(0, day)
        const days = (ends < 0 ? day + THEME_DAYS : ends) - day
        events.push({ ...common, kind: 'theme', entity: SECTORS[sector]!.name, cause: 'sector theme', startsAt: NaN, size: 0, days })
      }
    return events
  })
}

/** What happens to one stock, in the order of its days; what happens while it trades comes after what is known before. */
export function stockEvents(world: World, stock: Stock): readonly SimEvent[] {
  const events: SimEvent[] = []
  const headlines = world.stream('truth', `${stock.code}/headline`)
  const bars = emptyBars(stock, world.dates.length)
  const walk = new StockWalk(world, stock, bars, (event) => {
    const date = world.dates[event.day]!
    const isNews = event.kind === 'news'
    const [headline, sentiment] = [headlines.at(date).next(), headlines.next()]
    const isPublic = isNews ? headline < HEADLINE : !isBurst(event)
    const { kind, size, days } = event
    const isSentimentKnown = isPublic && isNews && sentiment < SENTIMENT
    events.push({ date, kind, entity: stock.code, cause: causeOf(world, stock.sector, event), startsAt: NaN, size, days, isPublic, isSentimentKnown })
  })
  for (let day = walk.firstDay; day < world.dates.length; day++) {
    const before = events.length
    walk.step(day)
    // The minute at which a burst begins is known when the day has been drawn.
    for (let k = before; k < events.length; k++) {
      const event = events[k]!
      if (isBurst(event)) events[k] = { ...event, startsAt: slotEnd(20 * bars.path.burstFrom[day]!) - 3000 }
    }
    events.push(...tapeEvents(world, bars, day))
  }
  return events
}

/** What is to be seen on the tape alone: a print far from the price, of which nobody tells, and halts, which the exchange announces. */
function tapeEvents(world: World, bars: DailyBars, day: number): readonly SimEvent[] {
  const common = { date: world.dates[day]!, entity: bars.stock.code, days: 0, isSentimentKnown: false }
  const slip = bars.fatFingers.get(day)
  const halts = isHalted(bars, day) ? tradingHalts(bars, day, tickDay(world, bars, day)!) : []
  return [
    ...(slip === undefined
      ? []
      : [{ ...common, kind: 'fat_finger' as const, cause: 'mistyped price', startsAt: slip.at, size: ln(slip.price / slip.level), isPublic: false }]),
    ...halts.map(({ from, minutes, reached, deviation }) => ({
      ...common,
      kind: 'halt' as const,
      cause: `${10 * Math.abs(reached)} % ${reached > 0 ? 'above' : 'below'} the open`,
      startsAt: from,
      size: deviation,
      minutes,
      isPublic: true,
    })),
  ]
}

function isBurst({ kind }: Pick<SimEvent, 'kind'>): boolean {
  return kind === 'limit_up_chain' || kind === 'reversal'
}

function causeOf(world: World, sector: number, { kind, day, surprise, days }: StockEvent): string {
  switch (kind) {
    case 'news':
      return 'company news'
    case 'earnings':
      return `statement, surprise of ${surprise.toFixed(2)} standard deviations`
    case 'unlock':
      return 'block unlock'
    case 'buy_back':
      return 'buy-back'
    case 'limit_up_chain':
      return `day ${days} of a chain${world.factors.themes[sector]![day] === 1 ? ', sector theme' : ''}`
    case 'reversal':
      return 'after a chain'
    case 'risk_warning':
      return 'hazard of a risk warning, eight times after two loss years'
    case 'delisting_period':
      return 'risk warning and twenty closes below 1.00 CNY or a third loss year'
    default:
      return kind.replaceAll('_', ' ')
  }
}
