import { hash } from 'node:crypto'
import { dateOf, timeOfDay } from '#core/shanghai-time.ts'
import type { EpochMs } from '#core/trade-date.ts'
import type { Plan } from './plan.ts'

/** 运行号 from the instant and the content of the plan: `20260105-163001250-3fa9c2d1` (Shanghai time, milliseconds, hash of the steps). */
export function runIdOf(plan: Plan, at: EpochMs): string {
  const content = plan.steps.map(({ task, from, to, why }) => `${task} ${from} ${to} ${why}`).join('\n')
  const ms = timeOfDay(at)
  const parts = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, Math.floor(ms / 1000) % 60].map((part) => String(part).padStart(2, '0'))
  return `${dateOf(at)}-${parts.join('')}${String(ms % 1000).padStart(3, '0')}-${hash('sha256', content).slice(0, 8)}`
}
