#!/usr/bin/env python3
"""Side by side with Debian's `motion` on one 1080p file: processor time a picture, and what each reports.
    vision/beside_motion.py [SEEDS…]      needs motion and ffmpeg; programs from build/bin
The file is a simulated façade (each seed 10 s, 960×540 enlarged to 1920×1080, H.264, 25 a second); what really fell in it is known.
Both read it from disk at its own pace, at the same time, record nothing, and keep one still an event. `motion` runs as Debian configures it, but for its outputs."""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BIN = os.path.join(ROOT, "build", "bin")
SEEDS = sys.argv[1:] or ["1", "3", "5", "7"]
TICKS = os.sysconf("SC_CLK_TCK")


def make_clip(folder):
    """One clip of all seeds, its view, and the seconds at which something fell."""
    falls, parts, view = [], [], ""
    for i, seed in enumerate(SEEDS):
        clip, words = os.path.join(folder, f"{seed}.mp4"), os.path.join(folder, f"{seed}.toml")
        subprocess.run([os.path.join(BIN, "lifang-vision-accept"), "film", seed, clip, words], check=True)
        with open(words) as file:
            text = file.read()
        falls += [(10 * i + float(s), int(f)) for s, f in re.findall(r"# fell: ([\d.]+) s, floor (\d+)", text)]
        parts.append(clip)
        view = view or text
    with open(os.path.join(folder, "list"), "w") as file:
        file.writelines(f"file '{p}'\n" for p in parts)
    clip = os.path.join(folder, "facade.mp4")
    subprocess.run(["ffmpeg", "-v", "error", "-f", "concat", "-safe", "0", "-i", os.path.join(folder, "list"), "-vf", "scale=1920:1080",
                    "-c:v", "libx264", "-preset", "superfast", "-bf", "0", "-g", "25", "-b:v", "6M", clip], check=True)
    return clip, view, falls


def start_motion(folder, clip):
    config, events = os.path.join(folder, "motion.conf"), os.path.join(folder, "motion.events")
    with open(config, "w") as file:
        file.write(f"daemon off\nsetup_mode off\nlog_level 5\nlog_file {folder}/motion.log\ntarget_dir {folder}/motion\n"
                   f"netcam_url file://{clip}\nwidth 1920\nheight 1080\nframerate 25\nthreshold 1500\n"
                   "picture_output first\nmovie_output off\nwebcontrol_port 0\nstream_port 0\n"
                   f"on_event_start echo start >> {events}\n")
    open(events, "w").close()
    return subprocess.Popen(["motion", "-n", "-c", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL), events


def start_eyes(folder, clip, view):
    config = os.path.join(folder, "eyes.toml")
    with open(config, "w") as file:
        # No node: what is seen stays in the outbox, where it is counted.
        file.write(f'node = "http://127.0.0.1:1"\nfolder = "{folder}/eyes"\nfree_mib = 1\nsteer = false\nupload = false\n'
                   f'[[cameras]]\nid = "facade"\ntoken = "t"\nsource = "{clip}"\njudge = ["falling"]\nrecord = false\n'
                   '[cameras.view]\nsize = [960, 540]\n' + view.replace("[facade]", "[cameras.view.facade]"))
    return subprocess.Popen([os.path.join(BIN, "lifang-vision"), "serve", "--config", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def seconds_of(process):
    """Processor time so far."""
    with open(f"/proc/{process.pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident(process):
    with open(f"/proc/{process.pid}/status") as file:
        return int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1)) // 1024


def main():
    if not shutil.which("motion") or not shutil.which("ffmpeg"):
        sys.exit("needs motion and ffmpeg: apt-get install motion ffmpeg")
    folder = tempfile.mkdtemp(prefix="lifang-beside-")
    running = []
    try:
        clip, view, falls = make_clip(folder)
        length = 10 * len(SEEDS)
        eyes = start_eyes(folder, clip, view)
        running.append(eyes)
        motion, events = start_motion(folder, clip)
        running.append(motion)
        time.sleep(3)  # both have opened it
        window = length - 6
        began = {p.pid: seconds_of(p) for p in running}
        time.sleep(window)
        used = {p.pid: seconds_of(p) - began[p.pid] for p in running}
        memory = {p.pid: resident(p) for p in running}
        with open(events) as file:
            motion_events = len(file.readlines())
        time.sleep(8)
        outbox = os.path.join(folder, "eyes", "outbox")
        letters = [json.load(open(os.path.join(outbox, f))) for f in sorted(os.listdir(outbox)) if f.endswith(".json")]
        floors = sorted(letter["attributes"]["floor"] for letter in letters)
        print(f"{length} s of 1920×1080 at 25/s; what really fell: {len(falls)} things, floors {sorted(f for _, f in falls)}")
        print(f"processor time over the same {window} s, a core being 100 %:")
        for name, p in (("lifang-vision", eyes), ("motion", motion)):
            print(f"  {name:<14} {100 * used[p.pid] / window:5.1f} %  {1000 * used[p.pid] / (25 * window):5.1f} ms a picture  {memory[p.pid]} MiB")
        print(f"lifang-vision reports {len(letters)} falling objects, floors {floors}")
        print(f"motion reports {motion_events} events of movement, without saying what or where from")
        with open(os.path.join(folder, "motion.log")) as file:
            print("".join("  motion: " + line for line in file if "rror" in line or "fps" in line)[:600], end="")
    finally:
        for p in running:
            p.send_signal(signal.SIGTERM)
            try:
                p.wait(timeout=20)
            except subprocess.TimeoutExpired:
                p.kill()
        shutil.rmtree(folder, ignore_errors=True)


main()
