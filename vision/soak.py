#!/usr/bin/env python3
"""Ten D1 streams and one 1080p façade from a local RTSP server before one lifang-vision, while things go wrong:
    vision/soak.py [MINUTES]      default 30; needs GStreamer's RTSP server, ffmpeg, root for a small disk of its own
A camera hangs, dies and comes back, the node is killed and started again, the disk fills up and is freed. Nothing else may stop, what was seen must
reach the node once, and memory must stay flat, on two cores. Each of these has a verdict of its own at the end; one that failed, or that was never
asked (no disk of its own to fill, for want of root), makes the exit code 1.
Debian: gstreamer1.0-rtsp gir1.2-gst-rtsp-server-1.0 python3-gi gstreamer1.0-plugins-good gstreamer1.0-plugins-bad."""
import errno
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BIN = os.path.join(ROOT, "build", "bin")
sys.path.insert(0, os.path.join(ROOT, "test", "accept"))
TICKS = os.sysconf("SC_CLK_TCK")
RATE = 25      # pictures a second, of every stream
LOOK_S = 6     # between two looks at how the eyes fare
PAUSE_S = 18   # for so long a camera that nobody killed may bring nothing
ITEMS = {"memory": "memory is flat", "camera": "a camera dies: nothing is lost", "node": "the node restarts: nothing is lost",
         "disk": "the disk fills: nothing is lost", "load": "eleven streams on two cores", "end": "an orderly end"}
verdicts = {item: [] for item in ITEMS}


def check(item, what, found, ok):
    verdicts[item].append(bool(ok))
    print(f"{'ok   ' if ok else 'FAIL '} {item:<7} {what}: {found}", flush=True)


def conclude():
    """A verdict for each thing that was to be shown; what nobody asked is not shown."""
    bad = 0
    for item, title in ITEMS.items():
        asked, right = len(verdicts[item]), sum(verdicts[item])
        good = asked > 0 and right == asked
        bad += not good
        print(f"verdict {'ok  ' if good else 'FAIL'} {title}: {right} of {asked} checks" if asked else f"verdict FAIL {title}: never asked", flush=True)
    return 1 if bad else 0


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


def long_film(folder, name, short, minutes, filters, *words):
    """A film as long as the run and what follows it: the short one again and again, at RATE."""
    once, out = os.path.join(folder, name + "-once.mkv"), os.path.join(folder, name + ".mkv")
    subprocess.run(["ffmpeg", "-v", "error", "-i", short, "-vf", f"{filters},fps={RATE}", *words, "-c:v", "libx264", "-preset", "superfast",
                    "-bf", "0", "-g", str(RATE), once], check=True)
    subprocess.run(["ffmpeg", "-v", "error", "-stream_loop", "-1", "-i", once, "-t", str(60 * minutes + 400), "-c", "copy", out], check=True)
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
        self.disk, self.log = disk, log
        with open(log, "wb") as out:
            self.process = subprocess.Popen([os.path.join(BIN, "lifang-vision"), "serve", "--config", config], stdout=out, stderr=out)

    def status(self):
        for _ in range(20):
            try:
                with open(os.path.join(self.disk, "status.json")) as file:
                    return json.load(file)
            except (OSError, ValueError):
                time.sleep(0.5)
        return {"cameras": [], "waiting": -1, "sent": -1, "lost": -1, "refused": -1, "pictures_lost": -1, "disk_full": None}

    def camera(self, name):
        return next((c for c in self.status()["cameras"] if c["id"] == name), {"state": "unknown", "events": 0, "pictures": 0})

    def said(self, words):
        with open(self.log, errors="replace") as file:
            return words in file.read()

    def size(self):
        """Resident MiB, threads, open files."""
        with open(f"/proc/{self.process.pid}/status") as file:
            text = file.read()
        number = {name: int(re.search(name + r":\s+(\d+)", text).group(1)) for name in ("VmRSS", "Threads")}
        return number["VmRSS"] / 1024, number["Threads"], len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def used(self):
        with open(f"/proc/{self.process.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


class Watcher:
    """Looks at the eyes every few seconds: which camera brings nothing, how large they are, and what a stretch of time brought."""

    def __init__(self, eyes):
        self.eyes, self.stalls, self.sizes, self.stretches = eyes, {}, [], {}
        cameras = eyes.status()["cameras"]
        self.last = {c["id"]: c["packets"] for c in cameras}
        self.breaks = {c["id"]: c["breaks"] for c in cameras}  # a server that was not up yet is no trouble of theirs
        self.since = {}

    def look(self, spare, waited):
        for camera in self.eyes.status()["cameras"]:
            name = camera["id"]
            moved = camera["packets"] != self.last.get(name)
            self.last[name] = camera["packets"]
            self.since[name] = 0 if moved or name in spare else self.since.get(name, 0) + waited
            self.stalls[name] = max(self.stalls.get(name, 0), self.since[name])
        if self.eyes.process.poll() is not None:
            raise SystemExit(f"the eyes ended with {self.eyes.process.returncode}")
        self.sizes.append((time.monotonic(), *self.eyes.size()))

    def watch(self, seconds, stretch=None, spare=()):
        """`spare`: cameras that are meant to be dead. `stretch`: what happens meanwhile is counted under this name."""
        began, facade = time.time(), self.eyes.camera("eye-10")
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            pause = min(LOOK_S, max(0.1, until - time.monotonic()))
            time.sleep(pause)
            self.look(spare, pause)
        after = self.eyes.camera("eye-10")
        if stretch:
            pictures, falls, earlier = self.stretches.get(stretch, (0, 0, []))
            self.stretches[stretch] = (pictures + after["pictures"] - facade["pictures"], falls + after["events"] - facade["events"],
                                       earlier + [(1000 * began, 1000 * time.time())])

    def falls_go_on(self, item, stretch):
        """Nothing that fell meanwhile may be missed more often than when nothing was wrong; two stretches may cut a fall each."""
        (pictures, falls, _), (calm_pictures, calm_falls, _) = self.stretches[stretch], self.stretches["calm"]
        expected = calm_falls * pictures / max(1, calm_pictures)
        check(item, "falls are told all the same", f"{falls}, {expected:.1f} expected", calm_falls > 0 and falls + 2 >= 0.9 * expected)

    def reached_node(self, item, stretch, seen):
        """What was seen in this stretch lies at the node: lifts repeat what stands, something falls every few seconds."""
        count = sum(1 for d in seen if any(began <= d["ts"] < ended for began, ended in self.stretches[stretch][2]))
        check(item, "what was seen meanwhile is at the node", count, count > 0)

    def no_pause(self, item):
        longest = max(self.stalls, key=self.stalls.get)
        check(item, "no other camera paused", f"{longest} for {self.stalls[longest]:.0f} s at most", self.stalls[longest] <= PAUSE_S)
        self.stalls = dict.fromkeys(self.stalls, 0)
        broke = [f"{c['id']}: {c['trouble']}" for c in self.eyes.status()["cameras"]
                 if c["id"] != "eye-0" and c["breaks"] > self.breaks.get(c["id"], 0)]
        check(item, "nor broke", "; ".join(broke) or "none", not broke)

    def is_flat(self, minutes):
        """Medians, because a clip that is just being made comes and goes; the first tenth is the warming up."""
        first = self.sizes[0][0] + 60 * minutes / 10
        warm = [size for size in self.sizes if size[0] >= first]
        fifth = max(3, len(warm) // 5)
        for column, what, more in ((1, "resident MiB", 16), (2, "threads", 2), (3, "open files", 12)):
            medians = [statistics.median(size[column] for size in warm[at:at + fifth]) for at in range(0, len(warm) - fifth + 1, fifth)]
            check("memory", what, f"{' → '.join(f'{m:.0f}' for m in medians)}; at most {max(s[column] for s in self.sizes):.0f}",
                  len(medians) >= 2 and medians[-1] <= 1.05 * medians[0] + more)


def small_disk(folder, minutes):
    """Room for what is seen (the façade's clips are 40 MiB a minute) and some recordings: these must give way on the way."""
    disk = os.path.join(folder, "disk")
    os.mkdir(disk)
    size = 60 + int(52 * minutes)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}m", "tmpfs", disk]).returncode == 0
    return disk, mounted


def fill(disk):
    """Takes every free byte. True when the disk had no more to give."""
    with open(os.path.join(disk, "filler"), "wb", buffering=0) as file:
        try:
            while file.write(b"\0" * 65536):
                pass
        except OSError as refused:
            return refused.errno == errno.ENOSPC
    return False


def names_in(folder, ending):
    return {name for name in os.listdir(folder) if name.endswith(ending)} if os.path.isdir(folder) else set()


def evidence(disk):
    return {f"eye-{i}/{name}" for i in range(11) for name in names_in(os.path.join(disk, "events", f"eye-{i}"), (".jpg", ".mp4"))}


def wait_for(what, seconds):
    until = time.monotonic() + seconds
    while time.monotonic() < until and not what():
        time.sleep(2)
    return what()


def camera_dies(eyes, watcher, part, one, again):
    """It hangs (the line stands, nothing comes), then its line is dead, then it comes back."""
    hang = max(part / 2, 24)
    os.kill(one.pid, signal.SIGSTOP)
    watcher.watch(hang, "camera", ("eye-0",))
    check("camera", "one that hangs is said to be broken", eyes.camera("eye-0")["state"], eyes.camera("eye-0")["state"] == "broken")
    one.kill()
    one.wait()
    watcher.watch(max(part - hang, 12), "camera", ("eye-0",))
    check("camera", "one whose line is dead is said to be broken", eyes.camera("eye-0")["state"], eyes.camera("eye-0")["state"] == "broken")
    one = again()
    watcher.watch(max(part, 60), "camera", ("eye-0",))
    check("camera", "the one that came back is watched", eyes.camera("eye-0")["state"], eyes.camera("eye-0")["state"] == "watching")
    watcher.no_pause("camera")
    watcher.falls_go_on("camera", "camera")
    return one


def node_restarts(eyes, watcher, part, node):
    node.kill()
    watcher.watch(part, "node")
    waiting = eyes.status()["waiting"]
    check("node", "while it is away detections wait", waiting, waiting > 0)
    check("node", "and it is said why", "in the log of the eyes", eyes.said("the node does not answer"))
    node.start()
    watcher.watch(max(part, 70), "node")  # a minute is the longest pause between two tries
    told = wait_for(lambda: eyes.status()["waiting"] < max(3, waiting / 2), 120)
    check("node", "when it is back they go", f"{eyes.status()['waiting']} wait", told)
    watcher.no_pause("node")
    watcher.falls_go_on("node", "node")


def disk_fills(eyes, watcher, part, disk):
    recordings = [os.path.join(disk, "recordings", f"eye-{i}") for i in range(11)]
    films, kept = [names_in(folder, ".mkv") for folder in recordings], evidence(disk)
    full = fill(disk)
    check("disk", "it is full", "no byte more" if full else "it took everything", full)
    watcher.watch(1.5 * part, "disk")
    gone = sum(len(before - names_in(folder, ".mkv")) for before, folder in zip(films, recordings))
    check("disk", "old recordings gave way", f"{gone} of {sum(map(len, films))}, {shutil.disk_usage(disk).free >> 20} MiB free", gone > 0)
    check("disk", "and it is said", "in the log of the eyes", eyes.said("recordings went early: the disk runs full"))
    missing = kept - evidence(disk)
    check("disk", "no evidence gave way", f"{len(missing)} of {len(kept)} pictures and clips", not missing)
    watcher.no_pause("disk")
    watcher.falls_go_on("disk", "disk")
    os.remove(os.path.join(disk, "filler"))


def disk_is_free_again(eyes, disk):
    now, old = time.time(), []
    for i in range(11):
        folder = os.path.join(disk, "recordings", f"eye-{i}")
        newest = max((os.path.getmtime(os.path.join(folder, name)) for name in names_in(folder, (".mkv", ".part"))), default=0)
        if now - newest > 30:
            old.append(f"eye-{i}")
    refused = [c["id"] for c in eyes.status()["cameras"] if c["disk_refused"]]
    check("disk", "every camera is recorded again", f"not {old + refused}" if old or refused else "all eleven", not old and not refused)


def streams_were_whole(eyes, began, seconds):
    """Of those that nobody killed: each picture that the server sent came, and could be decoded."""
    now = {c["id"]: c for c in eyes.status()["cameras"]}
    shares = {name: (camera["packets"] - began[name]["packets"]) / (RATE * seconds) for name, camera in now.items() if name != "eye-0"}
    worst = min(shares, key=shares.get)
    check("load", "every stream came whole", f"{100 * shares[worst]:.1f} % of {worst}, the worst", shares[worst] >= 0.97)
    corrupt = sum(camera["corrupt"] for name, camera in now.items() if name != "eye-0")
    check("load", "no picture was damaged on the way", f"{corrupt} of {sum(c['pictures'] for c in now.values())}",
          corrupt <= 0.001 * sum(c["pictures"] for c in now.values()))
    lifts = statistics.mean(now[f"eye-{i}"]["shed"] for i in range(1, 4))
    posts = statistics.mean(now[f"eye-{i}"]["shed"] for i in range(4, 10))
    shed = sum(camera["shed"] for camera in now.values())
    check("load", "looks that are passed over are said", f"{shed}", shed == 0 or eyes.said("pictures are passed over"))
    check("load", "what is passed over is of less importance first", f"{lifts:.0f} looks of a lift, {posts:.0f} of a post", lifts <= posts + 20)


def nothing_was_lost(eyes, watcher, node, full):
    """The streams have ended: what is still on its way arrives, and then the counts must agree to the last one."""
    def arrived():
        now = eyes.status()
        return now["waiting"] == 0 and now["sent"] == sum(c["events"] for c in now["cameras"])
    wait_for(arrived, 150)
    status = eyes.status()
    seen = [d for i in range(11) for d in node.all("readings/detections", device=f"eye-{i}")]
    told = sum(c["events"] for c in status["cameras"])
    counts = f"{told} told by judges, {status['sent']} sent, {len(seen)} at the node; waiting {status['waiting']}, " \
             f"lost {status['lost']}, refused {status['refused']}"
    whole = status["waiting"] == status["lost"] == status["refused"] == 0 and told == status["sent"] == len(seen) and told > 0
    for item in ("camera", "node", "disk") if full else ("camera", "node"):
        check(item, "each detection is at the node, once", counts, whole)
        watcher.reached_node(item, item, seen)
    own = {c["id"]: c["events"] for c in status["cameras"]}
    stored = {name: sum(1 for d in seen if d["device"] == name) for name in own}
    check("camera", "camera by camera", "as told" if stored == own else f"{stored} of {own}", stored == own)
    bare = sum(1 for d in seen if d["kind"] == "falling_object" and not d.get("file"))
    print(f"figure {bare} of {sum(1 for d in seen if d['kind'] == 'falling_object')} falls without picture at the node (a disk without room keeps none); "
          f"{status['pictures_lost']} pictures that the node did not take", flush=True)


def run(minutes, folder, node):
    part = 60 * minutes / 10
    short, view = os.path.join(folder, "facade.mp4"), os.path.join(folder, "facade.toml")
    subprocess.run([os.path.join(BIN, "lifang-vision-accept"), "film", "1", short, view], check=True)
    lift = os.path.join(folder, "lift.mp4")
    subprocess.run([os.path.join(BIN, "lifang-vision-accept"), "lift", "3", lift], check=True)
    facade = long_film(folder, "facade", short, minutes, "scale=1920:1080", "-b:v", "3M")
    ride = long_film(folder, "lift", lift, minutes, "scale=704:576", "-b:v", "500k")
    from node import free_port
    ports = (free_port(), free_port())
    many = start_rtsp(ports[0], {**{f"d1-{i}": ride for i in range(1, 10)}, "facade": facade})
    one = start_rtsp(ports[1], {"d1-0": ride})
    disk, mounted = small_disk(folder, minutes)
    furnish(node)
    time.sleep(2)
    with open(view) as file:
        eyes = Eyes(configure(folder, disk, node, ports, file.read()), disk, os.path.join(folder, "eyes.log"))
    try:
        wait_for(lambda: sum(c["state"] == "watching" for c in eyes.status()["cameras"]) == 11, 60)
        watcher = Watcher(eyes)
        first, began, used = {c["id"]: c for c in eyes.status()["cameras"]}, time.monotonic(), eyes.used()
        watcher.watch(2 * part, "calm")
        watcher.no_pause("load")
        one = camera_dies(eyes, watcher, part, one, lambda: start_rtsp(ports[1], {"d1-0": ride}))
        node_restarts(eyes, watcher, part, node)
        if mounted:
            disk_fills(eyes, watcher, part, disk)
        watcher.watch(2.5 * part if mounted else 4 * part)
        busy = 100 * (eyes.used() - used) / (time.monotonic() - began)
        if mounted:
            disk_is_free_again(eyes, disk)
        states = [c["state"] for c in eyes.status()["cameras"]]
        check("load", "every camera is watched at the end", sorted(set(states)), set(states) == {"watching"} and len(states) == 11)
        watcher.no_pause("load")
        streams_were_whole(eyes, first, time.monotonic() - began)
        watcher.is_flat(minutes)
        cameras = eyes.status()["cameras"]
        print(f"figure processor {busy:.0f} % of a core; {sum(c['pictures'] for c in cameras)} pictures decoded, "
              f"{sum(c['shed'] for c in cameras)} looks passed over for newer ones; façade {eyes.camera('eye-10')['pictures']} pictures, "
              f"{eyes.camera('eye-10')['events']} falls", flush=True)
        for server in (many, one):
            server.kill()
            server.wait()
        nothing_was_lost(eyes, watcher, node, mounted)
    finally:
        eyes.process.terminate()
        try:
            code = eyes.process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            eyes.process.kill()
            code = "it had to be killed"
        check("end", "the eyes end in order", code, code == 0)
        for server in (many, one):
            server.kill()
            server.wait()
        if not all(all(one_of) for one_of in verdicts.values()):
            with open(eyes.log, errors="replace") as file:
                print("".join(f"eyes   {line}" for line in file.readlines()[-60:]), flush=True)
        if mounted:
            subprocess.run(["umount", disk], check=False)


def main():
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 30
    if minutes < 4:
        sys.exit("4 minutes at least: what stands is told every 20 s, the disk is looked after every 30")
    cores = sorted(os.sched_getaffinity(0))[:2]
    os.sched_setaffinity(0, cores)  # servers, node and eyes share them
    print(f"figure {minutes:g} minutes on {len(cores)} cores", flush=True)
    from node import Node
    folder = tempfile.mkdtemp(prefix="lifang-soak-")
    try:
        with Node(os.path.join(BIN, "lifang")) as node:
            run(minutes, folder, node)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        code = conclude()
    sys.exit(code)


if len(sys.argv) > 2 and sys.argv[1] == "--serve":
    serve_rtsp(sys.argv[2], sys.argv[3:])
else:
    main()
