/* A process that leaves while four statements and a stream run. Arguments: directory, how ('close', 'exit' or 'throw'), the socket of an engine in its own process. */
import { openEmbeddedEngine } from '#warehouse/engine/embedded-engine.ts'

const [directory, how, socket] = process.argv.slice(2) as [string, string, string?]
const place = socket === undefined ? {} : { socket }
const engine = await openEmbeddedEngine({ directory, ...place })
const endings = Array.from({ length: 4 }, () =>
  engine.rows('select sum(cityHash64(number)) as s from numbers(200000000000)').then(
    () => 'resolved',
    (error: { kind: string }) => error.kind,
  ),
)
setTimeout(() => {
  process.stdout.write('leaving\n')
  if (how === 'exit') process.exit(7)
  if (how === 'throw') throw new Error('a bug while statements run')
  void engine.close().then(async () => {
    process.stdout.write(`${(await Promise.all(endings)).join()}\n`)
    const second = await openEmbeddedEngine({ directory: `${directory}-second`, ...place })
    process.stdout.write(`${JSON.stringify(await second.rows('select 1 as again'))}\n`)
    await second.close()
    await second.close()
    process.exit(0)
  })
}, 500)
