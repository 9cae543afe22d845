import { expect, test } from 'vitest'
import { seededRng } from '#core/rng.ts'
import {
  beginRegime,
  MARKET_STATES,
  nextRegime,
  regimeMinutes,
  REGIMES,
  regimeTimer,
  STATIONARY_SHARES,
  stationaryRegime,
  walkRegimeDay,
  type MarketState,
} from './regime.ts'

test('nextRegime() spends 0.3947, 0.3947 and 0.2105 of a million evaluations in bull, bear and sideways', () => {
  const rng = seededRng('chain')
  const seen = { bull: 0, bear: 0, sideways: 0 }
  let state: MarketState = 'bull'
  for (let evaluation = 0; evaluation < 1_000_000; evaluation++) {
    state = nextRegime(state, rng.next())
    seen[state]++
  }
  expect(Math.abs(seen.bull / 1e6 - 0.394737)).toBeLessThan(0.01)
  expect(Math.abs(seen.bear / 1e6 - 0.394737)).toBeLessThan(0.01)
  expect(Math.abs(seen.sideways / 1e6 - 0.210526)).toBeLessThan(0.01)
})

test('STATIONARY_SHARES is left unchanged by one step of the transition matrix', () => {
  const after = [0, 1, 2].map((to) => MARKET_STATES.reduce((sum, from, i) => sum + STATIONARY_SHARES[i]! * REGIMES[from].next[to]!, 0))
  for (const [i, share] of after.entries()) expect(share).toBeCloseTo(STATIONARY_SHARES[i]!, 12)
})

test('nextRegime() and stationaryRegime() cut the unit interval at the cumulative probabilities', () => {
  expect([0, 0.8999, 0.9001, 0.9199, 0.9201].map((u) => nextRegime('bull', u))).toEqual(['bull', 'bull', 'bear', 'bear', 'sideways'])
  expect([0.019, 0.021, 0.919, 0.921].map((u) => nextRegime('bear', u))).toEqual(['bull', 'bear', 'bear', 'sideways'])
  expect([0.149, 0.151, 0.299, 0.301].map((u) => nextRegime('sideways', u))).toEqual(['bull', 'bear', 'bear', 'sideways'])
  expect([0, 0.39, 0.4, 0.78, 0.8].map(stationaryRegime)).toEqual(['bull', 'bull', 'bear', 'bear', 'sideways'])
})

test('regimeTimer() draws every whole number of minutes from 30 to 120', () => {
  const rng = seededRng('timer')
  const drawn = new Set(Array.from({ length: 20_000 }, () => regimeTimer(rng)))
  expect([Math.min(...drawn), Math.max(...drawn), drawn.size]).toEqual([30, 120, 91])
})

test('walkRegimeDay() averages exactly what a minute-by-minute walk of the same chain sees', () => {
  const [rng, fast] = [seededRng('days'), seededRng('days')]
  const chain = beginRegime(fast)
  let state = stationaryRegime(rng.next())
  let timer = regimeTimer(rng)
  for (let day = 0; day < 200; day++) {
    let [drift, square, volume] = [0, 0, 0]
    for (let minute = 0; minute < 240; minute++) {
      drift += REGIMES[state].drift / 240
      square += REGIMES[state].volatility ** 2 / 240
      volume += REGIMES[state].volume / 240
      if (--timer > 0) continue
      state = nextRegime(state, rng.next())
      timer = regimeTimer(rng)
    }
    const walked = walkRegimeDay(chain, fast)
    expect(walked.drift).toBeCloseTo(drift, 10)
    expect(walked.meanSquare).toBeCloseTo(square, 10)
    expect(walked.volume).toBeCloseTo(volume, 10)
    expect(chain).toEqual({ state, timer })
  }
})

test('regimeMinutes() is the day of walkRegimeDay() minute by minute', () => {
  const rng = seededRng('minutes')
  const chain = beginRegime(rng)
  for (let day = 0; day < 500; day++) {
    const minutes = regimeMinutes(chain, seededRng(`day ${day}`))
    expect([MARKET_STATES[minutes.state[0]!], minutes.left[0]]).toEqual([chain.state, chain.timer])
    const averages = walkRegimeDay(chain, seededRng(`day ${day}`))
    expect([MARKET_STATES[minutes.state[240]!], minutes.left[240]]).toEqual([chain.state, chain.timer])
    const mean = (of: (state: MarketState) => number) => minutes.state.subarray(0, 240).reduce((sum, state) => sum + of(MARKET_STATES[state]!), 0) / 240
    expect(mean((state) => REGIMES[state].drift)).toBeCloseTo(averages.drift, 12)
    expect(mean((state) => REGIMES[state].volatility ** 2)).toBeCloseTo(averages.meanSquare, 12)
  }
})
