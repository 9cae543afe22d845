import { aShareCalendar } from '#core/a-share-calendar.ts'
import { seededRng } from '#core/rng.ts'
import { tradeDate } from '#core/trade-date.ts'
import { expect, test } from 'vitest'
import { generateKlineSequence } from './classic-kline.ts'
import { dailyBars } from './daily-bars.ts'
import { factPanel } from './fact-panel.ts'
import { stylisedFacts, type FactPanel } from './stylised-facts.ts'
import { createWorld } from './world.ts'

const dates = aShareCalendar.dates(tradeDate(20220104), tradeDate(20250207)).slice(0, 750)
const world = createWorld({ seed: 4, size: 160, dates, slowCycle: false })
const bars = world.stocks.map((stock) => dailyBars(world, stock))
const facts = stylisedFacts(factPanel(bars, dates.length))
const mainFacts = stylisedFacts(
  factPanel(
    bars.filter(({ stock }) => stock.board === 'main'),
    dates.length,
  ),
)

function expectWithin(name: string, value: number, low: number, high: number): void {
  expect(value, name).toBeGreaterThanOrEqual(low)
  expect(value, name).toBeLessThanOrEqual(high)
}

// Bands: 5th to 95th percentile of real A-shares, 2012–2023 and 2017–2023 joined (spec stylised-facts).
test('stylisedFacts() of simulated stocks: their volatility, tails and symmetry lie inside the real bands', () => {
  expectWithin('volatility', facts.annualVolatility, 0.313, 0.595)
  expectWithin('kurtosis', facts.excessKurtosis, 1.29, 6.46)
  expectWithin('5 days', facts.excessKurtosis5, 0.584, 11.6)
  expectWithin('20 days', facts.excessKurtosis20, -0.398, 13.2)
  expect(facts.excessKurtosis20).toBeLessThan(facts.excessKurtosis)
  expectWithin('Hill', facts.hillTailIndex, 2.49, 18.4)
  expectWithin('skewness', facts.skewness, -0.252, 0.606)
  expectWithin('p99 ÷ −p1', facts.tailAsymmetry, 0.889, 1.37)
  expectWithin('zero returns', facts.zeroShare, 0.00466, 0.0766)
})

test('stylisedFacts() of simulated stocks: returns remember their size but hardly their sign', () => {
  expectWithin('r 1', facts.acfReturn1, -0.0453, 0.14)
  expectWithin('r far', facts.acfReturnFar, 0, 0.06)
  expectWithin('|r| 1', facts.acfAbs1, 0.0796, 0.369)
  expectWithin('|r| 5', facts.acfAbs5, 0.0349, 0.284)
  expectWithin('|r| 10', facts.acfAbs10, 0.0216, 0.249)
  expectWithin('|r| 20', facts.acfAbs20, 0.00398, 0.21)
  expectWithin('|r| 50', facts.acfAbs50, -0.0334, 0.154)
  expectWithin('leverage', facts.leverage1, -0.0537, 0.14)
})

test('stylisedFacts() of simulated stocks: volume has a long memory and follows the size of the move', () => {
  expectWithin('corr', facts.corrAbsLogVolume, 0.195, 0.547)
  expectWithin('volume 1', facts.acfLogVolume1, 0.734, 0.931)
  expectWithin('volume 20', facts.acfLogVolume20, 0.216, 0.767)
})

test('stylisedFacts() of the simulated panel: stocks move together, more within a sector, and the market falls faster than it rises', () => {
  expectWithin('pairs', facts.pairCorrelation, 0.139, 0.444)
  expectWithin('R²', facts.marketRSquared, 0.18, 0.5)
  expect(facts.sameSectorCorrelation - facts.otherSectorCorrelation).toBeGreaterThan(0.05)
  expectWithin('dispersion', facts.crossSectionSd, 0.018, 0.03)
  expectWithin('market volatility', facts.market.annualVolatility, 0.14, 0.35)
  expectWithin('market kurtosis', facts.market.excessKurtosis, 0.8, 12)
  expect(facts.market.skewness).toBeLessThan(0)
  expect(facts.market.leverage1).toBeLessThan(0)
})

// Bands: accept of spec simulator §21.
test('stylisedFacts() of simulated main-board stocks: limits are reached, broken and continued as often as in practice', () => {
  expectWithin('up', mainFacts.limitUpShare, 0.004, 0.025)
  expectWithin('down', mainFacts.limitDownShare, 0.0005, 0.015)
  expectWithin('broken', mainFacts.brokenBoardShare, 0.2, 0.55)
  expectWithin('promotion', mainFacts.promotion, 0.08, 0.35)
  expect(mainFacts.opensUpAfterUp).toBeGreaterThan(0.6)
  expect(mainFacts.opensDownAfterDown).toBeGreaterThan(0.6)
  expectWithin('overnight', facts.overnightMean, -0.0015, 0)
  expectWithin('overnight share', facts.overnightVarianceShare, 0.12, 0.4)
})

test('stylisedFacts() of the classic model: thin tails, no memory of size, no common movement — it fails where the realistic one passes', () => {
  const days = 250
  const panel: FactPanel = {
    days,
    stocks: Array.from({ length: 10 }, (_, k) => {
      const { klines } = generateKlineSequence({
        initialPrice: 2000,
        numBars: 240 * days,
        initialState: 'bull',
        baseVolume: 1e5,
        rng: seededRng(`classic ${k}`),
      })
      const volume = new Float64Array(days)
      for (let bar = 0; bar < klines.length; bar++) volume[Math.floor(bar / 240)]! += klines[bar]!.volume
      return {
        returns: Float64Array.from({ length: days }, (_, day) => Math.log(klines[240 * day + 239]!.close / (klines[240 * day - 1]?.close ?? 2000))),
        volume,
        overnight: new Float64Array(days),
        limit: new Int8Array(days),
        sector: 0,
      }
    }),
  }
  const classic = stylisedFacts(panel)
  expect(classic.excessKurtosis).toBeLessThan(1.29)
  expect(classic.acfAbs20).toBeLessThan(0.03)
  expect(Math.abs(classic.pairCorrelation)).toBeLessThan(0.139)
  expect(classic.corrAbsLogVolume).toBeLessThan(facts.corrAbsLogVolume)
})

test('stylisedFacts() agree with values computed by hand on a panel of two stocks', () => {
  const days = 120
  // +1 %, −1 %, … for one stock, twice that for the other: perfectly correlated, alternating, two-point distributions.
  const alternating = (size: number): FactPanel['stocks'][number] => ({
    returns: Float64Array.from({ length: days }, (_, day) => (day % 2 === 0 ? size : -size)),
    volume: Float64Array.from({ length: days }, (_, day) => 1 + (day % 3)),
    overnight: Float64Array.from({ length: days }, (_, day) => (day % 2 === 0 ? size / 2 : -size / 2)),
    limit: Int8Array.from({ length: days }, (_, day) => (day % 4 === 0 ? 1 : day % 4 === 2 ? 2 : 0)),
    sector: 1,
  })
  const found = stylisedFacts({ days, stocks: [alternating(0.01), alternating(0.02)] })
  expect(found.annualVolatility).toBeCloseTo(Math.sqrt(244) * 0.015, 12)
  expect(found.excessKurtosis).toBeCloseTo(-2, 12)
  expect(found.skewness).toBeCloseTo(0, 12)
  expect(found.acfReturn1).toBeCloseTo(-1, 12)
  expect([found.pairCorrelation, found.sameSectorCorrelation, found.marketRSquared].every((x) => Math.abs(x - 1) < 1e-12)).toBe(true)
  expect([found.limitUpShare, found.brokenBoardShare, found.promotion]).toEqual([0.25, 0.5, 0])
  // Limit-up closes are followed by falling days that open lower.
  expect(found.opensUpAfterUp).toBe(0)
  expect(found.overnightVarianceShare).toBeCloseTo(0.5, 12)
  expect(found.crossSectionSd).toBeCloseTo(0.005, 12)
})
