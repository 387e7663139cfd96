// What a browser calls itself, in words: people know "Chrome" and "Android", nobody knows a User-Agent.

const browsers: [RegExp, string][] = [
  [/MicroMessenger\//, 'WeChat'], [/AlipayClient\//, 'Alipay'], [/HarmonyOS.*Browser|HuaweiBrowser\//, 'Huawei Browser'], [/MiuiBrowser\//, 'MIUI Browser'], [/UCBrowser\//, 'UC'],
  [/QQBrowser\//, 'QQ Browser'], [/SamsungBrowser\//, 'Samsung Internet'], [/Edg(?:e|A|iOS)?\//, 'Edge'], [/OPR\//, 'Opera'], [/Firefox\/|FxiOS\//, 'Firefox'], [/Chrom(?:e|ium)\/|CriOS\//, 'Chrome'], [/Safari\//, 'Safari'],
]
const systems: [RegExp, string][] = [
  [/HarmonyOS|OpenHarmony/, 'HarmonyOS'], [/Android/, 'Android'], [/iPhone|iPod/, 'iPhone'], [/iPad/, 'iPad'], [/Windows/, 'Windows'], [/Mac OS X|Macintosh/, 'Mac'], [/CrOS/, 'ChromeOS'], [/Linux|X11/, 'Linux'],
]
/** "Chrome · Android"; "" of what is no browser that anybody knows. */
export function agentWords(agent: string): string {
  const named = (all: [RegExp, string][]) => all.find(([sign]) => sign.test(agent))?.[1]
  return [named(browsers), named(systems)].filter(Boolean).join(' · ')
}
