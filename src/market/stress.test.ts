import { expect, test } from 'vitest'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import { tradeDate } from '#core/trade-date.ts'
import { dailyBars } from './daily-bars.ts'
import { createWorld, worldDigest, type Preset } from './world.ts'

const dates = aShareCalendar.dates(tradeDate(20220104), tradeDate(20241231)).slice(0, 600)
const size = 60
const worldOf = (preset: Preset, seed = 3) => createWorld({ seed, size, dates, preset, slowCycle: false })
const [calm, stress] = [worldOf('realistic'), worldOf('stress')]
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

test('the realistic preset is the market without a preset, to the byte and in its digest', () => {
  const plain = createWorld({ seed: 3, size, dates, slowCycle: false })
  expect(worldDigest({ seed: 3, size, dates, preset: 'realistic' })).toBe(worldDigest({ seed: 3, size, dates }))
  expect(calm.factors).toEqual(plain.factors)
  expect(dailyBars(calm, calm.stocks[7]!)).toEqual(dailyBars(plain, plain.stocks[7]!))
  expect(calm.factors.crash.every((day) => day === 0)).toBe(true)
})

test('the stress preset is another world with the same stocks, and the same one twice', () => {
  expect(worldDigest({ seed: 3, size, dates, preset: 'stress' })).not.toBe(worldDigest({ seed: 3, size, dates }))
  expect(stress.stocks).toEqual(calm.stocks)
  const again = worldOf('stress')
  expect(dailyBars(again, again.stocks[7]!)).toEqual(dailyBars(stress, stress.stocks[7]!))
  expect(dailyBars(stress, stress.stocks[7]!)).not.toEqual(dailyBars(calm, calm.stocks[7]!))
})

test('a later last date leaves the earlier days of a stressed market unchanged, a crash cut off by the end included', () => {
  const crashEnd = stress.factors.crash.lastIndexOf(1)
  for (const length of [300, 301, crashEnd - 3]) {
    const shorter = createWorld({ seed: 3, size, dates: dates.slice(0, length), preset: 'stress', slowCycle: false })
    const [whole, part] = [
      dailyBars(stress, stress.stocks[4]!),
      dailyBars(
        shorter,
        shorter.stocks.find(({ code }) => code === stress.stocks[4]!.code)!,
      ),
    ]
    expect(shorter.factors.crash).toEqual(stress.factors.crash.slice(0, length))
    expect(part.close).toEqual(whole.close.slice(0, length))
  }
})

test('a stressed market has about five times the flash crashes and themes', () => {
  let [flashes, calmFlashes, themes, calmThemes] = [0, 0, 0, 0]
  for (let seed = 1; seed <= 12; seed++) {
    const [a, b] = [worldOf('stress', seed).factors, worldOf('realistic', seed).factors]
    flashes += a.flash.depth.filter((depth) => depth > 0).length
    calmFlashes += b.flash.depth.filter((depth) => depth > 0).length
    themes += a.themes.reduce((sum, days) => sum + days.reduce((total, day) => total + day, 0), 0)
    calmThemes += b.themes.reduce((sum, days) => sum + days.reduce((total, day) => total + day, 0), 0)
  }
  expect(calmFlashes).toBeGreaterThan(12)
  expect(flashes / calmFlashes).toBeGreaterThan(3.3)
  expect(flashes / calmFlashes).toBeLessThan(7)
  // Themes may overlap, so five times as many cover a little less than five times as many days.
  expect(themes / calmThemes).toBeGreaterThan(3.8)
  expect(themes / calmThemes).toBeLessThan(5.3)
})

test('every sixty days of a stressed market have one crash of 8 to 15 days, in which it falls by about 1.5 % a day and more stocks end at the lower limit', () => {
  const { crash, market } = stress.factors
  for (let first = 0; first < dates.length; first += 60) {
    const days = crash.subarray(first, first + 60)
    const length = days.reduce((sum, day) => sum + day, 0)
    expect(length).toBeGreaterThanOrEqual(8)
    expect(length).toBeLessThanOrEqual(15)
    expect(days.lastIndexOf(1) - days.indexOf(1) + 1).toBe(length)
  }
  const inCrash = Array.from(crash.keys()).filter((day) => crash[day] === 1)
  const outside = Array.from(crash.keys()).filter((day) => crash[day] === 0)
  const sum = (days: readonly number[]) => mean(days.map((day) => market.session[day]!))
  expect(sum(inCrash) - sum(outside)).toBeGreaterThan(-0.02)
  expect(sum(inCrash) - sum(outside)).toBeLessThan(-0.01)
  const volatility = (days: readonly number[]) => mean(days.map((day) => Math.exp(market.logVolatility[day]!)))
  expect(volatility(inCrash) / volatility(outside)).toBeGreaterThan(1.5)
  const bars = stress.stocks.map((stock) => dailyBars(stress, stock))
  const atLimit = (days: readonly number[]) =>
    mean(
      bars.flatMap((own) =>
        days.filter((day) => own.volume[day]! > 0 && own.limitDown[day]! > 0).map((day) => (own.close[day] === own.limitDown[day] ? 1 : 0)),
      ),
    )
  expect(atLimit(inCrash)).toBeGreaterThan(0.03)
  expect(atLimit(inCrash) / atLimit(outside)).toBeGreaterThan(4)
})
