import { nearest, UsageError } from '#core/errors.ts'
import type { z } from 'zod'
import type { App } from './app.ts'
import { diskFull } from './disk-full.ts'
import type { VerbContext, VerbReply } from './verb.ts'
import { verbs } from './verbs/index.ts'

/** Run a verb by name in the process that owns the world. Throws UsageError for an unknown verb or arguments that do not fit, ConfigError when the disk is full. */
export async function runVerb(app: App, name: string, args: unknown, context: VerbContext): Promise<VerbReply> {
  const verb = verbs.find((each) => each.name === name)
  if (verb === undefined) {
    const near = nearest(
      name,
      verbs.map((each) => each.name),
    )
    throw new UsageError(`Cannot run "${name}": there is no such command${near === undefined ? '' : ` (did you mean ${near}?)`}. See: fupan --help`)
  }
  const own = readArgs(name, verb.args, args)
  try {
    return await (verb.run as (app: App, args: unknown, context: VerbContext) => Promise<VerbReply>)(app, own, context)
  } catch (error) {
    // Expected: a disk that fills up while the ledger or a file is written. Anything else goes on.
    throw diskFull(error, app.folders.root, 'What was finished before is kept') ?? error
  }
}

/** Arguments as a schema wants them. Throws UsageError naming each one that does not fit. */
export function readArgs<Args extends z.ZodType>(name: string, schema: Args, args: unknown): z.output<Args> {
  const parsed = schema.safeParse(args)
  if (parsed.success) return parsed.data
  throw new UsageError(
    `Cannot run ${name}: ${parsed.error.issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`)).join('; ')}`,
  )
}
