// Theme and language before the first paint. A classic script in <head>, since a module runs too late.
{
  const root = document.documentElement
  const kept = key => { try { return localStorage.getItem(key) } catch { return null } }
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const follow = () => { root.dataset.theme = kept('ew.theme') || (dark.matches ? 'dark' : 'light') }
  follow()
  dark.addEventListener('change', follow)
  root.lang = kept('ew.language') || (navigator.language.startsWith('zh') ? 'zh-CN' : 'en')
}
