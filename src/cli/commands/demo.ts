import { defineCommand } from '../command.ts'
import { wholeNumber } from '../option-values.ts'

export const demo = defineCommand({
  name: 'demo',
  about: 'Make a simulated market, run the night, serve the cockpit and play a live session',
  arguments: [],
  options: [
    { flags: '--port <port>', about: 'default 8710 (FUPAN_PORT)' },
    { flags: '--size <stocks>', about: 'stocks of a new simulated market, default 300' },
    { flags: '--days <days>', about: 'trading days of history, default 750' },
    { flags: '--seed <seed>', about: 'seed of a new simulated market' },
    { flags: '--speed <factor>', about: 'speed of the live session, default 30 times the clock' },
    { flags: '--once', about: 'end after the night instead of serving' },
  ],
  examples: ['fupan demo', 'fupan demo --size 50 --days 120 --once'],
  world: 'sim',
  does: 'demo',
  args: (_positional, options) => ({
    once: options['once'] === true,
    ...Object.fromEntries(
      ['size', 'days', 'seed', 'speed'].filter((name) => options[name] !== undefined).map((name) => [name, wholeNumber(name, options[name], 1)]),
    ),
  }),
  render: () => '',
})
