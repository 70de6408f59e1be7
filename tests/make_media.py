"""Writes the sounds that the tests hear: tones, in every container, and a video without any."""

import io
from pathlib import Path

import av
import numpy as np

# Name of the file, codec, rate, whether what comes back is only nearly what went in.
CONTAINERS = [
    ("u8.wav", "pcm_u8", 16_000, True),
    ("s16.wav", "pcm_s16le", 44_100, False),
    ("s24.wav", "pcm_s24le", 96_000, False),
    ("s32.wav", "pcm_s32le", 192_000, False),
    ("f32.wav", "pcm_f32le", 16_000, False),
    ("f64.wav", "pcm_f64le", 8_000, False),
    ("tone.flac", "flac", 48_000, False),
    ("tone.mp3", "libmp3lame", 44_100, True),
    ("opus.ogg", "libopus", 48_000, True),
    ("vorbis.ogg", "vorbis", 44_100, True),
    ("tone.m4a", "aac", 44_100, True),
    ("lossless.m4a", "alac", 44_100, False),
    ("tone.aac", "aac", 32_000, True),
    ("tone.webm", "libopus", 48_000, True),
    ("video.mp4", "aac", 48_000, True),
    ("video.webm", "libopus", 48_000, True),
]
FORMATS = {"aac": "adts", "m4a": "ipod"}
NEAREST = {"pcm_u8": "u8", "pcm_s16le": "s16", "pcm_f32le": "flt", "pcm_f64le": "dbl"}


def tone(
    hertz: float = 440, rate: int = 16_000, seconds: float = 1.0, peak: float = 0.5
) -> np.ndarray:
    """A sine, float64 `[n]`."""
    return peak * np.sin(2 * np.pi * hertz * np.arange(round(rate * seconds)) / rate)


def write(
    path: Path, samples: np.ndarray, rate: int, codec: str = "pcm_s16le", layout: str = "mono"
) -> Path:
    """Encodes samples `[channels, n]` or `[n]`; a name with "video" in it gets a picture."""
    samples = np.atleast_2d(samples).astype(np.float32)
    if codec == "vorbis" and layout == "mono":  # FFmpeg's own encoder knows stereo alone
        samples, layout = np.repeat(samples, 2, axis=0), "stereo"
    with av.open(path, "w", format=FORMATS.get(path.suffix[1:])) as container:
        picture = _picture(container) if "video" in path.name else None
        options = {"strict": "-2"} if codec == "vorbis" else {}
        stream = container.add_stream(codec, rate=rate, layout=layout, options=options)
        wanted = NEAREST.get(codec) or stream.codec_context.codec.audio_formats[-1].name
        resampler = av.AudioResampler(wanted, layout, rate, stream.codec_context.frame_size)
        for frame in _frames(samples, rate, layout):
            for part in resampler.resample(frame):
                container.mux(stream.encode(part))
        for part in resampler.resample(None):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
        if picture is not None:
            _show(container, picture)
    return path


def silent_video(path: Path) -> Path:
    """A second of video with no audio track."""
    with av.open(path, "w") as container:
        _show(container, _picture(container))
    return path


def still(format: str = "png") -> bytes:
    """A picture."""
    file = io.BytesIO()
    with av.open(file, "w", format="image2pipe") as container:
        stream = container.add_stream(format, rate=1)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "rgb24"
        frame = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


def _frames(samples: np.ndarray, rate: int, layout: str):
    for start in range(0, samples.shape[1], rate):
        block = np.ascontiguousarray(samples[:, start : start + rate])
        frame = av.AudioFrame.from_ndarray(block, "fltp", layout)
        frame.sample_rate = rate
        yield frame


def _picture(container: av.container.OutputContainer):
    stream = container.add_stream("libvpx" if container.format.name == "webm" else "mpeg4", rate=10)
    stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
    return stream


def _show(container: av.container.OutputContainer, stream: av.VideoStream) -> None:
    for shade in range(10):
        image = np.full((64, 64, 3), shade * 20, np.uint8)
        container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
    container.mux(stream.encode(None))
