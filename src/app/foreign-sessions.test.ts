import { lastEnded, minutesOn } from '#core/market-day.ts'
import { seededRng } from '#core/rng.ts'
import { tradeDate, type EpochMs } from '#core/trade-date.ts'
import { TestLedger } from '#ledger/test-ledger.ts'
import type { ForeignMarket } from '#market/foreign-symbols.ts'
import { ForeignWorld } from '#market/foreign-world.ts'
import { foldBars } from '#numeric/fold-bars.ts'
import { KlineChannels } from '#stream/kline-channels.ts'
import { expect, test } from 'vitest'
import { ForeignSessions, type ForeignSessionsRequest } from './foreign-sessions.ts'
import { LiveMarketStats } from './live-market-stats.ts'
import { AFTER_MS } from './market-pace.ts'

const ALL: readonly ForeignMarket[] = ['crypto', 'hk', 'us']
const settled = { seed: 3, size: 1, firstDate: tradeDate(20261026), script: [], profiles: ALL, digest: 'w' }
const at = (text: string) => Date.parse(text) as EpochMs
const never = new AbortController().signal
const last = tradeDate(20261231)
const world = new ForeignWorld({ ...settled, lastDate: { hk: last, us: last, crypto: last } })

/** One process after another on the same ledger. */
class Desk extends TestLedger {
  /** A process that begins: what it shows, and how it goes on. */
  open(startsAt: EpochMs, rest: Partial<ForeignSessionsRequest> = {}) {
    const klines = new KlineChannels()
    const sessions = new ForeignSessions(
      { ledger: this.ledger, clock: this.clock, live: { klines }, liveMarket: new LiveMarketStats() },
      { settled, startsAt, isVirtual: false, resumes: true, signal: never, ...rest },
    )
    return { klines, sessions, of: (code: string) => klines.sessionOf(code)?.bars.of(code) }
  }

  rows(name: string): readonly (readonly unknown[])[] {
    const { columns, rows } = this.ledger.readTable(name, 1000)
    const kept = rows.map((row) => row.filter((_, k) => !['updated_at', 'version'].includes(columns[k]!)))
    return kept.toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1))
  }

  get everything() {
    return ['sim_foreign_session', 'stock_realtime_price', 'stock_state', 'stock_metadata'].map((name) => this.rows(name))
  }

  /** Where each market stands: date and slot. */
  get reached() {
    return Object.fromEntries(this.rows('sim_foreign_session').map(([market, , date, slot]) => [market, [date, slot]]))
  }
}

const generated = (code: string, date: number) => {
  const symbol = world.symbols.find((each) => each.code === code)!
  return world.session(symbol, world.dates(symbol.market).indexOf(tradeDate(date)))
}

test('ForeignSessions commits the minutes of each market by its own clock: the half day after Thanksgiving ends at 13:00 of New York, Hong Kong’s last minute with its auction', async () => {
  using desk = new Desk()
  // 09:00 of Hong Kong on 27 November: New York is over, coins are an hour into their day.
  const { sessions } = desk.open(at('2026-11-27T01:00:00Z'))
  await sessions.advance(at('2026-11-27T00:00:00Z'))
  expect(desk.reached).toEqual({ crypto: [20261127, -1], hk: [20261127, -1], us: [20261127, -1] })
  const reached = async (text: string) => {
    await sessions.advance(at(text))
    return desk.reached
  }
  expect(await reached('2026-11-27T01:00:00.000Z')).toMatchObject({ crypto: [20261127, 59], hk: [20261127, -1] })
  expect(await reached('2026-11-27T01:00:00.300Z')).toMatchObject({ crypto: [20261127, 60] })
  expect(await reached('2026-11-27T01:30:00.300Z')).toMatchObject({ hk: [20261127, 0] })
  expect(await reached('2026-11-27T04:30:00Z')).toMatchObject({ hk: [20261127, 150] })
  expect(await reached('2026-11-27T05:01:00.300Z')).toMatchObject({ hk: [20261127, 151] })
  expect(await reached('2026-11-27T08:09:59Z')).toMatchObject({ hk: [20261127, 329], us: [20261127, -1] })
  expect(await reached('2026-11-27T08:10:00.300Z')).toMatchObject({ hk: [20261127, 330] })
  expect(await reached('2026-11-27T14:31:00.300Z')).toMatchObject({ us: [20261127, 1] })
  expect(await reached('2026-11-27T18:00:00.300Z')).toMatchObject({ us: [20261127, 210] })
  expect(minutesOn('us', tradeDate(20261127))).toBe(210)
  expect(await reached('2026-11-28T00:02:00.300Z')).toEqual({ crypto: [20261128, 2], hk: [20261127, 330], us: [20261127, 210] })
  expect(sessions.nextAt).toBe(at('2026-11-28T00:03:00.300Z'))
})

test('ForeignSessions opens New York an hour later by UTC after its clocks went back', async () => {
  using desk = new Desk()
  const { sessions } = desk.open(at('2026-10-30T06:00:00Z'), { settled: { ...settled, profiles: ['us'] } })
  await sessions.advance(at('2026-10-30T06:00:00Z'))
  expect(sessions.nextAt).toBe(at('2026-10-30T13:30:00Z'))
  await sessions.advance(at('2026-10-31T00:00:00Z'))
  expect(sessions.nextAt).toBe(at('2026-11-02T14:30:00Z'))
})

test('ForeignSessions shows bars up to the minute that is over and none of the future, the very ones the night stores', async () => {
  using desk = new Desk()
  const { sessions, of } = desk.open(at('2026-11-25T14:00:00Z'))
  for (const [now, passed] of [
    ['2026-11-25T14:30:00.299Z', undefined],
    ['2026-11-25T14:30:00.300Z', 0],
    ['2026-11-25T16:07:10Z', 97],
    ['2026-11-25T20:59:59Z', 389],
    ['2026-11-25T21:00:01Z', 390],
  ] as const) {
    await sessions.advance(at(now))
    for (const code of ['JPM.US', 'AAPL.US']) {
      const [live, { day, previousClose }] = [of(code), generated(code, 20261125)]
      // Classic tickers have no opening auction.
      if (passed === undefined || passed < day.slot[0]!) {
        expect(live).toBeUndefined()
        continue
      }
      const count = passed - day.slot[0]! + 1
      expect(live).toMatchObject({ date: 20261125, passed, previousClose, at: at('2026-11-25T14:30:00Z') + 60_000 * passed })
      expect(live!.at + AFTER_MS).toBeLessThanOrEqual(at(now))
      for (const name of ['slot', 'open', 'high', 'low', 'close', 'volume', 'amount'] as const)
        expect(Array.from(live!.bars[name])).toEqual(Array.from(day[name].subarray(0, count)))
    }
  }
})

test('ForeignSessions: prices are the day so far against the close before it, states follow the chain the minutes were drawn by', async () => {
  using desk = new Desk()
  const { sessions } = desk.open(at('2026-11-25T00:00:00Z'))
  await sessions.advance(at('2026-11-25T05:40:01Z'))
  const { day, previousClose, regime, volatility } = generated('700.HK', 20261125)
  const so = foldBars(day, [0, 191])
  const [price, state, metadata] = ['stock_realtime_price', 'stock_state', 'stock_metadata'].map((name) =>
    desk.rows(name).find(([symbol]) => symbol === '700.HK')!,
  )
  const close = day.close[190]!
  expect(price!.slice(0, 3)).toEqual(['700.HK', close, generated('700.HK', 20261124).day.close.at(-1)])
  expect(price!.slice(4)).toEqual([
    close / previousClose - 1,
    so.open[0],
    so.high[0],
    so.low[0],
    so.volume[0],
    so.amount[0],
    null,
    null,
    at('2026-11-25T05:40:00Z'),
  ])
  const name = (['bull', 'bear', 'sideways'] as const)[regime.state[190]!]!
  expect(state).toEqual([
    '700.HK',
    close,
    volatility * { bull: 1, bear: 1.5, sideways: 0.8 }[name],
    { bull: 0.15, bear: -0.15, sideways: 0 }[name],
    name,
    regime.left[190],
    at('2026-11-25T05:40:00Z'),
    'w',
  ])
  expect(metadata!.slice(0, 4)).toEqual(['700.HK', '霁川控股', 'hk', 'hk'])
  expect(desk.rows('stock_metadata').find(([symbol]) => symbol === 'BTCUSDT')![10]).toBe(1e-6)
})

test('ForeignSessions that begins anew stands as the last day left it, whatever was there before', async () => {
  using desk = new Desk()
  // Saturday of New York, before which another test was played further than that.
  await desk.open(at('2026-11-30T14:00:00Z'), { isVirtual: true }).sessions.advance(at('2026-11-30T15:00:01Z'))
  expect(desk.reached['us']).toEqual([20261130, 30])
  const { sessions, of } = desk.open(at('2026-11-28T15:00:00Z'), { isVirtual: true, resumes: false, settled: { ...settled, profiles: ['us'] } })
  await sessions.advance(at('2026-11-28T15:00:00Z'))
  expect(desk.reached['us']).toEqual([20261130, -1])
  const close = generated('JPM.US', 20261127).day.close.at(-1)
  expect(desk.rows('stock_realtime_price').find(([symbol]) => symbol === 'JPM.US')).toMatchObject({ 1: close, 12: at('2026-11-27T18:00:00Z') })
  expect(desk.rows('stock_state').find(([symbol]) => symbol === 'JPM.US')).toMatchObject({ 1: close, 6: at('2026-11-27T18:00:00Z') })
  expect([of('JPM.US'), sessions.nextAt]).toEqual([undefined, at('2026-11-30T14:30:00Z')])
  // The first day of a world has none before it.
  using first = new Desk()
  await first.open(at('2026-10-26T00:00:00Z'), { settled: { ...settled, profiles: ['hk'] } }).sessions.advance(at('2026-10-26T01:00:00Z'))
  expect([first.reached, first.rows('stock_realtime_price'), first.rows('stock_metadata').length]).toEqual([{ hk: [20261026, -1] }, [], 10])
})

/** A market that is young: nothing to walk through before it lives. */
const young = { settled: { ...settled, firstDate: tradeDate(20261124) } }

test('ForeignSessions stopped at forty random instants leaves the rows of one nobody stopped, through a weekend', async () => {
  const [from, to] = [at('2026-11-27T03:00:00Z'), at('2026-11-30T16:00:01Z')]
  using whole = new Desk()
  await whole.open(from, young).sessions.advance(to)
  expect(whole.reached).toEqual({ crypto: [20261130, 960], hk: [20261130, 330], us: [20261130, 90] })
  using broken = new Desk()
  const rng = seededRng(40)
  const stops = Array.from({ length: 40 }, () => from + rng.integer(0, to - from)).toSorted((a, b) => a - b)
  for (const instant of [...stops, to]) await broken.open(instant as EpochMs, young).sessions.advance(instant)
  expect(broken.everything).toEqual(whole.everything)
})

test('ForeignSessions stopped between any two minutes it makes up for goes on with the next of them', async () => {
  const [from, to] = [at('2026-11-25T06:30:00Z'), at('2026-11-25T16:00:00Z')]
  using whole = new Desk()
  await whole.open(from, young).sessions.advance(to)
  using broken = new Desk()
  await broken.open(from, young).sessions.advance(0)
  const rng = seededRng(41)
  let [starts, commits, stop] = [0, 0, new AbortController()]
  const { liveMarket } = broken.ledger
  const mark = liveMarket.markForeign.bind(liveMarket)
  liveMarket.markForeign = (...all) => {
    mark(...all)
    if (--commits === 0) stop.abort()
  }
  for (let isDone = false; !isDone; starts++) {
    commits = rng.integer(1, 60)
    stop = new AbortController()
    const { sessions } = broken.open(to, { ...young, signal: stop.signal })
    await sessions.advance(to)
    isDone = sessions.nextAt > to
  }
  expect(starts).toBeGreaterThan(20)
  expect(broken.everything).toEqual(whole.everything)
})

test('ForeignSessions goes on with what it missed within ten days of the market, and leaves what is older to the night', async () => {
  using desk = new Desk()
  await desk.open(at('2026-11-02T15:00:00Z')).sessions.advance(at('2026-11-02T15:00:01Z'))
  const { sessions } = desk.open(at('2026-11-12T15:00:00Z'))
  // Eleven days of coins ago, and eight of the others.
  expect(desk.reached).toEqual({ crypto: [20261102, 900], hk: [20261103, -1], us: [20261102, 30] })
  await sessions.advance(at('2026-11-12T15:00:01Z'))
  expect(desk.reached).toEqual({ crypto: [20261112, 900], hk: [20261112, 330], us: [20261112, 30] })
  const over: string[] = []
  const dayOver = (market: string, date: number) => Promise.resolve(void over.push(`${market} ${date}`))
  await desk.open(at('2026-11-24T15:00:00Z'), { dayOver }).sessions.advance(at('2026-11-24T15:00:01Z'))
  // Twelve days of coins are not made up for; eight of New York and of Hong Kong are.
  expect(desk.reached).toEqual({ crypto: [20261124, 900], hk: [20261124, 330], us: [20261124, 30] })
  expect(['crypto', 'hk', 'us'].map((market) => over.filter((each) => each.startsWith(market)).length)).toEqual([0, 8, 8])
})

test('ForeignSessions: time that was played is not gone on with by the clock, nor the other way round', async () => {
  using desk = new Desk()
  await desk.open(at('2026-11-24T03:00:00Z'), { isVirtual: true }).sessions.advance(at('2026-11-24T03:00:01Z'))
  expect(desk.reached).toMatchObject({ crypto: [20261124, 180], hk: [20261124, 90] })
  await desk.open(at('2026-11-26T03:00:00Z')).sessions.advance(at('2026-11-26T00:00:00Z'))
  expect(desk.reached).toMatchObject({ crypto: [20261126, -1], hk: [20261126, -1] })
})

test('ForeignSessions moves the forming bar of whoever listens with every minute, and gives the snapshot of a day that begins', async () => {
  using desk = new Desk()
  const { sessions, klines } = desk.open(at('2026-11-24T23:50:00Z'), { settled: { ...settled, profiles: ['crypto'] } })
  const frames: { readonly op: string; readonly data: { readonly type: string; readonly bar: { readonly time: number; readonly close: number } } }[] = []
  const subscriber = { send: (frame: string) => frames.push(JSON.parse(frame) as (typeof frames)[number]), bufferedBytes: () => 0, close: () => {} }
  await sessions.advance(at('2026-11-24T23:57:01Z'))
  klines.subscribe(subscriber, 'kline:BTCUSDT:5m', { id: '1' })
  const { day } = generated('BTCUSDT', 20261124)
  expect(frames.splice(0).map(({ op }) => op)).toEqual(['ack', 'snap'])
  const heard: unknown[] = []
  for (const [second, instant] of ['2026-11-24T23:58:01Z', '2026-11-24T23:59:01Z', '2026-11-25T00:00:00.300Z', '2026-11-25T00:01:01Z'].entries()) {
    await sessions.advance(at(instant))
    klines.turn(1000 * second)
    for (const { op, data } of frames.splice(0)) heard.push(op === 'delta' ? [data.type, data.bar.time, data.bar.close] : op)
  }
  expect(heard).toEqual([
    ['forming', at('2026-11-25T00:00:00Z'), day.close[1437]],
    ['forming', at('2026-11-25T00:00:00Z'), day.close[1438]],
    ['final', at('2026-11-25T00:00:00Z'), day.close[1439]],
    'ack',
    'snap',
    ['forming', at('2026-11-25T00:05:00Z'), generated('BTCUSDT', 20261125).day.close[0]],
  ])
})

test('ForeignSessions tells when a day is over before the next one begins, which then is the one that is shown', async () => {
  using desk = new Desk()
  const told: (readonly unknown[])[] = []
  const { sessions, of } = desk.open(at('2026-11-24T23:58:00Z'), {
    settled: { ...settled, profiles: ['crypto'] },
    async dayOver(market, date) {
      await Promise.resolve()
      told.push([market, date, of('BTCUSDT')?.passed, desk.reached['crypto']])
    },
  })
  await sessions.advance(at('2026-11-25T00:00:00.300Z'))
  expect(told).toEqual([['crypto', 20261124, 1440, [20261124, 1440]]])
  expect(lastEnded('crypto', at('2026-11-25T00:00:00.300Z'))).toBe(20261124)
  expect(of('BTCUSDT')).toBeUndefined()
  await sessions.advance(at('2026-11-25T00:01:01Z'))
  expect(of('BTCUSDT')).toMatchObject({ date: 20261125, passed: 1 })
})

test('ForeignSessions that cannot commit a minute says why and has written nothing of it', async () => {
  using desk = new Desk()
  const { sessions } = desk.open(at('2026-11-24T03:00:00Z'))
  await sessions.advance(at('2026-11-24T03:10:01Z'))
  const before = desk.everything
  desk.ledger.liveMarket.markForeign = () => {
    throw Object.assign(new Error('database or disk is full'), { errcode: 13 })
  }
  await expect(sessions.advance(at('2026-11-24T03:11:01Z'))).rejects.toThrow('database or disk is full')
  expect(desk.everything).toEqual(before)
})
