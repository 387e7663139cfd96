// Reads a code with the camera where the browser can (BarcodeDetector); elsewhere the phone's own camera opens the link.
interface Detector { detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]> }
const Maker = (globalThis as unknown as { BarcodeDetector?: new (words: { formats: string[] }) => Detector }).BarcodeDetector
export const canScan = Boolean(Maker) && Boolean(navigator.mediaDevices?.getUserMedia)

/// @returns what the code says, "" if it was called off
export async function readCode(video: () => HTMLVideoElement | undefined, goesOn: () => boolean): Promise<string> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
  try {
    const detector = new Maker!({ formats: ['qr_code'] })
    while (goesOn()) {
      await new Promise(requestAnimationFrame)
      const screen = video()
      if (!screen) continue
      if (!screen.srcObject) {
        screen.srcObject = stream
        await screen.play()
      }
      const found = await detector.detect(screen).catch(() => [])
      if (found[0]) return found[0].rawValue
    }
    return ''
  } finally {
    stream.getTracks().forEach(track => track.stop())
  }
}
