import type { Bench } from './bench.ts'
import { bollingerHistory } from './bollinger-history.bench.ts'

export const benches: readonly Bench[] = [bollingerHistory]
