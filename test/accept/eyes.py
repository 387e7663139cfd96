"""The eyes' story, end to end over real sockets: a simulated clip, lifang-vision, the porch, a situation, a case with its
picture and clip, which those on the spot may open; also while the node is away."""
import os
import subprocess
import sys

from expect import check, verdict, wait_for
from node import Node

PROGRAM, EYES, SIMULATOR = sys.argv[1:4]
TOKEN = "simulated-eye-1"


def furnish(node):
    node.ask("PUT", "places/court", {"kind": "compound", "name": "样板小区"})
    node.ask("PUT", "devices/profiles/falling-camera", {"name": "高空抛物摄像机", "metrics": [], "detections": ["falling_object"]})
    node.ask("PUT", "devices/eye-1", {"profile": "falling-camera", "place": "court", "secret": TOKEN})
    node.rule("falling", {"name": "高空抛物", "applies_to": {"profile": "falling-camera"}, "severity": "critical", "case": "falling-object",
                          "raise": {"when": {"detection": "falling_object", "confidence": 0.6}},
                          "clear": {"when": {"detection": "falling_object", "silent": "PT5M"}}})


def camera(folder, seed):
    """A façade with things that fall, as a clip that is shown once at its own pace."""
    clip, view = os.path.join(folder, "facade.mp4"), os.path.join(folder, "view.toml")
    subprocess.run([SIMULATOR, "film", str(seed), clip, view], check=True)
    with open(view) as file:
        text = file.read()
    return clip, text, text.count("# fell")


def configuration(node, folder, clip, view):
    text = (f'node = "http://127.0.0.1:{node.http}"\nfolder = "{folder}/eyes"\nthreads = 1\nfree_mib = 1\n'
            f'[[cameras]]\nid = "eye-1"\ntoken = "{TOKEN}"\nsource = "{clip}"\njudge = ["falling"]\n')
    text += "[cameras.view]\n" + "".join(
        line.replace("[facade]", "[cameras.view.facade]") + "\n" for line in view.splitlines())
    path = os.path.join(folder, "eyes.toml")
    with open(path, "w") as file:
        file.write(text)
    return path


with Node(PROGRAM) as node:
    furnish(node)
    clip, view, falls = camera(node.folder, 1)
    words = configuration(node, node.folder, clip, view)
    node.kill()  # the line is cut before anything falls
    eyes = subprocess.Popen([EYES, "serve", "--config", words], stdout=node.log, stderr=node.log)
    try:
        outbox = os.path.join(node.folder, "eyes", "outbox")
        waiting = wait_for(lambda: os.path.isdir(outbox) and [f for f in os.listdir(outbox) if f.endswith(".json")])
        check("while the node is away detections wait on disk", "some", len(waiting or []), bool(waiting))
        node.start()
        cases = wait_for(lambda: node.ask("GET", "cases")["items"])
        check("a case is open", "falling-object", cases[0]["kind"] if cases else None)
        wait_for(lambda: not [f for f in os.listdir(outbox) if f.endswith(".json")])
        case = node.ask("GET", "cases")["items"][0]
        check("the letter box is empty", 0, len([f for f in os.listdir(outbox) if f.endswith(".json")]))
        kinds = {}
        for file in case["files"]:
            status, media, bytes_ = node.content(file)
            kinds[media] = (status, len(bytes_))
        check("the picture with its red track opens", "200, some bytes", kinds.get("image/jpeg"),
              kinds.get("image/jpeg", (0, 0))[0] == 200 and kinds["image/jpeg"][1] > 1000)
        seen = node.ask("GET", "readings/detections", device="eye-1")["items"]
        check("every fall was told", falls, len(seen))
        check("each names its floor", True, all("floor" in d.get("attributes", {}) for d in seen))
        clips = [d["attributes"]["clip"] for d in seen if "clip" in d.get("attributes", {})]
        status, media, bytes_ = node.content(clips[0]) if clips else (0, None, b"")
        check("the clip opens", "200 video/mp4", f"{status} {media}", status == 200 and media == "video/mp4" and len(bytes_) > 10_000)
        why = node.ask("GET", f"why/{case['id']}")
        chain = str(why)
        check("why leads from the case to the detection", True, "situation" in chain and "detection" in chain)
    finally:
        eyes.terminate()
        check("the eyes end in order", 0, eyes.wait(timeout=30))
sys.exit(verdict())
