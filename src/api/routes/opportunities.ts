import { z } from 'zod'
import { labelField, known } from '../fields.ts'
import { defineRoute } from '../route.ts'

const opportunity = z.object({
  id: z.string(),
  code: z.string(),
  name: z.string(),
  direction: z.enum(['long', 'short']),
  state: z.enum(['discovered', 'confirmed', 'tracking', 'ended']),
  endReason: z.string().optional(),
  confidence: z.number(),
  detectors: z.array(z.string()),
  discoveredAt: z.number().describe('epoch ms'),
  updatedAt: z.number().describe('epoch ms'),
  ref: z.number(),
  targetLow: z.number(),
  targetHigh: z.number(),
  stop: z.number(),
  invalidation: z.number(),
  last: known,
  mfe: known.describe('best excursion since confirmation, fraction'),
  mae: known.describe('worst excursion since confirmation, fraction'),
  reason: labelField,
  evidence: z.array(z.object({ field: z.string(), value: z.number(), baseline: z.number().optional(), text: labelField })),
})

/** One row of the live list, as REST and as the socket's `opportunities` channel send it. */
export type OpportunityReply = z.output<typeof opportunity>

/** 机会: what the fast river has found in the session shown, newest state of each. The socket continues from `seq`. */
export const opportunities = defineRoute({
  path: 'GET /api/opportunities',
  summary: 'Opportunities of the current or last session; `/ws` continues from `epoch` and `seq`',
  query: z.object({}),
  reply: z.object({
    epoch: z.string(),
    seq: z.number(),
    session: z.enum(['idle', 'running', 'ended']),
    kind: z.enum(['live', 'replay', 'simulated']),
    date: z.number().nullable(),
    lastEventAt: z.number().nullable(),
    rows: z.array(opportunity),
  }),
  maxAge: 0,
  handle(_query, { live }) {
    const { epoch, seq, rows } = live.snapshot()
    const { session, kind, date, lastEventAt } = live.state()
    return { epoch, seq, session, kind, date: date ?? null, lastEventAt: lastEventAt ?? null, rows: rows as OpportunityReply[] }
  },
})
