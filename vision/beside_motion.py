#!/usr/bin/env python3
"""Side by side with Debian's `motion` on one 1080p file: processor time a picture, and what each reports.
    vision/beside_motion.py [SEED] [TIMES] [THRESHOLD]      needs motion and ffmpeg; programs from build/bin
The file is a simulated façade (10 s, 960×540 enlarged to 1920×1080, H.264, 25 a second, shown TIMES times); what really fell in it is known.
Both read it from disk at its own pace, at the same time, record nothing, and keep one still an event. `motion` runs as Debian configures it, but for its outputs and events that end after 3 s."""
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
SEED = sys.argv[1] if len(sys.argv) > 1 else "25"
TIMES = int(sys.argv[2]) if len(sys.argv) > 2 else 4
THRESHOLD = sys.argv[3] if len(sys.argv) > 3 else "1500"  # changed pixels from which motion sees an event; Debian's default
TICKS = os.sysconf("SC_CLK_TCK")


def make_clip(folder):
    """The clip, its view, and the floors from which something fell."""
    short, words = os.path.join(folder, "short.mp4"), os.path.join(folder, "view.toml")
    subprocess.run([os.path.join(BIN, "lifang-vision-accept"), "film", SEED, short, words], check=True)
    with open(words) as file:
        view = file.read()
    clip = os.path.join(folder, "facade.mp4")
    subprocess.run(["ffmpeg", "-v", "error", "-stream_loop", str(TIMES - 1), "-i", short, "-vf", "scale=1920:1080", "-c:v", "libx264", "-preset", "superfast",
                    "-bf", "0", "-g", "25", "-b:v", "6M", clip], check=True)
    return clip, view, [int(f) for f in re.findall(r"# fell: [\d.]+ s, floor (\d+)", view)] * TIMES


def start_motion(folder, clip):
    config, events = os.path.join(folder, "motion.conf"), os.path.join(folder, "motion.events")
    with open(config, "w") as file:
        file.write(f"daemon off\nsetup_mode off\nlog_level 5\nlog_file {folder}/motion.log\ntarget_dir {folder}/motion\n"
                   f"netcam_url file://{clip}\nwidth 1920\nheight 1080\nframerate 25\nthreshold {THRESHOLD}\n"
                   "picture_output first\nmovie_output off\nwebcontrol_port 0\nstream_port 0\n"
                   f"event_gap 3\non_event_start echo start >> {events}\n")
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


def pictures_of(folder):
    """Decoded and judged by the eyes so far; their status is written every five seconds."""
    try:
        with open(os.path.join(folder, "eyes", "status.json")) as file:
            return json.load(file)["cameras"][0]["pictures"]
    except (OSError, ValueError, LookupError):
        return 0


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
        length = 10 * TIMES
        eyes = start_eyes(folder, clip, view)
        running.append(eyes)
        motion, events = start_motion(folder, clip)
        running.append(motion)
        time.sleep(3)  # both have opened it
        window = length - 6
        first = pictures_of(folder)
        began = {p.pid: seconds_of(p) for p in running}
        time.sleep(window)
        used = {p.pid: seconds_of(p) - began[p.pid] for p in running}
        judged = pictures_of(folder) - first
        memory = {p.pid: resident(p) for p in running}
        with open(events) as file:
            motion_events = file.read().split()
        time.sleep(8)
        seen = pictures_of(folder)
        outbox = os.path.join(folder, "eyes", "outbox")
        letters = [json.load(open(os.path.join(outbox, f))) for f in sorted(os.listdir(outbox)) if f.endswith(".json")]
        floors = sorted(letter["attributes"]["floor"] for letter in letters)
        print(f"{length} s of 1920×1080 at 25/s; what really fell: {len(falls)} things, floors {sorted(falls)}")
        print(f"processor time over the same {window} s, a core being 100 %:")
        for name, p in (("lifang-vision", eyes), ("motion", motion)):
            print(f"  {name:<14} {100 * used[p.pid] / window:5.1f} %  {1000 * used[p.pid] / (25 * window):5.1f} ms for each picture of the film  {memory[p.pid]} MiB")
        print(f"of {25 * window} pictures lifang-vision took about {judged} in that time (its status lags by up to five seconds)")
        print(f"lifang-vision judged {seen} of {25 * length} pictures")
        print(f"lifang-vision reports {len(letters)} falling objects, floors {floors}")
        print(f"motion reports {len(motion_events)} events of movement (more than {THRESHOLD} pixels changed), not what or from where")
    finally:
        for p in running:
            p.send_signal(signal.SIGTERM)
            try:
                p.wait(timeout=20)
            except subprocess.TimeoutExpired:
                p.kill()
        shutil.rmtree(folder, ignore_errors=True)


main()
