import { backtestVerb } from './backtest.ts'
import { doctor } from './doctor.ts'
import { explain } from './explain.ts'
import { importVerb } from './import.ts'
import { list } from './list.ts'
import { plan } from './plan.ts'
import { query } from './query.ts'
import { replayVerb } from './replay.ts'
import { report } from './report.ts'
import { run } from './run.ts'
import { sim } from './sim.ts'
import { status } from './status.ts'

/** Every verb of the program, whichever process runs it. */
export const verbs = [backtestVerb, doctor, explain, importVerb, list, plan, query, replayVerb, report, run, sim, status] as const
