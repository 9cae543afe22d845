import { z } from 'zod'
import { tableStates } from '../table-states.ts'
import { defineVerb } from '../verb.ts'

/** 状态: how far each table is, the last run, the live session, who owns the directory. */
export const status = defineVerb({
  name: 'status',
  args: z.strictObject({}),
  async run(app) {
    const states = tableStates(app).filter(({ rows, state }) => rows > 0 || state !== 'empty')
    const [latest] = app.ledger.runs.latest(1)
    return {
      exitCode: 0,
      data: {
        world: app.world,
        dataDirectory: app.folders.root,
        lastCompleted: app.calendar.lastCompleted(app.clock.now()),
        engine: { flavour: app.engine.flavour, version: await app.engine.version() },
        tables: states,
        run: latest === undefined ? undefined : { run: latest.run_id, state: latest.status, startedAt: latest.started_at, endedAt: latest.ended_at },
        live: app.live.state(),
        imports: app.ledger.imports
          .latest(5)
          .map(({ path, kind, state, rowsRead, rowsWritten, rowsRejected }) => ({ path, kind, state, rowsRead, rowsWritten, rowsRejected })),
      },
    }
  },
})
