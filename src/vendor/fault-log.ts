import { FAULTS, type Fault } from '#market/fault.ts'

/** How many told faults are remembered. */
const REMEMBERED = 500_000

/**
 * Tell each fault once: the faulty rows of a table are made again whenever they are asked for, and are still one fault. What happens to a request happens every time. Returns what
 * hears of the faults.
 */
export function toldOnce(tell: (fault: Fault) => void): (fault: Fault) => void {
  const told = new Set<string>()
  return (fault) => {
    const { unit } = FAULTS[fault.kind]
    if (unit === 'request' || unit === 'page') return tell(fault)
    const text = JSON.stringify(fault)
    if (told.has(text)) return
    // One that could not be told is told the next time.
    tell(fault)
    if (told.size >= REMEMBERED) told.clear()
    told.add(text)
  }
}

/** One line of the fault log: JSON, the time as epoch milliseconds, null when the fault has none. */
export function faultLine({ kind, entity, date, at, detail }: Fault): string {
  return `${JSON.stringify({ kind, entity, date, at: Number.isNaN(at) ? null : at, detail })}\n`
}
