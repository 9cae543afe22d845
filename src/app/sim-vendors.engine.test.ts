import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApp, type App } from './app.ts'
import { readConfig } from './config.ts'
import { createLog } from './log.ts'
import { runVerb } from './run-verb.ts'
import { systemClock } from './system-clock.ts'
import type { VerbReply } from './verb.ts'

const folder = mkdtempSync(join(tmpdir(), 'fupan-vendors-'))
let app: App

beforeAll(async () => {
  const config = readConfig({ dataDirectory: folder, port: 0 }, { UV_THREADPOOL_SIZE: '16' })
  const opened = await openApp({ config, world: 'sim', clock: systemClock, log: createLog({ level: 'silent' }), simulated: { size: 12, days: 40, seed: 4 } })
  if (opened.type === 'held') throw new Error('the temporary folder is held')
  app = opened.app
})

afterAll(async () => {
  await app.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Run the verb, do something at its address, stop it, and give its reply. */
async function during(args: object, work: (address: string) => Promise<void>): Promise<VerbReply> {
  const stop = new AbortController()
  const heard = Promise.withResolvers<string>()
  const verb = runVerb(
    app,
    'sim',
    { action: 'vendors', port: 0, ...args },
    {
      emit: (event) => event.type === 'message' && heard.resolve(/http:\/\/[\d.]+:\d+/.exec(event.text)![0]),
      signal: stop.signal,
      folder,
    },
  )
  try {
    await work(await Promise.race([heard.promise, verb.then(() => '')]))
  } finally {
    stop.abort()
  }
  return verb
}

test('sim vendors serves every vendor on this machine alone until it is stopped, and writes its faults down', async () => {
  writeFileSync(join(folder, 'faults.json'), JSON.stringify({ rates: { http_429: 1 }, retryAfterSeconds: 3 }))
  const reply = await during({ faults: 'faults.json', at: '10:30', speed: 0 }, async (address) => {
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:/)
    const ask = () => fetch(`${address}/tencent/q=sh600000`)
    let refused = 0
    let response = await ask()
    for (; response.status === 429; response = await ask()) {
      expect(response.headers.get('retry-after')).toBe('3')
      refused++
    }
    expect(refused).toBeGreaterThan(0)
    expect(await response.text()).toMatch(/^v_(?:sh600000|pv_none_match)="/)
  })
  const { exitCode, data } = reply as { exitCode: number; data: { faults: number; log: string; address: string } }
  expect(exitCode).toBe(0)
  const lines = readFileSync(data.log, 'utf8').trimEnd().split('\n')
  expect(lines.length).toBe(data.faults)
  expect(JSON.parse(lines[0]!)).toMatchObject({ kind: 'http_429', entity: 'tencent qt', detail: { attempt: 0 } })
  await expect(fetch(`${data.address}/tencent/q=sh600000`)).rejects.toThrow()
})

test('sim vendors ends at once when it is stopped, whatever answer is still held back', async () => {
  writeFileSync(join(folder, 'slow.json'), JSON.stringify({ rates: { slow_response: 1 }, slowMs: 60_000 }))
  let waiting: Promise<unknown> = Promise.resolve()
  const started = performance.now()
  await during({ faults: 'slow.json' }, async (address) => {
    waiting = fetch(`${address}/tencent/q=sh600000`).catch((error: unknown) => error)
    await new Promise((resolve) => setTimeout(resolve, 300))
  })
  expect(performance.now() - started).toBeLessThan(5000)
  expect(await waiting).toBeInstanceOf(Error)
})

test('sim vendors refuses what it cannot serve, saying why', async () => {
  const refused = async (args: object) => during(args, async () => {})
  writeFileSync(join(folder, 'bad.json'), '{"rates":{"flood":1}}')
  writeFileSync(join(folder, 'much.json'), '{"rates":{"http_429":0.7,"server_error":0.7}}')
  await expect(refused({ faults: 'none.json' })).rejects.toThrow(/Cannot read the faults in none\.json: there is no such file/)
  await expect(refused({ faults: 'bad.json' })).rejects.toThrow(/Cannot read the faults in bad\.json: .*flood/)
  await expect(refused({ faults: 'much.json' })).rejects.toThrow(/one request has at most one/)
  await expect(refused({ date: 20200101 })).rejects.toThrow(/Cannot serve 20200101: the simulated market has the trading days from/)
  await expect(refused({ at: '25:99' })).rejects.toThrow(/Cannot begin at 25:99/)
  await during({}, async (address) => {
    await expect(refused({ port: Number(new URL(address).port) })).rejects.toThrow(/another program listens there/)
  })
})
