"""What is drawn in the console reaches the eyes: a picture is asked for, a mask drawn on it, and the next picture is black there; a view that
is off is refused with its place. Also over a restart of the eyes while the node is away. And the file is read again without a stop: a camera that
is added is watched, the other goes on; a file that is off changes nothing."""
import json
import os
import subprocess
import sys
import time

from expect import check, verdict, wait_for
from node import Node

PROGRAM, EYES, SIMULATOR = sys.argv[1:4]


def attributes(node):
    return node.ask("GET", "devices/lift-1")["attributes"]


def tell(node, **words):
    node.ask("POST", "devices/lift-1/attributes", words)


def picture(node, turn):
    """Asks for a picture; its width, height and brightness, row by row."""
    tell(node, picture_asked=turn)
    wait_for(lambda: attributes(node).get("picture_given") == turn)
    _, _, jpeg = node.content(attributes(node)["picture"])
    width, height = attributes(node)["picture_size"]
    given, seen = os.path.join(node.folder, "given.jpg"), os.path.join(node.folder, "given.grey")
    with open(given, "wb") as file:
        file.write(jpeg)
    subprocess.run([SIMULATOR, "grey", given, seen], check=True)
    with open(seen, "rb") as file:
        return width, height, file.read()


def mean(shot, left, top, right, bottom):
    width, _, grey = shot
    return sum(sum(grey[y * width + left:y * width + right]) for y in range(top, bottom)) / ((right - left) * (bottom - top))


def camera(node, name):
    """How a camera fares; nothing while there is none of that name."""
    try:
        with open(os.path.join(node.folder, "eyes", "status.json")) as file:
            return next((c for c in json.load(file)["cameras"] if c["id"] == name), None)
    except (OSError, ValueError):
        return None


def said(node, words):
    with open(node.log.name, errors="replace") as file:
        return words in file.read()


def read_again(node, words):
    """A camera that began anew would count its packets from nothing."""
    before = wait_for(lambda: (lambda c: c if c and c["packets"] > 200 else None)(camera(node, "lift-1")))
    with open(words) as file:
        text = file.read()
    head, cameras = text.split("[[cameras]]", 1)
    second = "[[cameras]]" + cameras.split("[cameras.view]")[0].replace("lift-1", "lift-2")
    with open(words, "w") as file:
        file.write(text + second)
    other = wait_for(lambda: (lambda c: c if c and c["state"] == "watching" else None)(camera(node, "lift-2")))
    now = camera(node, "lift-1")
    check("a camera that is added to the file is watched", "watching", other and other["state"])
    check("the other went on", "more packets, no break", (now["packets"], now["breaks"]), now["packets"] >= before["packets"] and now["breaks"] == 0)
    with open(words, "w") as file:
        file.write(head + "threads = \n[[cameras]]" + cameras)
    off = wait_for(lambda: said(node, "the configuration is off; nothing changed"))
    check("a file that is off is said", True, bool(off))
    later = wait_for(lambda: (lambda c: c if c and c["packets"] > other["packets"] else None)(camera(node, "lift-2")))
    check("and changes nothing", "watching", later and later["state"])


with Node(PROGRAM) as node:
    node.ask("PUT", "places/court", {"kind": "compound", "name": "样板小区"})
    node.ask("PUT", "devices/profiles/lift", {"name": "电梯", "metrics": [], "detections": ["ebike_in_lift", "ebike_in_lift_over"]})
    for lift in ("lift-1", "lift-2"):
        node.ask("PUT", f"devices/{lift}", {"profile": "lift", "place": "court", "secret": f"token-of-{lift}"})
    clip = os.path.join(node.folder, "lift.mp4")
    subprocess.run([SIMULATOR, "lift", "3", clip], check=True)
    words = os.path.join(node.folder, "eyes.toml")
    with open(words, "w") as file:
        file.write(f'node = "http://127.0.0.1:{node.http}"\nfolder = "{node.folder}/eyes"\nfree_mib = 1\n'
                   f'[[cameras]]\nid = "lift-1"\ntoken = "token-of-lift-1"\nsource = "{clip}"\nloop = true\n'
                   '[cameras.view]\nmasks = [[[610, 140], [690, 140], [690, 310], [610, 310]]]\n')
    eyes = subprocess.Popen([EYES, "serve", "--config", words], stdout=node.log, stderr=node.log)
    try:
        first = picture(node, "1")
        check("the picture comes as large as the camera's", (704, 576), first[:2])
        check("what the machine's file masks is black in it", "below 12", round(mean(first, 622, 150, 678, 300)), mean(first, 622, 150, 678, 300) < 12)
        check("the corner is not", "above 100", round(mean(first, 20, 20, 180, 180)), mean(first, 20, 20, 180, 180) > 100)
        tell(node, view={"size": [704, 576], "masks": [[[0, 0], [200, 0], [200, 200], [0, 200]]]})
        state = wait_for(lambda: attributes(node).get("view_state"))
        check("the eyes say that they have taken it", "taken", state and state["state"])
        second = wait_for(lambda: (lambda shot: shot if mean(shot, 20, 20, 180, 180) < 12 else None)(picture(node, str(time.time()))))
        check("what was drawn is black", True, bool(second))
        check("and the machine's own mask still is", "below 12", second and round(mean(second, 622, 150, 678, 300)),
              bool(second) and mean(second, 622, 150, 678, 300) < 12)
        tell(node, view={"masks": [[[0, 0], [9, 9]]]})
        state = wait_for(lambda: (lambda s: s if s["state"] == "refused" else None)(attributes(node)["view_state"]))
        check("what is off is refused with its place", "/masks/0", state and state["field"])
        check("and nothing changed", "below 12", 0, mean(picture(node, "3"), 20, 20, 180, 180) < 12)
        eyes.terminate()
        eyes.wait(timeout=30)
        node.kill()
        eyes = subprocess.Popen([EYES, "serve", "--config", words], stdout=node.log, stderr=node.log)
        time.sleep(3)
        node.start()
        check("a restart without the node forgets nothing", "below 12", 0, mean(picture(node, "4"), 20, 20, 180, 180) < 12)
        read_again(node, words)
    finally:
        eyes.terminate()
        check("the eyes end in order", 0, eyes.wait(timeout=30))
sys.exit(verdict())
