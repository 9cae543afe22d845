import type { Bench, BenchContext } from './bench.ts'
import { benches } from './index.ts'

/** One half of one bench, in the process that `run.ts` made for it. Arguments: bench, half, context as JSON. */
const [name, half, settings] = process.argv.slice(2) as [string, 'prepare' | 'run', string]
const bench: Bench = benches.find((each) => each.name === name)!
const send = (message: object) =>
  new Promise<void>((settle, refuse) => process.send!(message, (error: Error | null) => (error === null ? settle() : refuse(error))))
const context: BenchContext = { ...(JSON.parse(settings) as Omit<BenchContext, 'say'>), say: (text) => void send({ said: text }) }

if (half === 'prepare') await bench.prepare?.(context)
else for await (const measurement of bench.run(context)) await send({ measured: measurement })
process.disconnect?.()
