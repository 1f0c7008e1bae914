#!/usr/bin/env python3
"""Writes ringtone.wav: two soft bell notes, E5 and C5, and a pause; 3 s, 16 kHz, mono, 16 bit."""

import math
import struct
import sys
import wave

RATE = 16_000
SECONDS = 3.0
# Partials of a struck bar, softened: ratio to the fundamental, level, decay in 1/s.
PARTIALS = [(1.0, 1.0, 2.6), (2.0, 0.30, 4.0), (3.0, 0.12, 6.5), (4.2, 0.05, 11.0)]
# Start in seconds, frequency in Hz (equal temperament, A4 = 440 Hz), level.
NOTES = [(0.0, 659.255, 1.0), (0.55, 523.251, 0.95)]


def sample(t):
    value = 0.0
    for start, frequency, level in NOTES:
        at = t - start
        if at < 0:
            continue
        attack = min(1.0, at / 0.008)
        for ratio, share, decay in PARTIALS:
            value += level * share * attack * math.exp(-decay * at) * math.sin(math.tau * frequency * ratio * at)
    # The end of the loop is silence, whatever still rings.
    return value * min(1.0, max(0.0, (2.4 - t) / 0.5))


samples = [sample(n / RATE) for n in range(int(RATE * SECONDS))]
peak = max(abs(value) for value in samples)
with wave.open(sys.argv[1], "wb") as out:
    out.setnchannels(1)
    out.setsampwidth(2)
    out.setframerate(RATE)
    out.writeframes(b"".join(struct.pack("<h", round(value / peak * 0.7 * 32767)) for value in samples))
