import { bollingerHistory } from '/work/main/tests/bench/bollinger-history.bench.ts'
import { mkdirSync } from 'node:fs'
const [scale, folder] = [Number(process.argv[2]), process.argv[3]!]
mkdirSync(folder, { recursive: true })
const t = performance.now()
await bollingerHistory.prepare!({ scale, folder, shared: undefined, say() {} })
console.log('prepared', ((performance.now() - t) / 1000).toFixed(1))
