// Types of devices and rules that most compounds begin with: taken over by a click, changed afterwards like one's own.
import type { RuleWords } from '@lifang/kit'

type Pair = readonly [string, string]
/** [id, Chinese, English, unit, least, most] */
type MetricLine = readonly [string, string, string, string, number | undefined, number | undefined]
export interface ReadyProfile { id: string; name: Pair; metrics: MetricLine[]; detections?: string[]; commands?: { method: string; params?: Record<string, unknown> }[]; silent_after: string }
export const readyProfiles: ReadyProfile[] = [
  { id: 'smoke', name: ['烟感', 'Smoke detector'], metrics: [['smoke', '烟雾', 'smoke', '', 0, 1], ['battery', '电量', 'battery', '%', 0, 100]], silent_after: 'P1D' },
  { id: 'immersion', name: ['水浸传感器', 'Water sensor'], metrics: [['wet', '水浸', 'wet', '', 0, 1]], silent_after: 'P1D' },
  { id: 'bin', name: ['垃圾桶', 'Waste bin'], metrics: [['level', '满溢度', 'level', '%', 0, 110], ['weight', '重量', 'weight', 'kg', 0, 400]], silent_after: 'PT6H' },
  { id: 'lift', name: ['电梯', 'Lift'], metrics: [['floor', '楼层', 'floor', '', -5, 200], ['door_open', '门', 'door', '', 0, 1], ['fault', '故障', 'fault', '', 0, 1], ['trapped', '困人', 'somebody trapped', '', 0, 1]],
    detections: ['ebike_in_lift'], commands: [{ method: 'hold', params: { reason: 'ebike' } }, { method: 'release' }], silent_after: 'PT2H' },
  { id: 'hydrant', name: ['消火栓', 'Hydrant'], metrics: [['pressure', '水压', 'pressure', 'MPa', 0, 2]], silent_after: 'PT6H' },
  { id: 'water-level', name: ['水位计', 'Water gauge'], metrics: [['level_m', '水位', 'level', 'm', -1, 10]], silent_after: 'PT3H' },
  { id: 'corridor-temperature', name: ['楼道温度计', 'Corridor thermometer'], metrics: [['temp', '温度', 'temperature', '°C', -40, 150]], silent_after: 'PT6H' },
  { id: 'air-station', name: ['空气站', 'Air station'], metrics: [['pm25', 'PM2.5', 'PM2.5', 'µg/m³', 0, 2000], ['pm10', 'PM10', 'PM10', 'µg/m³', 0, 3000], ['temp', '气温', 'temperature', '°C', -40, 60], ['noise', '噪声', 'noise', 'dB', 0, 140]], silent_after: 'PT2H' },
  { id: 'power-meter', name: ['电表', 'Power meter'], metrics: [['power', '功率', 'power', 'kW', 0, 40], ['leak_ma', '剩余电流', 'residual current', 'mA', 0, 3000]], silent_after: 'P1D' },
  { id: 'door', name: ['门禁', 'Door'], metrics: [['door_open', '门', 'door', '', 0, 1]], commands: [{ method: 'open' }], silent_after: 'PT6H' },
  { id: 'bin-camera', name: ['分类点摄像机', 'Camera at the bins'], metrics: [['fps', '帧率', 'frames a second', '', 0, 120]], detections: ['dropped_bag', 'attendant_off_duty', 'overflow'], silent_after: 'PT2H' },
  { id: 'falling-camera', name: ['高空抛物摄像机', 'Camera for falling objects'], metrics: [['fps', '帧率', 'frames a second', '', 0, 120]], detections: ['falling_object'], silent_after: 'PT2H' },
]

/** `profile` must be there before the rule can be kept. */
export interface ReadyRule { id: string; profile: string; name: Pair; words: Pick<RuleWords, 'raise' | 'clear' | 'severity' | 'schedule' | 'actions'> & { case: string } }
export const readyRules: ReadyRule[] = [
  { id: 'smoke', profile: 'smoke', name: ['烟感报警', 'Smoke alarm'], words: { raise: { when: { metric: 'smoke', op: '==', value: 1 } }, clear: { when: { metric: 'smoke', op: '==', value: 0 }, for: 'PT5M' }, severity: 'critical', case: 'smoke' } },
  { id: 'water-immersion', profile: 'immersion', name: ['水浸', 'Water on the floor'], words: { raise: { when: { metric: 'wet', op: '==', value: 1 } }, severity: 'critical', case: 'water-immersion' } },
  { id: 'bin-full', profile: 'bin', name: ['垃圾桶满溢', 'Bin overflowing'], words: { raise: { when: { metric: 'level', op: '>=', value: 95 } }, clear: { when: { metric: 'level', op: '<', value: 60 } }, severity: 'info', case: 'bin-full' } },
  { id: 'ebike-in-lift', profile: 'lift', name: ['电动车入梯', 'E-bike in the lift'], words: { raise: { when: { detection: 'ebike_in_lift', confidence: 0.6 } }, clear: { when: { detection: 'ebike_in_lift', silent: 'PT1M' } }, severity: 'critical', case: 'ebike-in-lift',
    actions: [{ command: 'hold', params: { reason: 'ebike' }, release: { command: 'release' }, hold: 'PT2M', max_age: 'PT1M' }] } },
  { id: 'lift-trapped', profile: 'lift', name: ['电梯困人', 'Somebody trapped in a lift'], words: { raise: { when: { metric: 'trapped', op: '==', value: 1 } }, severity: 'critical', case: 'lift-trapped' } },
  { id: 'lift-fault', profile: 'lift', name: ['电梯故障', 'Lift out of order'], words: { raise: { when: { metric: 'fault', op: '==', value: 1 }, for: 'PT2M' }, severity: 'warning', case: 'lift-fault' } },
  { id: 'hydrant-pressure', profile: 'hydrant', name: ['消火栓压力低', 'Hydrant pressure low'], words: { raise: { when: { metric: 'pressure', op: '<', value: 0.1 }, for: 'PT10M' }, clear: { when: { metric: 'pressure', op: '>=', value: 0.15 } }, severity: 'warning', case: 'hydrant-pressure' } },
  { id: 'flood', profile: 'water-level', name: ['水位过高', 'Water level too high'], words: { raise: { when: { metric: 'level_m', op: '>', value: 1 } }, clear: { when: { metric: 'level_m', op: '<', value: 0.6 } }, severity: 'warning', case: 'flood' } },
  { id: 'corridor-heat', profile: 'corridor-temperature', name: ['楼道温度异常', 'Corridor too hot'], words: { raise: { when: { metric: 'temp', op: '>', value: 50 } }, clear: { when: { metric: 'temp', op: '<', value: 45 } }, severity: 'critical', case: 'corridor-heat' } },
  { id: 'dust', profile: 'air-station', name: ['扬尘超标', 'Dust'], words: { raise: { when: { metric: 'pm25', op: '>', value: 150 } }, clear: { when: { metric: 'pm25', op: '<', value: 115 } }, severity: 'warning', case: 'dust' } },
  { id: 'electric-fire-risk', profile: 'power-meter', name: ['剩余电流超标', 'Residual current too high'], words: { raise: { when: { metric: 'leak_ma', op: '>', value: 500 }, for: 'PT5M' }, clear: { when: { metric: 'leak_ma', op: '<', value: 300 } }, severity: 'warning', case: 'electric-fire-risk' } },
  { id: 'door-open', profile: 'door', name: ['门长时间未关', 'Door left open'], words: { raise: { when: { metric: 'door_open', op: '==', value: 1 }, for: 'PT30M' }, severity: 'info', case: 'door-fault' } },
  { id: 'dropped-bag', profile: 'bin-camera', name: ['落地包', 'Bag left beside the bins'], words: { raise: { when: { detection: 'dropped_bag', confidence: 0.6 } }, clear: { when: { detection: 'dropped_bag', silent: 'PT20M' } }, severity: 'info', case: 'dropped-bag' } },
  { id: 'attendant-absent', profile: 'bin-camera', name: ['督导员离岗', 'Bin attendant absent'], words: { raise: { when: { detection: 'attendant_off_duty', confidence: 0.6 }, times: 2, within: 'PT30M' }, clear: { when: { detection: 'attendant_off_duty', silent: 'PT20M' } },
    schedule: { windows: [{ from: '06:30', to: '09:00' }, { from: '18:30', to: '21:00' }] }, severity: 'info', case: 'attendant-absent' } },
  { id: 'falling-object', profile: 'falling-camera', name: ['高空抛物', 'Falling object'], words: { raise: { when: { detection: 'falling_object', confidence: 0.7 } }, clear: { when: { detection: 'falling_object', silent: 'PT5M' } }, severity: 'critical', case: 'falling-object' } },
]
