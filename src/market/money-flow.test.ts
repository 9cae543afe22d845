import { aShareCalendar } from '#core/a-share-calendar.ts'
import { labelAt, labels, numbers } from '#core/frame.ts'
import { tradeDate, type TradeDate } from '#core/trade-date.ts'
import { expect, test } from 'vitest'
import { dailyBars, emptyBars } from './daily-bars.ts'
import { drawDirichlet } from './dirichlet.ts'
import { flowPlan, plantedOn } from './flow-plan.ts'
import { informedFlow } from './informed-flow.ts'
import { moneyFlowFrame } from './money-flow-frame.ts'
import { CLASS_FROM, LEAST_ORDERS, ORDER_CLASSES } from './money-flow.ts'
import { ownShocks } from './own-shock.ts'
import { StockWalk } from './stock-walk.ts'
import { createWorld } from './world.ts'

const dates = aShareCalendar.dates(tradeDate(20220104), tradeDate(20241231))
const world = createWorld({ seed: 4, size: 200, dates })
const bars = world.stocks.map((stock) => dailyBars(world, stock))
const whole = { first: 0, last: dates.length - 1 }
const flows = moneyFlowFrame(world, bars, whole)
const byCode = new Map(bars.map((own) => [own.stock.code as string, own]))
const cell = (name: string, row: number) => numbers(flows, name)[row]!
const ownOf = (row: number) => byCode.get(labelAt(labels(flows, 'ts_code'), row)!)!
const dayOf = (row: number) => world.dayOf.get(cell('trade_date', row) as TradeDate)!

test('moneyFlowFrame() has the classes of each side add up to the day’s amount in 厘 and volume in shares exactly, on every bar outside Beijing', () => {
  expect(flows.length).toBe(bars.filter(({ stock }) => stock.exchange !== 'BJ').reduce((sum, own) => sum + own.volume.filter((shares) => shares > 0).length, 0))
  for (let row = 0; row < flows.length; row++) {
    const [own, day] = [ownOf(row), dayOf(row)]
    for (const side of ['buy', 'sell']) {
      const sum = (what: string, unit: number) => ORDER_CLASSES.reduce((total, size) => total + Math.round(cell(`${side}_${size}_${what}`, row) * unit), 0)
      if (sum('amount', 1e7) !== own.amount[day] || sum('vol', 100) !== own.volume[day]) throw new Error(`${own.stock.code} ${dates[day]} ${side}`)
    }
  }
})

test('moneyFlowFrame() gives a class several of its smallest orders or nothing, whole lots, and a net within the day’s amount', () => {
  for (let row = 0; row < flows.length; row++) {
    for (const side of ['buy', 'sell'])
      for (const [k, size] of ORDER_CLASSES.entries()) {
        const amount = Math.round(cell(`${side}_${size}_amount`, row) * 1e7)
        const lots = Math.round(cell(`${side}_${size}_vol`, row) * 100) / ownOf(row).stock.lot
        if (!((amount === 0 || amount >= LEAST_ORDERS[k]! * CLASS_FROM[k]!) && Number.isInteger(lots) && lots >= 0))
          throw new Error(`row ${row} ${side} ${size}`)
      }
    const amount = ownOf(row).amount[dayOf(row)]!
    if (!(Math.abs(cell('net_mf_amount', row)) * 1e7 <= amount)) throw new Error(`row ${row}`)
  }
})

test('moneyFlowFrame() shows larger orders in larger companies', () => {
  const share = (row: number) => (cell('buy_elg_amount', row) + cell('buy_lg_amount', row)) / (ownOf(row).amount[dayOf(row)]! / 1e7)
  const value = (row: number) => ownOf(row).close[dayOf(row)]! * ownOf(row).totalShares[dayOf(row)]!
  const rows = Array.from({ length: flows.length }, (_, row) => row).toSorted((a, b) => value(a) - value(b))
  const mean = (part: readonly number[]) => part.reduce((sum, row) => sum + share(row), 0) / part.length
  const [small, middle, large] = [0, 1, 2].map((third) => mean(rows.slice(Math.floor((third * rows.length) / 3), Math.floor(((third + 1) * rows.length) / 3))))
  expect(middle! - small!).toBeGreaterThan(0.05)
  expect(large! - middle!).toBeGreaterThan(0.05)
})

test('ownShocks() are those of the walk: the shock of a day is in its checkpoint', () => {
  const stock = world.stocks.find(({ listDay }) => listDay < 0)!
  const walk = new StockWalk(world, stock, emptyBars(stock, dates.length))
  const path = world.stream('path', stock.code)
  let compared = 0
  for (let day = 0; day < 60; day++) {
    walk.step(day)
    const { shock } = walk.checkpoint(day + 1)
    if (shock === ownShocks(path, dates[day]!)[1]) compared++
  }
  // On a suspended day the last shock stays.
  expect(compared).toBeGreaterThan(50)
})

test('informedFlow() is an AR(1) with half-life 3 days and unit variance', () => {
  const flow = world.stocks.slice(0, 100).map((stock) => informedFlow(world, stock))
  const at = (lag: number) => {
    let [sum, n] = [0, 0]
    for (const own of flow) for (let day = lag; day < own.length; day++, n++) sum += own[day]! * own[day - lag]!
    return sum / n
  }
  expect(at(0)).toBeGreaterThan(0.95)
  expect(at(0)).toBeLessThan(1.05)
  expect(Math.abs(at(3) / at(0) - 0.5)).toBeLessThan(0.03)
})

/** Correlation of φ with the return of the next bar over stock-days, and its standard error. */
function measured(flowIc: number): { readonly ic: number; readonly error: number } {
  const own = createWorld({ seed: 4, size: 200, dates, flowIc })
  let [n, x1, y1, xx, yy, xy] = [0, 0, 0, 0, 0, 0]
  for (const { stock, volume, close, preClose } of bars) {
    const flow = informedFlow(own, stock)
    for (let day = Math.max(1, stock.listDay + 20); day < dates.length; day++) {
      if (volume[day] === 0) continue
      const [x, y] = [flow[day - 1]!, close[day]! / preClose[day]! - 1]
      n++
      x1 += x
      y1 += y
      xx += x * x
      yy += y * y
      xy += x * y
    }
  }
  return { ic: (xy / n - (x1 / n) * (y1 / n)) / Math.sqrt((xx / n - (x1 / n) ** 2) * (yy / n - (y1 / n) ** 2)), error: 1 / Math.sqrt(n) }
}

test.each([0, 0.02, 0.1])('informedFlow() has the correlation %d with the next return, within three standard errors', (flowIc) => {
  const { ic, error } = measured(flowIc)
  expect(error).toBeLessThan(0.003)
  // The part of a shock in a return differs a little from market to market.
  expect(Math.abs(ic - flowIc)).toBeLessThan(3 * error + 0.05 * flowIc)
})

test('moneyFlowFrame() tells of informed flow: large and extra-large net buying goes with it, and bars are the same whatever its strength', () => {
  const tellsOf = (row: number) => {
    const net = cell('buy_lg_amount', row) + cell('buy_elg_amount', row) - cell('sell_lg_amount', row) - cell('sell_elg_amount', row)
    return net / (ownOf(row).amount[dayOf(row)]! / 1e7)
  }
  const flowOf = new Map(bars.map((own) => [own, informedFlow(world, own.stock)]))
  let [n, xy, xx, yy] = [0, 0, 0, 0]
  for (let row = 0; row < flows.length; row++) {
    const [x, y] = [flowOf.get(ownOf(row))![dayOf(row)]!, tellsOf(row)]
    n++
    xy += x * y
    xx += x * x
    yy += y * y
  }
  expect(xy / Math.sqrt(xx * yy)).toBeGreaterThan(0.3)
  const strong = createWorld({ seed: 4, size: 20, dates, flowIc: 0.1 })
  for (const stock of strong.stocks) expect(dailyBars(strong, stock).close).toEqual(byCode.get(stock.code)!.close)
})

test('moneyFlowFrame() shows planted buyers as active buying in large orders', () => {
  const planted = (row: number) => plantedOn(flowPlan(world, ownOf(row).stock), ownOf(row), dayOf(row))
  const rows = Array.from({ length: flows.length }, (_, row) => row)
  const net = (of: readonly number[]) => of.reduce((sum, row) => sum + cell('net_mf_amount', row) / (ownOf(row).amount[dayOf(row)]! / 1e7), 0) / of.length
  const [buyers, nobody, sellers] = [1, 0, -1].map((side) => rows.filter((row) => Math.sign(planted(row)) === side))
  expect(net(buyers!)).toBeGreaterThan(0.15)
  expect(Math.abs(net(nobody!))).toBeLessThan(0.01)
  expect(net(sellers!)).toBeLessThan(-0.15)
})

test('moneyFlowFrame() of a world that ends earlier has the same rows, the last day included, and of one day the same as in the whole', () => {
  const short = createWorld({ seed: 4, size: 20, dates: dates.slice(0, 300) })
  const own = short.stocks.map((stock) => dailyBars(short, stock))
  const early = moneyFlowFrame(short, own, { first: 290, last: 299 })
  const long = moneyFlowFrame(
    world,
    own.map(({ stock }) => byCode.get(stock.code)!),
    { first: 290, last: 299 },
  )
  const alone = own.flatMap((one) => [...numbers(moneyFlowFrame(short, [one], { first: 299, last: 299 }), 'buy_lg_amount')])
  for (const name of ['trade_date', 'buy_sm_amount', 'sell_elg_vol', 'net_mf_amount']) expect(numbers(early, name)).toEqual(numbers(long, name))
  const last = [...numbers(early, 'buy_lg_amount')].filter((_, row) => numbers(early, 'trade_date')[row] === dates[299])
  expect(alone).toEqual(last)
})

test('drawDirichlet() has the mean and the spread of its weights, and no share where there is no weight', () => {
  const [weights, out, sum] = [Float64Array.of(20, 10, 0, 10), new Float64Array(4), new Float64Array(8)]
  const stream = world.stream('flow', 'test')
  const draws = 20_000
  for (let i = 0; i < draws; i++) {
    drawDirichlet(weights, stream, out)
    for (let k = 0; k < 4; k++) {
      sum[k]! += out[k]! / draws
      sum[k + 4]! += out[k]! ** 2 / draws
    }
  }
  expect(sum[0]).toBeCloseTo(0.5, 2)
  expect(sum[2]).toBe(0)
  // Variance of a Dirichlet share: m (1 − m) ÷ (sum + 1).
  expect(sum[4]! - sum[0]! ** 2).toBeCloseTo(0.25 / 41, 3)
})
