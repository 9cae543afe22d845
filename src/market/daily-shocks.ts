import { logMemory, STOCK_SCALES } from './log-memory.ts'
import { DAYS_PER_YEAR, heavyTailed, OVERNIGHT_SCALE } from './market-factors.ts'
import { regimeDays } from './regime.ts'
import type { Stock } from './stock.ts'
import type { World } from './world.ts'

/** What happens to one stock on one day before the exchange's rules: log returns, multiples of the limit width, multipliers. */
export interface DayShock {
  suspended: boolean
  /** Log return from the reference price to the open. */
  overnight: number
  /** Log return from the open to the close. */
  session: number
  /** Standard deviation of the session's return, known before it. */
  sd: number
  /** 热点: part of a limit-sized burst that comes as a gap, and the rest, in limit widths. */
  burstGap: number
  burstRest: number
  volume: number
  /** Uniforms in (0, 1] for the day's high and low. */
  u1: number
  u2: number
}

/** Log return lost overnight and regained in the session (Qiao & Dam 2020: the T+1 discount). */
const OVERNIGHT_DISCOUNT = 0.0006

/**
 * The shocks of one stock, to be asked day by day from its first day on. The record is reused between calls.
 * Common factors with the stock's loadings, own regime, own volatility memory, company news, suspensions, limit-up chains (spec simulator §3.3, §4.2, §8).
 */
export function dailyShocks(world: World, stock: Stock): (day: number) => DayShock {
  const { market, sectors } = world.factors
  const sector = sectors[stock.sector]!
  const first = Math.max(0, stock.listDay)
  const regime = regimeDays(world.rng.fork(`regime/${stock.code}`), world.dates.length - first)
  const nextVolatility = logMemory(STOCK_SCALES, 0.1, world.rng.fork(`vol/${stock.code}`))
  const path = world.rng.fork(`path/${stock.code}`)
  const halts = suspensions(world, stock)
  const chain = limitChain(world, stock)
  const shock: DayShock = { suspended: false, overnight: 0, session: 0, sd: 0, burstGap: 0, burstRest: 0, volume: 1, u1: 1, u2: 1 }
  let ownShock = 0
  return (day) => {
    const listed = day - stock.listDay
    const halt = halts(day)
    shock.suspended = halt.suspended && !(stock.listDay >= 0 && listed < 20)
    const own = Math.exp(nextVolatility(ownShock) + 0.35 * market.logVolatility[day]!) * (stock.sigma / Math.sqrt(DAYS_PER_YEAR))
    const sd = own * Math.sqrt(regime.meanSquare[day - first]!)
    ownShock = path.normal()
    shock.overnight =
      -OVERNIGHT_DISCOUNT +
      stock.beta * market.overnight[day]! +
      stock.gamma * sector.overnight[day]! +
      own * OVERNIGHT_SCALE * heavyTailed(path) +
      companyNews(path.next(), path.normal()) +
      (shock.suspended ? 0 : halt.resumption)
    shock.session =
      OVERNIGHT_DISCOUNT + stock.beta * market.session[day]! + stock.gamma * sector.session[day]! + sd * ownShock + regime.drift[day - first]! / DAYS_PER_YEAR
    shock.sd = Math.hypot(stock.beta * market.sd[day]!, stock.gamma * sector.sd[day]!, sd)
    shock.u1 = 1 - path.next()
    shock.u2 = 1 - path.next()
    chain(shock)
    shock.volume *= regime.volume[day - first]! * Math.exp(0.35 * (Math.log(own) - Math.log(stock.sigma / Math.sqrt(DAYS_PER_YEAR))))
    if (stock.listDay >= 0) newListing(shock, listed, path.normal())
    return shock
  }
}

/** Eight items a year move the price by 2.5 % overnight. */
function companyNews(u: number, z: number): number {
  return u < 8 / DAYS_PER_YEAR ? 0.025 * z : 0
}

/** 停牌: 1.2 a year, lasting four days on average; the return on resumption grows with the length. */
function suspensions(world: World, stock: Stock): (day: number) => { suspended: boolean; resumption: number } {
  const rng = world.rng.fork(`suspend/${stock.code}`)
  const halt = { suspended: false, resumption: 0 }
  let length = 0
  return () => {
    const u = rng.next()
    const jump = rng.normal()
    halt.resumption = 0
    if (halt.suspended ? u < 0.75 : u < 1.2 / DAYS_PER_YEAR) {
      halt.suspended = true
      length++
    } else if (halt.suspended) {
      halt.suspended = false
      halt.resumption = jump * Math.min(0.15, 0.04 * Math.sqrt(length))
      length = 0
    }
    return halt
  }
}

/** 连板: a burst of about the limit, continued next day with 0.44 (later 0.34), then three days of giving back (spec simulator §8). */
function limitChain(world: World, stock: Stock): (shock: DayShock) => void {
  const rng = world.rng.fork(`chain/${stock.code}`)
  let hot = 0
  let reversal = 0
  return (shock) => {
    const [u, size, gap] = [rng.next(), rng.next(), rng.next()]
    const starts = u < (hot === 0 ? 0.006 : hot === 1 ? 0.44 : 0.34)
    shock.burstGap = 0
    shock.burstRest = 0
    shock.volume = 1
    if (reversal === 0 && starts) {
      hot++
      const burst = 0.45 + 0.9 * size
      shock.burstGap = burst * (hot === 1 ? 0.05 : 0.2 + 0.4 * gap)
      shock.burstRest = burst - shock.burstGap
      shock.volume = 1.6
      return
    }
    if (hot > 0) reversal = 3
    hot = 0
    if (reversal === 0) return
    reversal--
    shock.burstGap = -0.3 * 0.62 * size
    shock.burstRest = -0.7 * 0.62 * size
    shock.volume = 1.3
  }
}

/** 次新股: the first day opens far above the issue price; the first weeks trade many times the usual volume (spec simulator §3.3). */
function newListing(shock: DayShock, listed: number, z: number): void {
  if (listed < 5) {
    shock.burstGap = 0
    shock.burstRest = 0
    shock.sd *= 2
    shock.session *= 2
  }
  if (listed === 0) shock.overnight = Math.log(1.6) + 0.45 * z
  shock.volume *= 1 + 25 * Math.exp(-listed / 5)
}
