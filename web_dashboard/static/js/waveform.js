// A clip's bytes as bars to draw: the loudest sample of each stretch, 0 to 1.
const BARS = 40

/** {peaks, seconds} of an audio file. Rejects if the browser cannot decode it. */
export async function waveform(bytes) {
  const context = new OfflineAudioContext(1, 1, 16_000)
  const audio = await context.decodeAudioData(bytes.slice(0))
  const parties = Array.from({ length: audio.numberOfChannels }, (_, channel) => audio.getChannelData(channel))
  return { peaks: peaks_of(parties, BARS), seconds: audio.duration }
}

/** The peaks of all channels together in `bars` stretches; the loudest is 1, quiet stays quiet. */
export function peaks_of(parties, bars) {
  const length = parties[0].length
  const found = Array.from({ length: bars }, (_, bar) => {
    const [from, to] = [Math.floor((bar * length) / bars), Math.floor(((bar + 1) * length) / bars)]
    let peak = 0
    for (const samples of parties) for (let at = from; at < to; at += 1) peak = Math.max(peak, Math.abs(samples[at]))
    return peak
  })
  const loudest = Math.max(...found, 0.05)
  return found.map(peak => peak / loudest)
}
