import { candidates } from './candidates.ts'
import { klines } from './klines.ts'
import { opportunities } from './opportunities.ts'
import { status } from './status.ts'
import { stock } from './stock.ts'
import { symbols } from './symbols.ts'
import { tables } from './tables.ts'

export const routes = [candidates, klines, opportunities, status, stock, symbols, tables] as const

export type Routes = typeof routes
