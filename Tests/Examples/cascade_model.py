"""Writes the golden model with response heads, with a cascade over it: cascade_model.py RESPONSES.safetensors OUTPUT

Needs Python's own library only. What it adds is described in Sources/Ockham/Ockham.docc/ModelFileFormat2.md.
"""

import hashlib
import json
import struct
import sys

CASCADE = {
    "cascade.tier_cost_usd": ("F64", "d", [0.0001, 0.001, 0.02]),
    "cascade.spread": ("F32", "f", [0.5, 0.25]),
    "cascade.price": ("F64", "d", [20.0, 0.0]),
}
SIZES = {"F64": 8, "F32": 4, "I16": 2}


def read(path):
    data = open(path, "rb").read()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + size])
    metadata = header.pop("__metadata__")
    body = data[8 + size :]
    return metadata, {name: (it["dtype"], it["shape"], body[slice(*it["data_offsets"])]) for name, it in header.items()}


def main(source, output):
    metadata, tensors = read(source)
    for name, (kind, code, values) in CASCADE.items():
        tensors[name] = (kind, [len(values)], struct.pack(f"<{len(values)}{code}", *values))
    metadata["parts"] = '["response","cascade"]'
    metadata["cascade"] = '{"start":[0,1,2],"check":[0,1]}'
    order = sorted(tensors, key=lambda name: (-SIZES[tensors[name][0]], name))
    body = b"".join(tensors[name][2] for name in order)
    metadata["tensors_sha256"] = hashlib.sha256(body).hexdigest()
    header, place = {"__metadata__": metadata}, 0
    for name in order:
        kind, shape, data = tensors[name]
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [place, place + len(data)]}
        place += len(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(output, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + body)


main(*sys.argv[1:])
