import { describe, expect, it } from 'vitest'
import { deviceNews } from './device'

const event = (topic: string, subject: string, body = {}) => ({ topic, subject, body })

describe('what the page of a device hears', () => {
  it('is asked for again part by part', () => {
    expect(deviceNews(event('devices.said', 'lift-3'), 'lift-3', [])).toBe('said')
    expect(deviceNews(event('devices.kept', 'lift-3', { device: 'lift-3' }), 'lift-3', [])).toBe('record')
    expect(deviceNews(event('devices.attributes_changed', 'lift-3'), 'lift-3', [])).toBe('record')
    expect(deviceNews(event('devices.removed', 'lift-3'), 'lift-3', [])).toBe('removed')
    expect(deviceNews(event('devices.maintenance_set', 'lift-3'), 'lift-3', [])).toBe('maintenance')
  })
  it('knows its commands, whose event bears the id of the command', () => {
    expect(deviceNews(event('devices.commanded', 'command_1', { command: 'command_1', device: 'lift-3' }), 'lift-3', [])).toBe('commands')
    expect(deviceNews(event('devices.answered', 'lift-3', { device: 'lift-3', state: 'failed' }), 'lift-3', [])).toBe('commands')
  })
  it('knows its situations, also when one that it shows is over', () => {
    expect(deviceNews(event('situations.opened', 'situation_1', { device: 'lift-3' }), 'lift-3', [])).toBe('situations')
    expect(deviceNews(event('situations.cleared', 'situation_1'), 'lift-3', ['situation_1'])).toBe('situations')
    expect(deviceNews(event('situations.cleared', 'situation_2'), 'lift-3', ['situation_1'])).toBe(null)
  })
  it('passes over what others say', () => {
    for (const topic of ['devices.said', 'devices.kept', 'devices.answered', 'situations.opened'])
      expect(deviceNews(event(topic, 'lift-4', { device: 'lift-4' }), 'lift-3', [])).toBe(null)
    expect(deviceNews(event('cases.opened', 'lift-3', { device: 'lift-3' }), 'lift-3', [])).toBe(null)
  })
})
