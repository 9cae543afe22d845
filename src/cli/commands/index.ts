import { demo } from './demo.ts'
import { doctor } from './doctor.ts'
import { explain } from './explain.ts'
import { importFiles } from './import.ts'
import { list } from './list.ts'
import { plan } from './plan.ts'
import { query } from './query.ts'
import { replay } from './replay.ts'
import { run } from './run.ts'
import { serve } from './serve.ts'
import { status } from './status.ts'

export const commands = [demo, serve, run, plan, status, importFiles, query, explain, list, replay, doctor] as const
