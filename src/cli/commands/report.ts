import { defineCommand } from '../command.ts'
import { counted, fixed, percent, span } from '../render.ts'
import { textTable } from '../text-table.ts'

interface Cell {
  readonly mean: number | null
  readonly t: number | null
  readonly days: number
}

interface Study {
  readonly from: number
  readonly to: number
  readonly days: number
  readonly scored: number
  readonly horizons: readonly { readonly horizon: number; readonly groups: readonly Cell[]; readonly spread: Cell }[]
}

export const report = defineCommand({
  name: 'report',
  about: 'What followed a score: forward returns by fifth, with Newey–West t',
  arguments: [{ name: '<topic>', about: 'fund-quality' }],
  options: [
    { flags: '--from <date>', about: 'first trade date; all there is by default' },
    { flags: '--to <date>', about: 'last trade date' },
  ],
  examples: ['fupan report fund-quality', 'fupan report fund-quality --from 20260901 --json'],
  does: 'verb',
  args: (positional, options) => ({
    topic: positional[0],
    ...(options['from'] === undefined ? {} : { from: options['from'] }),
    ...(options['to'] === undefined ? {} : { to: options['to'] }),
  }),
  render(data) {
    const { from, to, days, scored, horizons } = data as Study
    const head = `Fund quality, ${span(from, to)}: ${counted(scored)} scored stock-days, ${days} days with at least 20 of them.`
    if (days === 0) return `${head}\nToo few stocks are scored on any day to split them by fifth.`
    const fifths = horizons[0]?.groups.map((_, fifth) => `Q${fifth + 1}`) ?? []
    const rows = horizons.map(({ horizon, groups, spread }) => [
      `${horizon} d`,
      ...groups.map(({ mean }) => percent(mean, 3)),
      percent(spread.mean, 3),
      fixed(spread.t, 2),
      spread.days,
    ])
    return `${head}\nMean return after the close by fifth of the score (Q5 best); t of Q5 - Q1 by Newey–West, lag = horizon.\n\n${textTable(['ahead', ...fifths, 'Q5 - Q1', 't', 'days'], rows)}`
  },
})
