import { afterAll, expect, test } from 'vitest'
import { engineContract, ending } from '../../../tests/engine-host/engine-contract.ts'
import { startHttpHost, whyNoHost, type HttpHost } from '../../../tests/engine-host/http-host.ts'
import { openEngine } from './open-engine.ts'
import { openServerEngine } from './server-engine.ts'

const url = process.env['FUPAN_CLICKHOUSE_URL']
const why = url === undefined ? whyNoHost() : undefined

let host: HttpHost | undefined
afterAll(() => host?.stop())

if (why === undefined) {
  engineContract('server', async () => {
    if (url === undefined) host = await startHttpHost()
    return openEngine({ directory: '', threadPoolSize: 4, url: url ?? host!.url })
  })
}

test.skipIf(why !== undefined)(
  `server engine keeps the contract (${why ?? `on ${url === undefined ? 'the embedded library’s HTTP host' : 'FUPAN_CLICKHOUSE_URL'}`})`,
  () => {
    expect(why).toBeUndefined()
  },
)

test('openServerEngine() says what is wrong with an address, and never shows a password', async () => {
  expect(await ending(openServerEngine({ url: 'localhost:8123' }))).toMatchObject({
    kind: 'ConfigError',
    message: expect.stringContaining('http://localhost:8123'),
  })
  const refused = await ending(openServerEngine({ url: 'http://someone:secret@127.0.0.1:9' }))
  expect(refused).toMatchObject({ kind: 'unavailable', message: expect.stringContaining('127.0.0.1:9') })
  expect(refused.message).not.toContain('secret')
})
