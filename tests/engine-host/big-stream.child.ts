/* A process that streams 30 M rows and says what it saw and how much memory it took at most. Argument: directory. */
import { labels, numbers } from '#core/frame.ts'
import { openEmbeddedEngine } from '#warehouse/engine/embedded-engine.ts'

const engine = await openEmbeddedEngine({ directory: process.argv[2]! })
const before = process.memoryUsage().rss
let [rows, sum, codes, peak] = [0, 0, 0, 0]
const sql = `select toInt64(number) as at, toLowCardinality(toString(600000 + intDiv(number, 5000))) as ts_code, toInt32(number % 10000) as price,
  toFloat64(number) as volume, toFloat64(number) as amount from numbers(30000000)`
for await (const frame of engine.frames(sql)) {
  const volume = numbers(frame, 'volume')
  for (let row = 0; row < frame.length; row++) sum += volume[row]!
  codes += labels(frame, 'ts_code').values.length
  rows += frame.length
  peak = Math.max(peak, process.memoryUsage().rss)
}
process.stdout.write(JSON.stringify({ rows, sum, codes, growthMb: Math.round((peak - before) / 1e6) }))
await engine.close()
