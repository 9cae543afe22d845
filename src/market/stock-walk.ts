import { limitsOf } from '#core/price-limit.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { exp, ln } from '#numeric/fmath.ts'
import { corporateActions, exRightReference, type CorporateAction } from './corporate-actions.ts'
import type { DailyBars } from './daily-bars.ts'
import { drawDayVolume } from './day-volume.ts'
import { addToBar, drawFatFinger, slips } from './fat-finger.ts'
import { flowPlan, plantedOn, type FlowPlan } from './flow-plan.ts'
import { hotDay, panicDay, type HotDay, type HotState } from './hot-days.ts'
import type { Stream } from './keyed-stream.ts'
import { beginLife, DELISTING_DAYS, liveDay, STATUS, type LifeDay, type LifeState } from './listing-status.ts'
import { LogMemory, STOCK_SCALES, VOLUME_SCALES } from './log-memory.ts'
import { DAYS_PER_YEAR, OVERNIGHT_SCALE } from './market-factors.ts'
import { dropStream, minutePath } from './minute-path.ts'
import { ownShocks } from './own-shock.ts'
import { plantedSignal, signalReturn } from './planted-signal.ts'
import { beginRegime, walkRegimeDay, type RegimeState } from './regime.ts'
import type { DayScript } from './script-plan.ts'
import { drawScriptedDay } from './scripted-day.ts'
import { scriptedPath, type ScriptedPath, type ScriptedStart } from './scripted-path.ts'
import { announcedOn, lastAnnual, statementsOf, trailing, type Statement } from './statements.ts'
import { lingeringDrift, overnightNews, type NewsKind, type NewsListener, type NewsState } from './stock-news.ts'
import type { Stock } from './stock.ts'
import { styleExposures } from './style-premia.ts'
import { tickDay } from './tick-path.ts'
import type { World } from './world.ts'

/** 日检查点: everything the next day of a stock depends on, beside the world. Plain values: it can be copied, stored and put back. */
export interface StockCheckpoint {
  /** Index of the day before which it was taken. */
  readonly day: number
  /** Last close in 厘, and how far the efficient price ended beyond it (log). */
  readonly close: number
  readonly overshoot: number
  readonly adjFactor: number
  readonly totalShares: number
  readonly regime: Readonly<RegimeState>
  readonly volatility: readonly number[]
  readonly volume: readonly number[]
  /** Yesterday's own shock, standardised. */
  readonly shock: number
  readonly hot: Readonly<HotState>
  readonly news: Readonly<NewsState>
  readonly life: Readonly<LifeState>
  /** Log returns of the last twenty trading days, oldest overwritten first. */
  readonly returns: readonly number[]
  readonly traded: number
  readonly announced: number
  readonly actionsDone: number
  readonly plantedDrift: number
}

/** What can happen to a stock (spec simulator §3.3, §8). */
export type StockEventKind =
  | NewsKind
  | 'ipo'
  | 'suspension'
  | 'resumption'
  | 'risk_warning'
  | 'risk_warning_removed'
  | 'delisting_period'
  | 'delisted'
  | 'limit_up_chain'
  | 'reversal'

/** Something that happens to a stock: its log return as planned (0 where it has none), a statement's surprise, and the trading days it lasts or has lasted. */
export interface StockEvent {
  readonly kind: StockEventKind
  readonly day: number
  readonly size: number
  readonly surprise: number
  readonly days: number
}

export type StockListener = (event: StockEvent) => void

const LINGERS: Readonly<Record<NewsKind, number>> = { news: 0, earnings: 20, unlock: 10, buy_back: 10 }

/** Weight of the part of a move beyond a limit that is carried to the next day (spec simulator §4.3). */
const CARRIED_OVERSHOOT = 0.7

/** Log return lost overnight and regained in the session (Qiao & Dam 2020: the T+1 discount). */
const OVERNIGHT_DISCOUNT = 0.0006

/** Single A-shares: volatility follows rises, slightly (Qiu et al. 2006; corr(r, |r| next day) = +0.03, spec stylised-facts). */
const STOCK_LEVERAGE = 0.5

/** Next day's log drift after a planted day of strength 1: what makes planted flow worth finding. */
const PLANTED_DRIFT = 0.003

const MEMORY_DAYS = 20

/** One stock walking through the days of the world, filling its bars. A walk resumed from a checkpoint goes on with the same bits. */
export class StockWalk {
  /** Index of the first day the stock is listed on. */
  readonly firstDay: number
  readonly #world: World
  readonly #stock: Stock
  readonly #bars: DailyBars
  readonly #tell: StockListener | undefined
  readonly #plan: FlowPlan
  readonly #statements: readonly Statement[]
  readonly #actions: readonly CorporateAction[]
  readonly #signal: Float64Array
  readonly #script: ReadonlyMap<number, DayScript> | undefined
  readonly #signalReturn: number
  readonly #streams: {
    readonly regime: Stream
    readonly vol: Stream
    readonly path: Stream
    readonly volume: Stream
    readonly event: Stream
    readonly slip: Stream
  }
  readonly #volatility = new LogMemory(STOCK_SCALES, STOCK_LEVERAGE)
  readonly #volume = new LogMemory(VOLUME_SCALES, 0)
  readonly #logSigma: number
  #regime: RegimeState
  #life: LifeState
  #hot: HotState = { hot: 0, reversal: 0 }
  #news: NewsState = { earningsDrift: 0, earningsLeft: 0, supplyDrift: 0, supplyLeft: 0 }
  #returns = new Float64Array(MEMORY_DAYS)
  #traded = 0
  #close: number
  #overshoot = 0
  #adjFactor = 1
  #totalShares: number
  #shock = 0
  #announced = -1
  #actionsDone = 0
  #plantedDrift = 0
  // Records reused from day to day.
  readonly #regimeDay = { drift: 0, meanSquare: 0, volume: 0 }
  readonly #lifeDay = { suspended: false, resumption: 0 }
  readonly #hotDay: HotDay = { gap: 0, rest: 0, from: 0, length: 0, volume: 1, volatility: 1 }
  readonly #exposures = new Float64Array(5)

  /** `tell` hears of everything that happens to the stock, as it happens; it changes nothing. */
  constructor(world: World, stock: Stock, bars: DailyBars, tell?: StockListener) {
    const { code } = stock
    this.#world = world
    this.#stock = stock
    this.#bars = bars
    this.#tell = tell
    this.firstDay = Math.max(0, stock.listDay)
    this.#plan = flowPlan(world, stock)
    this.#statements = statementsOf(world, stock)
    this.#actions = corporateActions(world, stock, this.#statements)
    this.#signal = plantedSignal(world, stock)
    this.#script = world.script.days.get(code)
    this.#signalReturn = signalReturn(stock.sigma, world.signalIc)
    this.#streams = {
      regime: world.stream('regime', code),
      vol: world.stream('vol', code),
      path: world.stream('path', code),
      volume: world.stream('volume', code),
      event: world.stream('event', code),
      slip: world.stream('event', `${code} fat finger`),
    }
    this.#logSigma = ln(stock.sigma)
    this.#regime = beginRegime(this.#streams.regime)
    this.#volatility.begin(this.#streams.vol)
    this.#volume.begin(this.#streams.volume)
    this.#life = beginLife(stock.listDay < 0, this.#streams.event)
    this.#close = stock.initialPrice
    this.#totalShares = stock.totalShares
    this.#announced = announcedOn(this.#statements, world.dates[0]!)
  }

  /** Everything the day `day` depends on: take it before that day's step. */
  checkpoint(day: number): StockCheckpoint {
    return {
      day,
      close: this.#close,
      overshoot: this.#overshoot,
      adjFactor: this.#adjFactor,
      totalShares: this.#totalShares,
      regime: { ...this.#regime },
      volatility: [...this.#volatility.levels],
      volume: [...this.#volume.levels],
      shock: this.#shock,
      hot: { ...this.#hot },
      news: { ...this.#news },
      life: { ...this.#life },
      returns: [...this.#returns],
      traded: this.#traded,
      announced: this.#announced,
      actionsDone: this.#actionsDone,
      plantedDrift: this.#plantedDrift,
    }
  }

  /** Go on from a checkpoint of the same stock in a world of the same seed and first date. The next step is that of `checkpoint.day`. */
  resume(checkpoint: StockCheckpoint): void {
    this.#close = checkpoint.close
    this.#overshoot = checkpoint.overshoot
    this.#adjFactor = checkpoint.adjFactor
    this.#totalShares = checkpoint.totalShares
    this.#regime = { ...checkpoint.regime }
    this.#volatility.levels.set(checkpoint.volatility)
    this.#volume.levels.set(checkpoint.volume)
    this.#shock = checkpoint.shock
    this.#hot = { ...checkpoint.hot }
    this.#news = { ...checkpoint.news }
    this.#life = { ...checkpoint.life }
    this.#returns.set(checkpoint.returns)
    this.#traded = checkpoint.traded
    this.#announced = checkpoint.announced
    this.#actionsDone = checkpoint.actionsDone
    this.#plantedDrift = checkpoint.plantedDrift
  }

  /** Fill one day of the bars. Days follow each other from `firstDay` or from a checkpoint's day. */
  step(day: number): void {
    const date = this.#world.dates[day]!
    const before = this.#announced
    this.#announced = announcedOn(this.#statements, date, before)
    // An announcement is dated the day after the evening it is published on, so it moves the open; those before the first day are old news.
    const isNew = day > 0 && this.#announced > before
    const listed = day - this.#stock.listDay
    const isSettled = this.#stock.listDay < 0 || listed >= 20
    const was = this.#life.status
    const life = liveDay(this.#life, isNew ? this.#lossYear(before) : undefined, isSettled, this.#streams.event.at(date), this.#lifeDay)
    const bars = this.#bars
    bars.status[day] = this.#life.status
    const surprise = isNew ? this.#statements[this.#announced]!.surprise : NaN
    const tell = this.#tell
    const hearNews: NewsListener | undefined =
      // What is published while a stock is suspended moves no price, but may linger.
      tell && ((kind, size, about) => (life.suspended && kind === 'news') || tell({ kind, day, size, surprise: about, days: LINGERS[kind] }))
    const news = overnightNews(this.#news, surprise, this.#streams.event, this.#world.eventRate, hearNews)
    if (tell !== undefined) this.#tellLife(day, was, listed, life, tell)
    if (this.#life.status === STATUS.delisted) return
    bars.adjFactor[day] = this.#adjFactor
    bars.totalShares[day] = this.#totalShares
    const logVolatility = this.#volatility.next(this.#streams.vol.at(date), this.#shock) + 0.35 * this.#world.factors.market.logVolatility[day]!
    walkRegimeDay(this.#regime, this.#streams.regime.at(date), this.#regimeDay)
    const calm = this.#volume.next(this.#streams.volume.at(date), 0)
    if (life.suspended) return
    const reference = this.#exRights(day)
    const path = this.#drawPrices(day, date, reference, logVolatility, news, listed)
    drawDayVolume(
      this.#world,
      bars,
      { day, calm, logVolatility, regime: this.#regimeDay.volume, hot: this.#hotDay.volume, shares: this.#totalShares },
      this.#streams.volume,
    )
    if (path === undefined) this.#letSlip(day, date)
    else bars.scripted.set(day, drawScriptedDay(this.#world, bars, day, this.#script!.get(day)!, path))
    this.#remember(day, reference)
  }

  /** What became of the stock this morning. */
  #tellLife(day: number, was: number, listed: number, life: Readonly<LifeDay>, tell: StockListener): void {
    const { status, delistingDay, suspensionLeft, suspensionLength } = this.#life
    if (listed === 0) tell({ kind: 'ipo', day, size: 0, surprise: NaN, days: 0 })
    if (life.suspended && suspensionLeft === suspensionLength) tell({ kind: 'suspension', day, size: 0, surprise: NaN, days: suspensionLength })
    if (life.resumption !== 0) tell({ kind: 'resumption', day, size: life.resumption, surprise: NaN, days: 0 })
    if (status === was) return
    if (status === STATUS.delisting) tell({ kind: 'delisting_period', day, size: 0, surprise: NaN, days: DELISTING_DAYS - delistingDay + 1 })
    else if (status === STATUS.delisted) tell({ kind: 'delisted', day, size: 0, surprise: NaN, days: 0 })
    else tell({ kind: status === STATUS.normal ? 'risk_warning_removed' : 'risk_warning', day, size: 0, surprise: NaN, days: 0 })
  }

  /** Whether a new annual report among the statements after `before` shows a loss; undefined without one. */
  #lossYear(before: number): boolean | undefined {
    const annual = lastAnnual(this.#statements, this.#announced)
    return annual > before ? this.#profitOfYear(annual) < 0 : undefined
  }

  #profitOfYear(annual: number): number {
    return trailing(this.#statements, annual, ({ profit }) => profit)
  }

  /** The reference price after what is due: an ex-date that falls into a suspension is settled on the first day of trading after it. */
  #exRights(day: number): number {
    let reference = this.#close
    const bars = this.#bars
    while (this.#actionsDone < this.#actions.length && this.#actions[this.#actionsDone]!.day <= day) {
      const action = affordable(this.#actions[this.#actionsDone++]!, reference)
      const exRight = exRightReference(reference, action)
      this.#adjFactor *= reference / exRight
      this.#totalShares = Math.round(this.#totalShares * (1 + (action.bonusPerTen + action.rightsPerTen) / 10))
      reference = exRight
      bars.cash[day]! += action.cash
      bars.bonus[day]! += action.bonusPerTen / 10
      bars.rights[day]! += action.rightsPerTen / 10
    }
    bars.adjFactor[day] = this.#adjFactor
    bars.totalShares[day] = this.#totalShares
    return reference
  }

  /** Prices of the day; the path of a scripted day, whose records are drawn when its usual volume is known. */
  #drawPrices(day: number, date: TradeDate, reference: number, logVolatility: number, news: number, listed: number): ScriptedPath | undefined {
    const [world, stock, bars, path] = [this.#world, this.#stock, this.#bars, this.#streams.path]
    const { market, sectors, flash, themes, crash } = world.factors
    const sector = sectors[stock.sector]!
    const life = this.#life
    const isDelisting = life.status === STATUS.delisting
    const { board, exchange, listDate } = stock
    const limits = limitsOf({
      prevClose: reference,
      exchange,
      board,
      date,
      isSt: life.status === STATUS.st || life.status === STATUS.starSt,
      listDays: listed + 1,
      listDate,
      ...(isDelisting ? { delistingDay: life.delistingDay } : {}),
    })
    const low = limits.down ?? 10
    const high = limits.up ?? 100_000_000
    const width = limits.up === undefined ? 1 : ln(limits.up / reference)
    const own = (exp(logVolatility) * stock.sigma) / Math.sqrt(DAYS_PER_YEAR)
    const [t, z] = ownShocks(path, date)
    const [u1, u2, first] = [path.next(), path.next(), path.normal()]
    const hot = hotDay(this.#hot, themes[stock.sector]![day] === 1, path, this.#hotDay, world.eventRate)
    if (crash[day] === 1) panicDay(this.#hot, path, hot)
    else if (this.#hot.panic === true) this.#hot.panic = false
    const isNewListing = stock.listDay >= 0 && listed < 5
    const script = this.#script?.get(day)
    if (isNewListing || isDelisting) hot.gap = hot.rest = 0
    const drop = world.factors.drops.get(day)
    // A burst that would run against a planned drop of the market does not come.
    if (drop !== undefined && hot.from < drop.from + drop.length && hot.from + hot.length > drop.from) hot.rest = 0
    if (script !== undefined) this.#endChain()
    else if (hot.gap + hot.rest !== 0)
      this.#tell?.({ kind: this.#hot.hot > 0 ? 'limit_up_chain' : 'reversal', day, size: width * (hot.gap + hot.rest), surprise: NaN, days: this.#hot.hot })
    this.#shock = z
    const sd = own * Math.sqrt(this.#regimeDay.meanSquare) * hot.volatility * (isNewListing ? 2 : 1)
    const overnight =
      stock.listDay >= 0 && listed === 0
        ? 0.47 + 0.45 * first
        : isDelisting && life.delistingDay === 1
          ? -0.35 + 0.15 * first
          : -OVERNIGHT_DISCOUNT +
            stock.beta * market.overnight[day]! +
            stock.gamma * sector.overnight[day]! +
            own * OVERNIGHT_SCALE * t +
            news +
            this.#lifeDay.resumption
    const common = stock.beta * market.session[day]! + stock.gamma * sector.session[day]!
    const session =
      OVERNIGHT_DISCOUNT +
      common +
      this.#styleReturn(day, reference) +
      sd * z +
      this.#regimeDay.drift / DAYS_PER_YEAR +
      lingeringDrift(this.#news) +
      (day > 0 ? this.#signalReturn * this.#signal[day - 1]! : 0)
    if (script !== undefined) {
      const openAt = CARRIED_OVERSHOOT * this.#overshoot + this.#plantedDrift + overnight
      const start = { reference, limitUp: limits.up ?? 0, limitDown: limits.down ?? 0, width, openAt, ownSd: sd, session }
      return this.#followScript(day, script, start)
    }
    // The efficient price goes beyond a limit by at most half the limit's width.
    const bound = (x: number) => Math.max(-1.5 * width, Math.min(1.5 * width, x))
    const openAt = bound(CARRIED_OVERSHOOT * this.#overshoot + this.#plantedDrift + overnight + width * hot.gap)
    const closeAt = bound(openAt + session + width * hot.rest)
    const whole = Math.sqrt((stock.beta * market.sd[day]!) ** 2 + (stock.gamma * sector.sd[day]!) ** 2 + sd * sd)
    // Extremes of a Brownian bridge given its ends (spec simulator §4.1).
    const move = closeAt - openAt
    const spread = -2 * whole * whole
    const highAt = openAt + (move + Math.sqrt(move * move + spread * ln(u1))) / 2
    const fall = stock.beta * flash.depth[day]!
    const trough = fall > 0 ? (openAt + closeAt + 0.4 * fall) / 2 - fall : Infinity
    const lowAt = Math.min(trough, openAt + (move - Math.sqrt(move * move + spread * ln(u2))) / 2)
    const toPrice = (x: number) => Math.max(low, Math.min(high, 10 * Math.floor((reference * exp(x)) / 10 + 0.5)))
    bars.preClose[day] = reference
    bars.limitUp[day] = limits.up ?? 0
    bars.limitDown[day] = limits.down ?? 0
    const [open, close] = [toPrice(openAt), toPrice(closeAt)]
    bars.open[day] = open
    bars.close[day] = close
    bars.high[day] = Math.max(open, close, toPrice(highAt))
    bars.low[day] = Math.min(open, close, toPrice(lowAt))
    const paths = bars.path
    paths.openAt[day] = openAt
    paths.closeAt[day] = closeAt
    paths.highAt[day] = highAt
    paths.lowAt[day] = lowAt
    paths.ownSd[day] = sd
    paths.burst[day] = width * hot.rest
    paths.burstFrom[day] = hot.from
    paths.burstLength[day] = hot.length
    this.#overshoot = closeAt - ln(close / reference)
    if (drop !== undefined) this.#letFall(day, toPrice)
    return undefined
  }

  /** Now and then somebody mistypes a price; not where that would set off a halt, nor on the day of a planned drop. */
  #letSlip(day: number, date: TradeDate): void {
    const [world, bars, stream] = [this.#world, this.#bars, this.#streams.slip.at(date)]
    if (!slips(stream, world.eventRate) || bars.limitUp[day] === 0 || world.factors.drops.has(day)) return
    const slip = drawFatFinger(bars, day, tickDay(world, bars, day)!, stream)
    if (slip !== undefined) addToBar(bars, day, slip)
  }

  /** A planned drop of the market is not bent to a range of its own: the day's high and low are those of its minutes. */
  #letFall(day: number, toPrice: (x: number) => number): void {
    const [bars, { path }] = [this.#bars, this.#bars]
    const minutes = minutePath(this.#world, bars, day, dropStream(this.#world, this.#stock.code, day))
    path.highAt[day] = minutes.reduce((most, x) => Math.max(most, x), path.openAt[day]!)
    path.lowAt[day] = minutes.reduce((least, x) => Math.min(least, x), path.openAt[day]!)
    bars.high[day] = Math.max(bars.open[day]!, bars.close[day]!, toPrice(path.highAt[day]))
    bars.low[day] = Math.min(bars.open[day]!, bars.close[day]!, toPrice(path.lowAt[day]))
  }

  /** A script ends a chain of limit-ups and what would follow it: nothing random overlaps with what is planted. */
  #endChain(): void {
    this.#hot.hot = this.#hot.reversal = 0
    Object.assign(this.#hotDay, { gap: 0, rest: 0, volume: 1, volatility: 1 })
  }

  #followScript(day: number, script: DayScript, start: ScriptedStart): ScriptedPath {
    const [bars, { reference, limitUp, limitDown, width }] = [this.#bars, start]
    const drawn = scriptedPath(this.#world, this.#stock, day, script, start)
    const toPrice = (x: number) => Math.max(limitDown || 10, Math.min(limitUp || 100_000_000, 10 * Math.floor((reference * exp(x)) / 10 + 0.5)))
    bars.preClose[day] = reference
    bars.limitUp[day] = limitUp
    bars.limitDown[day] = limitDown
    const [highAt, lowAt] = [
      drawn.prices.reduce((most, x) => Math.max(most, x), drawn.openAt),
      drawn.prices.reduce((least, x) => Math.min(least, x), drawn.openAt),
    ]
    bars.open[day] = toPrice(drawn.openAt)
    bars.close[day] = toPrice(drawn.closeAt)
    bars.high[day] = toPrice(highAt)
    bars.low[day] = toPrice(lowAt)
    const seals = script.scenarios.find(({ sealed }) => sealed !== undefined)
    const { path } = bars
    path.openAt[day] = drawn.openAt
    path.closeAt[day] = drawn.closeAt
    path.highAt[day] = highAt
    path.lowAt[day] = lowAt
    path.ownSd[day] = start.ownSd
    path.burst[day] = seals === undefined ? 0 : width
    path.burstFrom[day] = seals === undefined ? 0 : Math.floor(seals.from / 20)
    path.burstLength[day] = seals === undefined ? 0 : Math.max(1, Math.floor((seals.sealed! - seals.from) / 20))
    this.#overshoot = drawn.closeAt - ln(bars.close[day] / reference)
    return drawn
  }

  /** What the planted premia of spec simulator §7.2 pay the stock in one session. */
  #styleReturn(day: number, reference: number): number {
    const statement = this.#announced >= 0 ? this.#statements[this.#announced]! : undefined
    const equity = statement === undefined ? 0 : statement.equity
    const logMarketValue = ln((reference / 1000) * this.#totalShares)
    let pastReturn = 0
    for (let i = 0; i < MEMORY_DAYS; i++) pastReturn += this.#returns[i]!
    styleExposures(
      {
        logMarketValue,
        logBookValue: equity > 0 ? ln(equity) : logMarketValue - 4,
        returnOnEquity: equity > 0 ? trailing(this.#statements, this.#announced, ({ profit }) => profit) / equity : 0,
        logSigma: this.#logSigma,
        pastReturn,
      },
      this.#exposures,
    )
    const { styles } = this.#world.factors
    let sum = 0
    for (let k = 0; k < styles.length; k++) sum += this.#exposures[k]! * styles[k]![day]!
    return sum
  }

  #remember(day: number, reference: number): void {
    const bars = this.#bars
    const close = bars.close[day]!
    this.#returns[this.#traded++ % MEMORY_DAYS] = ln(close / reference)
    this.#close = close
    this.#life.belowOne = close < 1000 ? this.#life.belowOne + 1 : 0
    this.#plantedDrift = PLANTED_DRIFT * plantedOn(this.#plan, bars, day)
  }
}

/** Cash is capped at a twentieth of the price, rights at four fifths of it: a firm whose price has collapsed does not pay or raise as it planned. */
function affordable(action: CorporateAction, price: number): CorporateAction {
  return { ...action, cash: Math.min(action.cash, Math.floor(price / 20)), rightsPrice: Math.min(action.rightsPrice, 10 * Math.floor(price * 0.08)) }
}
