import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLiveList } from '../state/live-list.ts'
import { OpportunityRow } from './opportunity-row.tsx'
import styles from './stock-facts.module.css'

/** What this session found on one stock; nothing at all when it found nothing. */
export function StockOpportunities({ code }: { readonly code: string }) {
  const { t } = useTranslation()
  const { ids, byId, eventAt } = useLiveList(({ list }) => list)
  const [open, setOpen] = useState<string>()
  const own = useMemo(() => ids.filter((id) => byId.get(id)?.code === code), [ids, byId, code])
  if (own.length === 0) return undefined
  return (
    <section aria-label={t('stock.opportunities')}>
      <header className={styles['session']}>
        <h2>{t('stock.opportunities')}</h2>
      </header>
      {own.map((id) => (
        <OpportunityRow
          key={id}
          id={id}
          now={eventAt ?? 0}
          isOpen={open === id}
          onToggle={(one) => setOpen(open === one ? undefined : one)}
          onOpenStock={() => {}}
          subject="detectors"
        />
      ))}
    </section>
  )
}
