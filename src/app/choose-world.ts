import { existsSync } from 'node:fs'
import { hostname } from 'node:os'
import type { Clock } from '#core/clock.ts'
import { openLedger } from '#ledger/ledger.ts'
import type { Holder } from '#ledger/directory-lease.ts'
import type { Config, World } from './config.ts'
import { foldersOf } from './world.ts'

/** Who owns a world's directory right now, if anybody does. */
export function ownerOf(config: Config, world: World, clock: Clock): Holder | undefined {
  const { root } = foldersOf(config, world)
  if (!existsSync(root)) return undefined
  const ledger = openLedger({ directory: root, clock, processId: process.pid, hostName: hostname() })
  try {
    return ledger.directoryHolder()
  } finally {
    ledger.close()
  }
}

/** The world a verb means when it does not say: the one a running server shows, else the real one once it holds anything, else the simulated one. */
export function chooseWorld(config: Config, clock: Clock, asked: World | undefined): World {
  if (asked !== undefined) return asked
  for (const world of ['market', 'sim'] as const) if (ownerOf(config, world, clock)?.socket !== undefined) return world
  return existsSync(foldersOf(config, 'market').engine) ? 'market' : 'sim'
}
