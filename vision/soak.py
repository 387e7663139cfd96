#!/usr/bin/env python3
"""Ten D1 streams and one 1080p façade from a local RTSP server before one lifang-vision, while things go wrong:
    vision/soak.py [MINUTES]      default 30; needs GStreamer's RTSP server, ffmpeg, root for a small disk of its own
A camera dies and comes back, the node is killed and started again, the disk fills up and is freed. Nothing else may stop, what was seen must reach the
node, and memory must stay flat. Debian: gstreamer1.0-rtsp gir1.2-gst-rtsp-server-1.0 python3-gi gstreamer1.0-plugins-good gstreamer1.0-plugins-bad."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BIN = os.path.join(ROOT, "build", "bin")
sys.path.insert(0, os.path.join(ROOT, "test", "accept"))
TICKS = os.sysconf("SC_CLK_TCK")
failed = 0


def check(what, found, ok):
    global failed
    failed += not ok
    print(f"{'ok   ' if ok else 'FAIL '} {what}: {found}", flush=True)


def serve_rtsp(port, files):
    """The RTSP server, a process of its own: path=file …"""
    import gi
    gi.require_version("Gst", "1.0")
    gi.require_version("GstRtspServer", "1.0")
    from gi.repository import GLib, Gst, GstRtspServer
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(port)
    for words in files:
        path, file = words.split("=", 1)
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(f"( filesrc location={file} ! matroskademux ! h264parse config-interval=-1 ! rtph264pay name=pay0 pt=96 )")
        server.get_mount_points().add_factory("/" + path, factory)
    server.attach(None)
    GLib.MainLoop().run()


def start_rtsp(port, files):
    # Debian's own Python has Debian's GStreamer.
    return subprocess.Popen(["/usr/bin/python3", os.path.abspath(__file__), "--serve", str(port)] + [f"{p}={f}" for p, f in files.items()])


def long_film(folder, name, short, minutes, *words):
    """A film as long as the run: the short one again and again."""
    once, out = os.path.join(folder, name + "-once.mkv"), os.path.join(folder, name + ".mkv")
    subprocess.run(["ffmpeg", "-v", "error", "-i", short, *words, "-c:v", "libx264", "-preset", "superfast", "-bf", "0", "-g", "25", once], check=True)
    subprocess.run(["ffmpeg", "-v", "error", "-stream_loop", "-1", "-i", once, "-t", str(60 * minutes + 120), "-c", "copy", out], check=True)
    return out


def furnish(node):
    node.ask("PUT", "places/court", {"kind": "compound", "name": "样板小区"})
    node.ask("PUT", "devices/profiles/eye", {"name": "摄像机", "metrics": [], "detections": [
        "ebike_in_lift", "ebike_in_lift_over", "falling_object", "attendant_off_duty", "attendant_off_duty_over"]})
    for i in range(11):
        node.ask("PUT", f"devices/eye-{i}", {"profile": "eye", "place": "court", "secret": f"token-of-eye-{i}"})


def configure(folder, disk, node, ports, view):
    text = (f'node = "http://127.0.0.1:{node.http}"\nfolder = "{disk}"\nthreads = 1\nfree_mib = 24\nsegment_s = 10\n')
    for i in range(10):
        judge = "ebike" if i < 4 else "duty"
        text += (f'[[cameras]]\nid = "eye-{i}"\ntoken = "token-of-eye-{i}"\nsource = "rtsp://127.0.0.1:{ports[i == 0]}/d1-{i}"\njudge = ["{judge}"]\n'
                 '[cameras.view]\nduty = {absent_s = 20}\n' + ("masks = [[[610, 140], [690, 140], [690, 310]]]\n" if i == 1 else ""))
    text += (f'[[cameras]]\nid = "eye-10"\ntoken = "token-of-eye-10"\nsource = "rtsp://127.0.0.1:{ports[0]}/facade"\njudge = ["falling"]\n'
             '[cameras.view]\nsize = [960, 540]\n' + view.replace("[facade]", "[cameras.view.facade]"))
    path = os.path.join(folder, "eyes.toml")
    with open(path, "w") as file:
        file.write(text)
    return path


class Eyes:
    def __init__(self, config, disk, log):
        self.disk = disk
        self.process = subprocess.Popen([os.path.join(BIN, "lifang-vision"), "serve", "--config", config], stdout=log, stderr=log)

    def status(self):
        for _ in range(20):
            try:
                with open(os.path.join(self.disk, "status.json")) as file:
                    return json.load(file)
            except (OSError, ValueError):
                time.sleep(0.5)
        return {"cameras": [], "waiting": -1, "sent": -1, "lost": -1, "disk_full": None}

    def resident(self):
        with open(f"/proc/{self.process.pid}/status") as file:
            return int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1)) // 1024

    def used(self):
        with open(f"/proc/{self.process.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


def state_of(eyes, camera):
    return next((c["state"] for c in eyes.status()["cameras"] if c["id"] == camera), "unknown")


def watch(eyes, seconds, stalls, spare=()):
    """Sleeps; counts for every camera how long it got nothing, but those that are meant to be dead."""
    last = {c["id"]: c["packets"] for c in eyes.status()["cameras"]}
    since = dict.fromkeys(last, 0)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(min(6, max(0.1, until - time.monotonic())))
        for camera in eyes.status()["cameras"]:
            name = camera["id"]
            moved = camera["packets"] != last.get(name)
            last[name] = camera["packets"]
            since[name] = 0 if moved or name in spare else since.get(name, 0) + 6
            stalls[name] = max(stalls.get(name, 0), since[name])
        if eyes.process.poll() is not None:
            raise SystemExit(f"the eyes ended with {eyes.process.returncode}")


def small_disk(folder, minutes):
    """Room for what is seen (the façade's clips are 40 MiB a minute) and some recordings: these must give way on the way."""
    disk = os.path.join(folder, "disk")
    os.mkdir(disk)
    size = 60 + int(52 * minutes)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}m", "tmpfs", disk]).returncode == 0
    return disk, mounted


def fill(disk):
    """Takes every free byte."""
    with open(os.path.join(disk, "filler"), "wb", buffering=0) as file:
        try:
            while file.write(b"\0" * 65536):
                pass
        except OSError:
            pass


def run(minutes, folder, node):
    part = 60 * minutes / 10
    short, view = os.path.join(folder, "facade.mp4"), os.path.join(folder, "facade.toml")
    subprocess.run([os.path.join(BIN, "lifang-vision-accept"), "film", "1", short, view], check=True)
    lift = os.path.join(folder, "lift.mp4")
    subprocess.run([os.path.join(BIN, "lifang-vision-accept"), "lift", "3", lift], check=True)
    facade = long_film(folder, "facade", short, minutes, "-vf", "scale=1920:1080", "-b:v", "3M")
    ride = long_film(folder, "lift", lift, minutes, "-r", "25", "-b:v", "500k")
    from node import free_port
    ports = (free_port(), free_port())
    many = start_rtsp(ports[0], {**{f"d1-{i}": ride for i in range(1, 10)}, "facade": facade})
    one = start_rtsp(ports[1], {"d1-0": ride})
    disk, mounted = small_disk(folder, minutes)
    furnish(node)
    time.sleep(2)
    with open(view) as file:
        eyes = Eyes(configure(folder, disk, node, ports, file.read()), disk, node.log)
    stalls, sizes = {}, []
    try:
        time.sleep(8)
        watch(eyes, 2 * part, stalls)
        sizes.append(eyes.resident())
        began, used = time.monotonic(), eyes.used()
        one.kill()
        one.wait()
        watch(eyes, part, stalls, ("eye-0",))
        check("a camera whose line is dead is said to be broken", state_of(eyes, "eye-0"), state_of(eyes, "eye-0") == "broken")
        one = start_rtsp(ports[1], {"d1-0": ride})
        watch(eyes, part, stalls, ("eye-0",))
        node.kill()
        watch(eyes, part, stalls, ("eye-0",))
        check("while the node is away detections wait", eyes.status()["waiting"], eyes.status()["waiting"] > 0)
        check("the camera that came back is watched", state_of(eyes, "eye-0"), state_of(eyes, "eye-0") == "watching")
        node.start()
        watch(eyes, part, stalls)
        sizes.append(eyes.resident())
        if mounted:
            before = len(os.listdir(os.path.join(disk, "recordings", "eye-3")))
            fill(disk)
            watch(eyes, 1.5 * part, stalls)
            free = shutil.disk_usage(disk).free >> 20
            check("with a full disk old recordings gave way", f"{before} files of one camera before, {free} MiB free", free > 0)
            os.remove(os.path.join(disk, "filler"))
        watch(eyes, 2.5 * part if mounted else 4 * part, stalls)
        busy = 100 * (eyes.used() - used) / (time.monotonic() - began)
        sizes.append(eyes.resident())
        for _ in range(30):
            if eyes.status()["waiting"] == 0:
                break
            time.sleep(3)
        status = eyes.status()
        states = [c["state"] for c in status["cameras"]]
        check("every camera is watched at the end", sorted(set(states)), set(states) == {"watching"} and len(states) == 11)
        check("no other camera ever paused for long", f"{max(stalls.values())} s at most", max(stalls.values()) <= 18)
        check("nothing waits and nothing was lost", f"sent {status['sent']}, waiting {status['waiting']}, lost {status['lost']}",
              status["waiting"] == 0 and status["lost"] == 0 and status["sent"] > 0)
        stored = sum(1 for i in range(11) for _ in node.all("readings/detections", device=f"eye-{i}"))
        check("the node has every one", f"{stored} of {status['sent']}", stored >= status["sent"])
        check("recording goes on", all(not c["disk_refused"] for c in status["cameras"]), all(not c["disk_refused"] for c in status["cameras"]))
        check("memory is flat", " → ".join(f"{s} MiB" for s in sizes), sizes[-1] <= 1.15 * sizes[0] + 20)
        pictures = sum(c["pictures"] for c in status["cameras"])
        shed = sum(c["shed"] for c in status["cameras"])
        fell = next(c for c in status["cameras"] if c["id"] == "eye-10")
        print(f"figure processor {busy:.0f} % of a core; {pictures} pictures decoded, {shed} looks passed over for newer ones; "
              f"façade {fell['pictures']} pictures, {fell['events']} falls", flush=True)
    finally:
        eyes.process.terminate()
        try:
            check("the eyes end in order", eyes.process.wait(timeout=40), eyes.process.returncode == 0)
        finally:
            for server in (many, one):
                server.kill()
                server.wait()
            if mounted:
                subprocess.run(["umount", disk], check=False)


def main():
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 30
    if minutes < 4:
        sys.exit("4 minutes at least: what stands is told every 20 s, the disk is looked after every 30")
    from node import Node
    folder = tempfile.mkdtemp(prefix="lifang-soak-")
    try:
        with Node(os.path.join(BIN, "lifang")) as node:
            run(minutes, folder, node)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(1 if failed else 0)


if len(sys.argv) > 2 and sys.argv[1] == "--serve":
    serve_rtsp(sys.argv[2], sys.argv[3:])
else:
    main()
