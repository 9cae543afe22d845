import { ConfigError } from '#core/errors.ts'
import type { Clock } from '#core/clock.ts'
import { openApp } from './app.ts'
import { chooseWorld, ownerOf } from './choose-world.ts'
import type { Config, World } from './config.ts'
import { callControl } from './control-socket.ts'
import { createLog } from './log.ts'
import { runVerb } from './run-verb.ts'
import type { VerbContext, VerbReply } from './verb.ts'

export interface VerbCall extends VerbContext {
  readonly config: Config
  readonly clock: Clock
  readonly world: World | undefined
  readonly verb: string
  readonly args: unknown
}

/** Run a verb wherever the world is owned: in the running server through its control socket, else in this process. No visible difference. */
export async function callVerb({ config, clock, world: asked, verb, args, ...context }: VerbCall): Promise<VerbReply> {
  const world = chooseWorld(config, clock, asked)
  const owner = ownerOf(config, world, clock)
  if (owner?.socket !== undefined) {
    try {
      return await callControl(owner.socket, verb, args, context)
    } catch (error) {
      // Expected: the owner died and its socket answers no more; then the world is opened here.
      if (!['ECONNREFUSED', 'ENOENT'].includes((error as { code?: string }).code ?? '')) throw error
    }
  }
  const log = createLog({ level: 'warn' })
  const opened = await openApp({ config, world, clock, log })
  if (opened.type === 'held') {
    const { pid, host, since } = opened.by
    throw new ConfigError(
      `Cannot open ${config.dataDirectory.value}: process ${pid} on ${host} has owned it since ${new Date(since).toISOString()}. Wait for it to end, or use another FUPAN_DATA_DIR`,
    )
  }
  try {
    return await runVerb(opened.app, verb, args, context)
  } finally {
    await opened.app.close()
  }
}
