// The sound of a critical situation: two falling tones, by WebAudio, so that no file is needed.
let context: AudioContext | null = null

export function ring() {
  context ??= new AudioContext()
  void context.resume()
  const now = context.currentTime
  for (const [i, pitch] of [880, 660, 880, 660].entries()) {
    const tone = context.createOscillator()
    const loudness = context.createGain()
    tone.frequency.value = pitch
    loudness.gain.setValueAtTime(0.0001, now + i * 0.25)
    loudness.gain.exponentialRampToValueAtTime(0.25, now + i * 0.25 + 0.02)
    loudness.gain.exponentialRampToValueAtTime(0.0001, now + i * 0.25 + 0.22)
    tone.connect(loudness).connect(context.destination)
    tone.start(now + i * 0.25)
    tone.stop(now + i * 0.25 + 0.24)
  }
}
