import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Clock } from '#core/clock.ts'
import { seededRng } from '#core/rng.ts'
import type { EpochMs } from '#core/trade-date.ts'
import { createTushareClient, type Cell, type TransportReply, type TusharePage } from './tushare-client.ts'
import { namedRate, tushareTrouble } from './tushare-error.ts'

const TOKEN = 'a-very-secret-token'

interface Body {
  readonly api_name: string
  readonly token: string
  readonly params: { readonly limit: number; readonly offset: number }
}

/** A clock that jumps over its sleeps and remembers them; half a minute into a minute. */
function jumpingClock(): Clock & { readonly slept: number[] } {
  let now = 1_800_000_030_000
  const slept: number[] = []
  return {
    slept,
    now: () => now as EpochMs,
    async sleep(ms) {
      slept.push(ms)
      now += ms
    },
  }
}

/** A client of a server that answers by a function of the request and of how many came before. */
function clientOf(answer: (body: Body, call: number) => Partial<TransportReply> | Error, callsPerMinute = Infinity) {
  const clock = jumpingClock()
  let calls = 0
  const client = createTushareClient({
    async transport(body) {
      const reply = answer(JSON.parse(body) as Body, calls++)
      if (reply instanceof Error) throw reply
      return { status: 200, retryAfter: undefined, body: '', ...reply }
    },
    token: TOKEN,
    clock,
    rng: seededRng(1),
    callsPerMinute,
  })
  return { client, clock, calls: () => calls }
}

const ok = (items: readonly (readonly Cell[])[], more: object = {}, fields: readonly string[] = ['ts_code', 'close']) => ({
  body: JSON.stringify({ request_id: 'x', code: 0, msg: null, data: { fields, items, ...more } }),
})
const refusal = (code: number, msg: string) => ({ body: JSON.stringify({ code, msg, data: null }) })

async function all(pages: AsyncIterable<TusharePage>): Promise<(readonly Cell[])[]> {
  const items: (readonly Cell[])[] = []
  for await (const page of pages) items.push(...page.items)
  return items
}

const rows = (from: number, to: number) => Array.from({ length: to - from }, (_, k) => [`c${from + k}`, from + k])

test('tushareTrouble() goes by the message first and by the code then', () => {
  expect(tushareTrouble(40203, '抱歉，您每分钟最多访问该接口500次')).toBe('RATE_MINUTE')
  expect(tushareTrouble(40203, '抱歉，您没有访问该接口的权限')).toBe('PERMISSION')
  expect(tushareTrouble(40203, '')).toBe('RATE_MINUTE')
  expect(tushareTrouble(1, '每小时最多访问该接口10次')).toBe('RATE_HOUR')
  expect(tushareTrouble(1, '每天最多访问该接口10次')).toBe('RATE_DAY')
  expect(tushareTrouble(40101, '')).toBe('TOKEN')
  expect(tushareTrouble(5, '您的token不对，请确认。')).toBe('TOKEN')
  expect([tushareTrouble(2002, ''), tushareTrouble(-2002, ''), tushareTrouble(7, '积分不足')]).toEqual(['PERMISSION', 'PERMISSION', 'PERMISSION'])
  expect([tushareTrouble(-2001, ''), tushareTrouble(9, '参数校验失败'), tushareTrouble(50_000, 'x')]).toEqual(['PARAM', 'PARAM', 'SERVER'])
  expect([namedRate('抱歉，您每分钟最多访问该接口500次'), namedRate('没有')]).toEqual([500, undefined])
})

const recordedErrors = join(process.env.FUPAN_SHARED ?? '../shared', 'fixtures/quotes/tushare/error_envelopes.json')
test.skipIf(!existsSync(recordedErrors))('tushareTrouble() knows the recorded errors (needs FUPAN_SHARED)', () => {
  const envelopes = JSON.parse(readFileSync(recordedErrors, 'utf8')) as { code: number; msg: string }[]
  expect(envelopes.map(({ code, msg }) => tushareTrouble(code, msg))).toEqual(['RATE_MINUTE', 'PERMISSION'])
})

test('the client asks on while pages are full or more is said to come, and stops at the first that is neither', async () => {
  const server = (total: number) => clientOf(({ params: { limit, offset } }) => ok(rows(offset, Math.min(total, offset + limit))))
  for (const [total, calls] of [
    [0, 1],
    [9, 1],
    [10, 2],
    [25, 3],
    [30, 4],
  ] as const) {
    const { client, calls: asked } = server(total)
    expect(await all(client.query('daily', {}, [], 10))).toEqual(rows(0, total))
    expect(asked(), `${total} rows`).toBe(calls)
  }
  const short = clientOf(({ params: { offset } }) => ok(rows(offset, offset + 3), { has_more: offset < 6 }))
  expect(await all(short.client.query('daily', {}, [], 10))).toEqual(rows(0, 9))
})

test('the client tells an interface that ignores the offset, and a page that is cut off however often it is asked', async () => {
  await expect(all(clientOf(() => ok(rows(0, 10))).client.query('daily', {}, [], 10))).rejects.toMatchObject({ trouble: 'PAGING_UNSUPPORTED' })
  const cut = clientOf(() => ok(rows(0, 4), { has_more: false, count: 9 }))
  await expect(all(cut.client.query('daily', {}, [], 10))).rejects.toMatchObject({ trouble: 'SERVER', message: /9 rows are announced and 4 come/ })
  const once = clientOf((_, call) => ok(rows(0, call === 0 ? 4 : 9), { has_more: false, count: 9 }))
  expect(await all(once.client.query('daily', {}, [], 10))).toEqual(rows(0, 9))
  expect(once.client.counts).toMatchObject({ calls: 2, cutPages: 1 })
})

test('the client retries trouble of servers five times, each wait about twice the last, then gives up', async () => {
  const broken: (Partial<TransportReply> | Error)[] = [
    { status: 502 },
    new Error('read ECONNRESET'),
    { body: '<html>' },
    { body: '{"code":0,"data":{"fields":' },
    refusal(50_000, 'busy'),
  ]
  const { client, clock } = clientOf((_, call) => broken[call] ?? ok(rows(0, 2)))
  expect(await all(client.query('daily', {}, [], 10))).toEqual(rows(0, 2))
  expect(client.counts).toEqual({ calls: 6, retries: 5, rateWaits: 0, cutPages: 0 })
  for (const [k, ms] of clock.slept.entries()) {
    expect(ms).toBeGreaterThanOrEqual(0.9 * 2000 * 2 ** k)
    expect(ms).toBeLessThanOrEqual(1.1 * 2000 * 2 ** k)
  }
  const dead = clientOf(() => ({ status: 503, retryAfter: '100' }))
  await expect(all(dead.client.query('daily', {}, [], 10))).rejects.toMatchObject({ trouble: 'SERVER' })
  expect(dead.clock.slept).toEqual([100_000, 100_000, 100_000, 100_000, 100_000])
})

test('the client waits out a rate limit: as long as Retry-After says, else to the next minute; that is no retry', async () => {
  const { client, clock } = clientOf((_, call) =>
    call === 0
      ? { status: 429, retryAfter: '7' }
      : call === 1
        ? { status: 429 }
        : call === 2
          ? refusal(40203, '抱歉，您每分钟最多访问该接口50次')
          : ok(rows(0, 2)),
  )
  expect(await all(client.query('daily', {}, [], 10))).toEqual(rows(0, 2))
  expect(client.counts).toMatchObject({ retries: 0, rateWaits: 3 })
  expect(clock.slept[0]).toBe(7000)
  // 37 s into the minute: 23 s to its end, and 1 to 3 s more.
  expect(clock.slept[1]).toBeGreaterThanOrEqual(24_000)
  expect(clock.slept[1]).toBeLessThanOrEqual(26_000)
  const never = clientOf(() => refusal(40203, '抱歉，您每分钟最多访问该接口50次'))
  await expect(all(never.client.query('daily', {}, [], 10))).rejects.toMatchObject({ trouble: 'RATE_MINUTE', reason: 'rate-limited' })
  expect(never.client.counts.rateWaits).toBe(10)
})

test.each([
  ['TOKEN', 40101, `您的token不对: ${TOKEN}`],
  ['PERMISSION', 2002, '抱歉，您没有访问该接口的权限'],
  ['PARAM', -2001, '参数错误'],
  ['RATE_DAY', 40203, '抱歉，您每天最多访问该接口100次'],
])('the client ends at once with %s and never tells the token', async (trouble, code, message) => {
  const { client, clock } = clientOf(() => refusal(code, message))
  await expect(all(client.query('daily', {}, [], 10))).rejects.toMatchObject({ trouble, message: expect.not.stringContaining(TOKEN) as string })
  expect(clock.slept).toEqual([])
})

test('the client keeps to four fifths of the calls an account has in a minute, and to less when the vendor names less', async () => {
  const { client, clock } = clientOf(() => ok(rows(0, 1)), 50)
  for (let k = 0; k < 40; k++) await all(client.query('daily', {}, [], 10))
  expect(clock.slept).toEqual([])
  for (let k = 0; k < 40; k++) await all(client.query('daily', {}, [], 10))
  expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(59_000)
  await all(client.query('adj_factor', {}, [], 10))
  const before = clock.slept.length
  await all(client.query('adj_factor', {}, [], 10))
  expect(clock.slept.length).toBe(before)
  const lowered = clientOf((_, call) => (call === 0 ? refusal(40203, '抱歉，您每分钟最多访问该接口10次') : ok(rows(0, 1))))
  for (let k = 0; k < 20; k++) await all(lowered.client.query('daily', {}, [], 10))
  // Eight a minute: the other twelve wait about 7.5 s each.
  expect(lowered.clock.slept.slice(1).reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(11 * 7500)
})
