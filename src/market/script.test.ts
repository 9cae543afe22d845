import { aShareCalendar } from '#core/a-share-calendar.ts'
import { UsageError } from '#core/errors.ts'
import { sessionRulesOn } from '#core/session.ts'
import { tradeDate } from '#core/trade-date.ts'
import { expect, test } from 'vitest'
import { bookPictures } from './book-pictures.ts'
import { dailyBars, emptyBars, type DailyBars } from './daily-bars.ts'
import { minuteBars } from './minute-bars.ts'
import { plantedFlow } from './planted-flow.ts'
import { canonicalScript, type Script, type ScriptCall } from './script.ts'
import { deviations, scriptTruth, type ScriptTruth } from './script-truth.ts'
import { StockWalk } from './stock-walk.ts'
import { tickDay } from './tick-path.ts'
import { tradeTape } from './trade-tape.ts'
import { createWorld, worldDigest, type World } from './world.ts'

const dates = aShareCalendar.dates(tradeDate(20240102), tradeDate(20241231))
const [day, wave, drop, pump] = [100, 110, 120, 130]
const on = dates[day]!
const script: Script = [
  { call: 'surge', symbol: '000001.SZ', date: on, t: '10:05', amp: 0.03, dur: 5, volMult: 4, imb: 0.6 },
  { call: 'fade', symbol: '000001.SZ', date: on, t: '13:30', amp: 0.025 },
  { call: 'limit_up', symbol: '000002.SZ', date: on, t: '10:30', breaks: 2 },
  { call: 'second_board', symbol: '001000.SZ', date: on, t: '10:30', t2: '13:10' },
  { call: 'money_burst', symbol: '000003.SZ', date: on, t: '10:00', value: 3e7, side: 'buy' },
  { call: 'money_burst', symbol: '001002.SZ', date: on, t: '14:00', value: 2e6, side: 'sell' },
  { call: 'level_bounce', symbol: '002000.SZ', date: on, t: '10:20', L: 28.8 },
  { call: 'level_break', symbol: '002001.SZ', date: on, t: '13:40', L: 39.7 },
  { call: 'support_accumulation', symbol: '000004.SZ', date: on, t: '10:05', L: 12.9 },
  { call: 'sector_wave', board: '电子', date: dates[wave]!, t: '10:00', amp: 0.03, leader: '301000.SZ', lagCurve: [1, 3, 6] },
  { call: 'market_drop', date: dates[drop]!, t: '10:30', amp: 0.04, dur: 15, retrace: 0.3 },
  { call: 'pump_dump', symbol: '001004.SZ', date: dates[pump]! },
]
const settings = { seed: 3, size: 60, dates }
const [plain, world] = [createWorld(settings), createWorld({ ...settings, script })]
const bars = new Map(world.stocks.map((stock) => [stock.code, dailyBars(world, stock)]))
const plainBars = new Map(plain.stocks.map((stock) => [stock.code, dailyBars(plain, stock)]))
const barsOf = (code: string): DailyBars => bars.get(code as never)!

function truthOf(of: World): ScriptTruth {
  const measuring = scriptTruth(of, ({ code }) =>
    of === world
      ? barsOf(code)
      : dailyBars(
          of,
          of.stocks.find((stock) => stock.code === code)!,
        ),
  )
  let step = measuring.next()
  while (step.done !== true) step = measuring.next()
  return step.value
}
const truth = truthOf(world)
const scripted = [...bars.values()].flatMap((own) => [...own.scripted.keys()].map((at) => ({ own, at, ticks: tickDay(world, own, at)! })))
const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0)

test('a script is realised within 5 %: amplitudes, values, volumes, times and breaks, of every kind of call', () => {
  // One member of the sector is suspended on the day of its wave.
  expect(truth.missing.map(({ symbol, phase }) => [symbol, phase])).toEqual([['001003.SZ', 'follower']])
  expect(deviations(truth)).toEqual([])
  expect(new Set(truth.scenarios.map(({ type }) => type))).toEqual(new Set(script.map(({ call }) => call)))
  const measured = truth.scenarios.flatMap(({ realisations }) => realisations.map(({ name }) => name))
  for (const name of ['amplitude', 'value', 'volume', 'imbalance', 'time', 'breaks', 'level']) expect(measured).toContain(name)
})

test('a call in any stock of any board is realised within 5 % and keeps the identities, or is refused with its item and field', () => {
  const kinds: readonly ((price: number) => object)[] = [
    () => ({ call: 'surge', t: '09:30', amp: 0.02, dur: 3, volMult: 8, imb: 0.7 }),
    () => ({ call: 'limit_up', t: '13:05', breaks: 1 }),
    () => ({ call: 'money_burst', t: '11:27', value: 5e6, side: 'sell' }),
    (price) => ({ call: 'level_break', t: '14:00', L: Math.round((price * 0.985) / 10) / 100 }),
    (price) => ({ call: 'resistance_distribution', t: '10:10', L: Math.round((price * 1.01) / 10) / 100 }),
  ]
  const boards = new Set<string>()
  let [planted, refused] = [0, 0]
  for (const [k, own] of [...plainBars.values()].entries()) {
    const at = 60 + 3 * k
    if (!(own.volume[at]! > 0)) continue
    const call = { symbol: own.stock.code, date: dates[at]!, ...kinds[k % kinds.length]!(own.preClose[at]!) } as unknown as ScriptCall
    const small = createWorld({ ...settings, dates: dates.slice(0, at + 1), script: [call] })
    try {
      expect(deviations(truthOf(small))).toEqual([])
      const drawn = dailyBars(small, own.stock)
      const { ticks } = drawn.scripted.get(at)!
      expect([Math.max(...ticks.price), Math.min(...ticks.price), sum(ticks.volume), sum(ticks.amount)]).toEqual([
        drawn.high[at],
        drawn.low[at],
        drawn.volume[at],
        drawn.amount[at],
      ])
      expect(tradeTape(small, drawn, ticks).length).toBe(sum(ticks.tradeCount))
      boards.add(own.stock.board)
      planted++
    } catch (error) {
      // Expected: too coarse a tick, or a level the order book does not play.
      if (!(error instanceof UsageError)) throw error
      expect(error.message).toMatch(/Cannot plant item 1 \(\w+\), field "\w+": .*\. \w+/)
      refused++
    }
  }
  expect(boards).toEqual(new Set(['main', 'chinext', 'star', 'bse']))
  expect(planted).toBeGreaterThan(3 * refused)
})

test('deviations() tells when a quantity is off by more than 5 %', () => {
  const off = truth.scenarios.map((scenario) => ({
    ...scenario,
    realisations: scenario.realisations.map((each) => ({ ...each, holds: each.name !== 'value' })),
  }))
  expect(deviations({ scenarios: off, missing: [] }).map(({ scenario }) => scenario.item)).toEqual([4, 5])
})

test('scripted days keep the identities of the bars: ticks, minutes and day agree exactly, inside the limits', () => {
  expect(scripted.length).toBeGreaterThan(20)
  for (const { own, at, ticks } of scripted) {
    expect([ticks.price[0], Math.max(...ticks.price), Math.min(...ticks.price), ticks.price.at(-1)]).toEqual([
      own.open[at],
      own.high[at],
      own.low[at],
      own.close[at],
    ])
    expect([sum(ticks.volume), sum(ticks.amount)]).toEqual([own.volume[at], own.amount[at]])
    const minutes = minuteBars(ticks, sessionRulesOn(ticks.date, own.stock.exchange, own.stock.board))
    expect([sum(minutes.volume), sum(minutes.amount)]).toEqual([own.volume[at], own.amount[at]])
    expect(own.high[at]! <= own.limitUp[at]! && own.low[at]! >= own.limitDown[at]!).toBe(true)
    expect(own.amount[at]! / own.volume[at]!).toBeGreaterThanOrEqual(own.low[at]!)
    expect(own.amount[at]! / own.volume[at]!).toBeLessThanOrEqual(own.high[at]!)
  }
})

test('records of scripted days trade whole lots between their quotes, which lie inside the limits, and rise in time', () => {
  for (const { own, at, ticks } of scripted) {
    const bad: string[] = []
    for (let i = 1; i < ticks.length - 1; i++) {
      const [bid, ask, average] = [ticks.bid1[i]!, ticks.ask1[i]!, ticks.amount[i]! / ticks.volume[i]!]
      const quoted =
        ask === 0
          ? bid === own.limitUp[at] && average === bid
          : bid === 0
            ? ask === own.limitDown[at] && average === ask
            : bid < ask &&
              average >= bid &&
              average <= ask &&
              ticks.price[i]! >= bid &&
              ticks.price[i]! <= ask &&
              ask <= own.limitUp[at]! &&
              bid >= own.limitDown[at]!
      const whole = ticks.volume[i]! > 0 && ticks.volume[i]! % own.stock.lot === 0 && ticks.price[i]! % 10 === 0 && Number.isInteger(ticks.amount[i]!)
      const ranged = average >= own.low[at]! && average <= own.high[at]!
      if (!(quoted && whole && ranged && ticks.tradeCount[i]! >= 1 && ticks.at[i]! > ticks.at[i - 1]!)) bad.push(`${ticks.code} ${ticks.date} ${i}`)
    }
    expect(bad).toEqual([])
  }
})

test('single trades and book pictures of scripted days come from their records as on any day', () => {
  for (const { own, ticks } of scripted) {
    const tape = tradeTape(world, own, ticks)
    expect([sum(tape.volume), sum(tape.amount)]).toEqual([sum(ticks.volume), sum(ticks.amount)])
    expect(bookPictures(world, own, ticks, 'simulator').length).toBe(ticks.length)
  }
})

test('a script leaves every day before it as it was, and every stock it does not name', () => {
  const named = new Set([...world.script.days.keys()] as string[])
  for (const [code, own] of bars) {
    const before = plainBars.get(code)!
    const until = Math.min(drop, ...own.scripted.keys())
    for (const name of ['open', 'high', 'low', 'close', 'volume', 'amount', 'adjFactor'] as const)
      expect(own[name].subarray(0, until), `${code} ${name}`).toEqual(before[name].subarray(0, until))
  }
  const untouched = [...bars.values()].find(({ stock, volume }) => !named.has(stock.code) && volume[day]! > 0)!
  expect(tickDay(world, untouched, day)).toEqual(tickDay(plain, plainBars.get(untouched.stock.code)!, day))
})

test('a world with an empty script is the world without one', () => {
  const empty = createWorld({ ...settings, script: [] })
  for (const stock of plain.stocks.slice(0, 10)) expect(dailyBars(empty, stock)).toEqual(plainBars.get(stock.code))
  expect(worldDigest({ ...settings, script: [] })).toBe(worldDigest(settings))
})

test('a script is part of the digest, in whatever order its fields are written', () => {
  const digest = worldDigest({ ...settings, script })
  expect(digest).not.toBe(worldDigest(settings))
  const turned = script.map((call) => Object.fromEntries(Object.entries(call).toReversed()) as unknown as ScriptCall)
  expect(worldDigest({ ...settings, script: turned })).toBe(digest)
  expect(worldDigest({ ...settings, script: script.toReversed() })).not.toBe(digest)
  expect(canonicalScript([{ call: 'surge', symbol: 'x', date: 1, t: '10:00', amp: 0.1, dur: undefined }])).not.toContain('dur')
})

test('scripted days are the same again: in a fresh world, in a world that ends on them, in a larger one, and from a checkpoint', () => {
  const code = '001000.SZ'
  const own = barsOf(code)
  const again = (of: World, index = day) =>
    tickDay(
      of,
      dailyBars(
        of,
        of.stocks.find((stock) => stock.code === code)!,
      ),
      index,
    )
  expect(again(createWorld({ ...settings, script }))).toEqual(tickDay(world, own, day))
  // The second board lies on the day after the last: the first is there already.
  expect(again(createWorld({ ...settings, dates: dates.slice(0, day + 1), script }))).toEqual(tickDay(world, own, day))
  expect(again(createWorld({ ...settings, size: 80, script: script.filter(({ call }) => call !== 'market_drop') }), day + 1)).toEqual(
    tickDay(world, own, day + 1),
  )
  const stock = own.stock
  const first = new StockWalk(world, stock, emptyBars(stock, dates.length))
  for (let at = first.firstDay; at < day; at++) first.step(at)
  const resumed = emptyBars(stock, dates.length)
  const second = new StockWalk(createWorld({ ...settings, script }), stock, resumed)
  second.resume(JSON.parse(JSON.stringify(first.checkpoint(day))))
  for (let at = day; at < dates.length; at++) second.step(at)
  expect(resumed.scripted.get(day)).toEqual(own.scripted.get(day))
  expect(resumed.close.subarray(day)).toEqual(own.close.subarray(day))
})

test('several calls on one stock-day go on from each other, an order-book scenario before or after a move', () => {
  const surge = { call: 'surge', symbol: '000004.SZ', date: on, amp: 0.02 } as const
  const tape = { call: 'null_test', symbol: '000004.SZ', date: on, L: 12.9 } as const
  for (const calls of [
    [
      { ...surge, t: '09:31' },
      { ...tape, t: '13:35' },
    ],
    [
      { ...tape, t: '10:05' },
      { ...surge, t: '13:30' },
      { ...surge, call: 'fade', t: '14:00' },
    ],
  ] as Script[]) {
    const own = createWorld({ ...settings, dates: dates.slice(0, day + 1), script: calls })
    const found = truthOf(own)
    expect(deviations(found)).toEqual([])
    expect(found.scenarios).toHaveLength(calls.length)
  }
  const laid =
    (...calls: object[]) =>
    () =>
      createWorld({ ...settings, script: calls as unknown as Script })
  expect(laid({ ...tape, t: '10:05' }, { ...tape, t: '13:44' })).toThrow(
    /item 2 \(null_test\), field "t": the order book already plays a scenario for 000004.SZ/,
  )
  // The way to a level belongs to its call.
  expect(laid({ ...surge, t: '13:50' }, { call: 'level_bounce', symbol: '000004.SZ', date: on, t: '14:00', L: 13 })).toThrow(
    /item 2 \(level_bounce\), field "t": it overlaps item 1/,
  )
  expect(laid({ ...surge, t: '10:55' }, { ...tape, t: '13:35' })).not.toThrow()
  expect(laid({ ...surge, t: '11:25' }, { ...tape, t: '13:35' })).toThrow(/it overlaps item 1 \(surge\)/)
})

test('a second board is two limit-up closes in a row, sealed at their times', () => {
  const own = barsOf('001000.SZ')
  for (const at of [day, day + 1]) expect([own.close[at], own.open[at]! < own.limitUp[at]!]).toEqual([own.limitUp[at], true])
  expect(own.open[day + 1]).toBeGreaterThan(own.preClose[day + 1]!)
})

test('a pump is bought on little volume, driven up and sold', () => {
  const own = barsOf('001004.SZ')
  const phases = truth.scenarios.filter(({ type }) => type === 'pump_dump')
  expect(phases.map(({ phase }) => phase?.[0]).join('')).toBe('aaaaappddd')
  const meanOf = (phase: string, pick: (at: number) => number) => {
    const found = phases.filter((each) => each.phase === phase).map(({ date }) => pick(world.dayOf.get(date)!))
    return sum(found) / found.length
  }
  const volume = (at: number) => own.volume[at]!
  expect(meanOf('pump', volume)).toBeGreaterThan(2 * meanOf('accumulation', volume))
  expect(phases.filter(({ phase, plantedNet }) => (phase === 'distribution' ? plantedNet < 0 : plantedNet > 0))).toHaveLength(10)
})

test('a scripted level scenario is the order book’s own tape, with its visits', () => {
  const [found] = truth.scenarios.filter(({ type }) => type === 'support_accumulation')
  expect(found!.expectedLabel).toBe('absorption')
  expect(found!.plantedNet).toBeGreaterThan(1e6)
  expect(found!.visits.length).toBeGreaterThan(0)
  for (const visit of found!.visits) expect(visit.total).toBeGreaterThanOrEqual(visit.bigBuy + visit.bigSell)
  expect(truth.scenarios.filter(({ type, visits }) => (type === 'level_bounce' || type === 'level_break') && visits.length > 0)).toHaveLength(2)
})

test('plantedFlow() lists no scripted day', () => {
  const planted = new Set(plantedFlow(world).map(({ code, date }) => `${code} ${date}`))
  expect(planted.size).toBeGreaterThan(0)
  for (const { ticks } of scripted) expect(planted.has(`${ticks.code} ${ticks.date}`)).toBe(false)
})

test('createWorld() refuses a script that cannot be, naming the item and the field', () => {
  const tries: readonly (readonly [object, RegExp])[] = [
    [{ date: 20240101 }, /item 2 \(surge\), field "date": 20240101 is no open day/],
    [{ symbol: '999999.SZ' }, /field "symbol": there is no stock "999999.SZ".*such as 000001.SZ/],
    [{ t: '12:00' }, /field "t": 12:00 lies outside continuous trading/],
    [{ t: 'noon' }, /field "t": "noon" is no time of day/],
    [{ t: '14:55', dur: 5 }, /field "dur": 5 minutes .* end after 14:57/],
    [{ amp: 0.5 }, /field "amp": it lies in 0.003 to 0.3, found 0.5/],
    [{ imb: 2 }, /field "imb"/],
    [{ t: '10:08' }, /field "t": it overlaps item 1 \(surge\) on 000001.SZ/],
  ]
  for (const [change, message] of tries) {
    const calls = [script[0]!, { ...script[0]!, t: '14:00', ...change } as ScriptCall]
    expect(() => createWorld({ ...settings, script: calls })).toThrow(message)
    expect(() => createWorld({ ...settings, script: calls })).toThrow(UsageError)
  }
  const alone =
    (call: object): (() => World) =>
    () =>
      createWorld({ ...settings, script: [call as ScriptCall] })
  expect(alone({ call: 'sector_wave', board: '电力', date: on, t: '10:00', amp: 0.02 })).toThrow(/there is no sector "电力"/)
  expect(alone({ call: 'sector_wave', board: '电子', date: on, t: '10:00', amp: 0.02, leader: '000001.SZ' })).toThrow(
    /field "leader": 000001.SZ is not in 电子/,
  )
  expect(alone({ call: 'limit_up', symbol: '000001.SZ', date: on, t: '14:30', breaks: 2 })).toThrow(/field "breaks": break 2 would end after 14:56/)
  expect(alone({ call: 'null_test', symbol: '000001.SZ', date: on, t: '10:30', L: 11.5 })).toThrow(/within one half of the day. Choose 10:02/)
  expect(alone({ call: 'level_bounce', symbol: '000001.SZ', date: on, t: '10:30', L: 11.505 })).toThrow(/a price on the tick of 0.01/)
  expect(alone({ ...script[0], date: 20991231 })).not.toThrow()
  const fall = { call: 'market_drop', date: on, t: '10:30', amp: 0.03, dur: 10 }
  expect(alone(fall)).not.toThrow()
  expect(alone({ ...fall, t: '10:30:30' })).toThrow(/field "t": the market falls by whole minutes/)
  expect(alone({ ...fall, dur: 2.5 })).toThrow(/field "dur": the market falls by whole minutes/)
  expect(alone({ ...fall, t: '14:47', retrace: 0.5 })).toThrow(/field "retrace": the session ends with the fall/)
  expect(() => createWorld({ ...settings, script: [fall, fall] as Script })).toThrow(/item 2 \(market_drop\), field "t": item 1 already lets the market fall/)
})

test('a call whose prices the day does not allow is refused when the day is drawn', () => {
  const draw = (call: object) => () => {
    const own = createWorld({ ...settings, script: [call as ScriptCall] })
    return dailyBars(
      own,
      own.stocks.find(({ code }) => code === (call as { symbol: string }).symbol)!,
    )
  }
  expect(draw({ ...script[0], amp: 0.2 })).toThrow(/field "amp": 000001.SZ would reach .* its limits that day are 10.4 to 12.71/)
  expect(draw({ ...script[0], symbol: '001002.SZ', amp: 0.005 })).toThrow(/less than 10 ticks of 0.01/)
  expect(draw({ ...script[6], L: 20 })).toThrow(/its limits that day/)
  expect(draw({ ...script[8], L: 14.2 })).toThrow(/field "L": its prices run from/)
  expect(draw({ ...script[4], value: 1e11 })).toThrow(/more than the stock can turn over in a day/)
})

test('a scripted market drop takes the place of a flash crash and leaves the factor’s sum as it is', () => {
  const { factors } = world
  expect(factors.flash.depth[drop]).toBe(0)
  expect(factors.market.session[drop]! - plain.factors.market.session[drop]!).toBeLessThan(-0.02)
  for (const at of [drop - 1, drop + 1]) expect(factors.market.session[at]).toBe(plain.factors.market.session[at])
  for (const own of [...bars.values()].filter(({ volume }) => volume[drop]! > 0)) {
    const ticks = tickDay(world, own, drop)!
    expect([Math.max(...ticks.price), Math.min(...ticks.price), sum(ticks.amount)]).toEqual([own.high[drop], own.low[drop], own.amount[drop]])
  }
})
