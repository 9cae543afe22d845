import { aShareCalendar } from '#core/a-share-calendar.ts'
import { tradeDate } from '#core/trade-date.ts'
import { dailyBars } from '#market/daily-bars.ts'
import { plantedSignal } from '#market/planted-signal.ts'
import { createWorld } from '#market/world.ts'
import { looksAhead, meanIc, rankIcs, type StockDays } from '#research/rank-ic.ts'
import { beforeAll, expect, test } from 'vitest'

/**
 * The planted signal is the oracle of the IC machinery (spec simulator §7.2): what is found must be what was planted, no more where nothing was, and a signal that
 * was written down too late must be caught.
 */
interface Panel {
  readonly signals: StockDays
  readonly returns: StockDays
}

function panelOf(signalIc: number, stocks: number, days: number): Panel {
  const first = tradeDate(20220104)
  const world = createWorld({ seed: 21, size: stocks, dates: aShareCalendar.dates(first, aShareCalendar.shift(first, days - 1)), signalIc })
  const bars = world.stocks.map((stock) => dailyBars(world, stock))
  return {
    signals: world.stocks.map((stock) => plantedSignal(world, stock)),
    returns: bars.map(({ volume, close, preClose }) => Float64Array.from(volume, (shares, day) => (shares > 0 ? close[day]! / preClose[day]! - 1 : NaN))),
  }
}

let [planted, none, strong]: Panel[] = []
beforeAll(() => {
  planted = panelOf(0.03, 300, 600)
  none = panelOf(0, 150, 400)
  strong = panelOf(0.2, 200, 400)
})

test('the mean daily RankIC of the planted signal is the one asked for, within three standard errors and a fifth of it', () => {
  const { mean, error, t } = meanIc(rankIcs(planted!.signals, planted!.returns, 1))
  expect(Math.abs(mean - 0.03)).toBeLessThan(3 * error + 0.2 * 0.03)
  expect(t).toBeGreaterThan(5)
})

test('nothing is found where nothing is planted', () => {
  for (const lag of [1, 2, 5]) expect(Math.abs(meanIc(rankIcs(none!.signals, none!.returns, lag)).t)).toBeLessThan(3)
})

test('the RankIC at later days decays with the half-life of the signal, five days, within a quarter', () => {
  const lags = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
  const logs = lags.map((lag) => Math.log(meanIc(rankIcs(strong!.signals, strong!.returns, lag)).mean))
  const [meanLag, meanLog] = [5.5, logs.reduce((sum, x) => sum + x, 0) / logs.length]
  const slope = lags.reduce((sum, lag, i) => sum + (lag - meanLag) * (logs[i]! - meanLog), 0) / lags.reduce((sum, lag) => sum + (lag - meanLag) ** 2, 0)
  const halfLife = Math.log(0.5) / slope
  expect(Math.abs(halfLife - 5)).toBeLessThan(1.25)
})

test('a signal moved one day into the future is caught by the look-ahead guard, the honest one is not', () => {
  const { signals, returns } = strong!
  expect(looksAhead(signals, returns)).toBe(false)
  // Each row now holds what the day before knew, and with it the return of its own day.
  const leaked = signals.map((signal) => Float64Array.from(signal, (_, day) => (day === 0 ? NaN : signal[day - 1]!)))
  expect(looksAhead(leaked, returns)).toBe(true)
  // The returns themselves, written down as if they had been known.
  expect(looksAhead(returns, returns)).toBe(true)
  expect(looksAhead(none!.signals, none!.returns)).toBe(false)
})
