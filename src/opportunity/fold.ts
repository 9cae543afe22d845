import type { Opportunity, OpportunityEvent, SpokenFinding } from './event.ts'
import type { Finding } from './finding.ts'

/** The opportunity its events add up to. Throws RangeError unless they are all events of one opportunity in order, from its discovery on. */
export function fold(events: readonly OpportunityEvent[]): Opportunity {
  let opportunity: Opportunity | undefined
  for (const event of events) opportunity = apply(opportunity, event)
  if (opportunity === undefined) throw new RangeError('Cannot fold an opportunity: it begins with "discovered", found no events')
  return opportunity
}

/** Every opportunity of a stream of events, in order of discovery. */
export function foldAll(events: Iterable<OpportunityEvent>): Map<string, Opportunity> {
  const opportunities = new Map<string, Opportunity>()
  for (const event of events) opportunities.set(event.id, apply(opportunities.get(event.id), event))
  return opportunities
}

/** One event further. Throws RangeError when the event does not continue this opportunity: a missing or repeated event is never papered over. */
export function apply(opportunity: Opportunity | undefined, event: OpportunityEvent): Opportunity {
  if (event.type === 'discovered') {
    if (opportunity !== undefined) throw new RangeError(`Cannot discover ${event.id} twice: it is at event ${opportunity.seq}`)
    return discovered(event)
  }
  if (opportunity === undefined || opportunity.id !== event.id || opportunity.seq + 1 !== event.seq)
    throw new RangeError(
      `Cannot apply event ${event.seq} (${event.type}) of ${event.id}: events follow without holes, found ${opportunity === undefined ? 'no discovery' : `${opportunity.id} at event ${opportunity.seq}`}`,
    )
  if (opportunity.state === 'ended' && event.type !== 'followup')
    throw new RangeError(`Cannot apply "${event.type}" to ${event.id}: it has ended, only follow-up may come`)
  return { ...opportunity, ...common(event), ...change(opportunity, event) }
}

function common({ seq, at, confidence, price, conflicted }: OpportunityEvent) {
  return { seq, updatedAt: at, confidence, last: price, conflicted }
}

function discovered(event: OpportunityEvent & { readonly type: 'discovered' }): Opportunity {
  const { id, code, date, direction, at, sessionSeconds, finding, adv20, parent } = event
  const { ref, ...levels } = finding.price
  return {
    id,
    code,
    date,
    direction,
    kind: finding.kind,
    state: 'discovered',
    ...(parent === undefined ? {} : { parent }),
    discoveredAt: at,
    discoveredSeconds: sessionSeconds,
    contributions: [spoken(finding, sessionSeconds)],
    duplicates: 0,
    ref,
    ...levels,
    adv20,
    reason: finding.reason,
    risks: [],
    ...common(event),
  }
}

function change(opportunity: Opportunity, event: OpportunityEvent): Partial<Opportunity> {
  switch (event.type) {
    case 'discovered':
      return {}
    case 'merged':
      return {
        contributions: [
          ...opportunity.contributions.filter(({ detector }) => detector !== event.finding.detector),
          spoken(event.finding, event.sessionSeconds),
        ],
        ...event.levels,
        ...(event.leads ? { reason: event.finding.reason } : {}),
      }
    case 'duplicate':
      return {
        duplicates: opportunity.duplicates + 1,
        contributions: opportunity.contributions.map((each) =>
          event.refreshed && each.detector === event.detector ? { ...each, confidence: event.own, seconds: event.sessionSeconds } : each,
        ),
      }
    case 'confirmed':
      return { state: 'confirmed', confirmedSeconds: event.sessionSeconds, refConfirmed: event.price }
    case 'tracking':
      return { state: 'tracking', excursion: event.excursion }
    case 'update':
    case 'target':
    case 'stop':
      return event.excursion === undefined ? {} : { excursion: event.excursion }
    case 'risk':
      return { risks: [...opportunity.risks, event.rule] }
    case 'ended':
      return {
        state: 'ended',
        endReason: event.reason,
        endedSeconds: event.sessionSeconds,
        ...(event.excursion === undefined ? {} : { excursion: event.excursion }),
      }
    case 'followup': {
      const { close, nextOpen, nextClose } = event
      return {
        followup: {
          ...opportunity.followup,
          ...(close === undefined ? {} : { close }),
          ...(nextOpen === undefined ? {} : { nextOpen }),
          ...(nextClose === undefined ? {} : { nextClose }),
        },
      }
    }
    default:
      return event satisfies never
  }
}

function spoken({ detector, weight, confidence, reason, evidence }: Finding, seconds: number): SpokenFinding {
  return { detector, weight, confidence, seconds, reason, evidence }
}
