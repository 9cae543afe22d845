import { useTranslation } from 'react-i18next'
import { StatePanel } from './state-panel.tsx'

/** A page that threw: a fault of ours, said plainly, with the way out. */
export function Crash({ error }: { readonly error: unknown }) {
  const { t } = useTranslation()
  return (
    <StatePanel kind="broken" title={t('state.crashed')} detail={t('state.crashedDetail', { message: error instanceof Error ? error.message : String(error) })}>
      <button type="button" onClick={() => location.reload()}>
        {t('state.reload')}
      </button>
    </StatePanel>
  )
}
