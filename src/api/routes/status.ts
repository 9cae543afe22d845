import { z } from 'zod'
import { labelField } from '../fields.ts'
import { defineRoute } from '../route.ts'

/** 数据状态: how old each table is, the last run, the live session. What the freshness dot on every page reads. */
export const status = defineRoute({
  path: 'GET /api/status',
  summary: 'Freshness of every table, the last run and the live session',
  query: z.object({}),
  reply: z.object({
    now: z.number(),
    source: labelField,
    simulated: z.boolean(),
    engine: z.object({ flavour: z.enum(['embedded', 'server']), version: z.string() }),
    lastCompleted: z.number(),
    tables: z.array(
      z.object({
        name: z.string(),
        layer: z.string(),
        label: labelField,
        waterMark: z.number().nullable(),
        rows: z.number(),
        state: z.enum(['fresh', 'stale', 'empty']),
        lastBuiltAt: z.number().nullable(),
      }),
    ),
    run: z.object({ run: z.string(), state: z.string(), startedAt: z.number(), endedAt: z.number().nullable(), failedTasks: z.array(z.string()) }).nullable(),
    live: z.object({
      session: z.enum(['idle', 'running', 'ended']),
      kind: z.enum(['live', 'replay', 'simulated']),
      date: z.number().nullable(),
      ticks: z.number(),
      lastEventAt: z.number().nullable(),
      speed: z.string(),
    }),
  }),
  maxAge: 0,
  handle(_query, { engine, clock, warehouse, live }) {
    const run = warehouse.latestRun()
    const session = live.state()
    return {
      now: clock.now(),
      source: warehouse.sourceLabel,
      simulated: warehouse.simulated,
      engine: { flavour: engine.flavour, version: warehouse.engineVersion },
      lastCompleted: warehouse.lastCompleted(),
      tables: warehouse.tables().map((table) => ({ ...table, waterMark: table.waterMark ?? null, lastBuiltAt: table.lastBuiltAt ?? null })),
      run: run === undefined ? null : { ...run, failedTasks: [...run.failedTasks], endedAt: run.endedAt ?? null },
      live: { ...session, date: session.date ?? null, lastEventAt: session.lastEventAt ?? null },
    }
  },
})
