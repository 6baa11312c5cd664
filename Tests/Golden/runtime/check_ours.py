"""Opens a model file that Ockham wrote with Python's safetensors library and checks what it finds.

Needs numpy and safetensors. The tests run it when `python3` has them; otherwise run it by hand:

    python check_ours.py path/to/model.safetensors
"""

import json
import sys
from pathlib import Path

import reference
from safetensors import safe_open


def main(path):
    with safe_open(path, "numpy") as file:
        metadata = file.metadata()
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    tiers, features = json.loads(metadata["tiers"]), json.loads(metadata["features"])
    table = tensors["gram.weight"]
    assert metadata["format"] == "ockham/1", metadata["format"]
    assert table.dtype == "int16" and table.shape[0] == 1 << features["bucket_bits"], (table.dtype, table.shape)
    assert table.shape[1] >= 1 + len(tiers) and table.any(), table.shape
    assert tensors["gram.scale"].shape == (table.shape[1],) and tensors["bias"].shape == (len(tiers),)
    assert tensors["thresholds"].shape == (len(tiers) - 1,)
    assert all(tensor.dtype in ("int16", "float32", "float64") for tensor in tensors.values())
    if "tensors_sha256" in metadata:
        assert metadata["tensors_sha256"] == reference.tensors_sha256(Path(path).read_bytes())
    print(f"{path}: {len(tensors)} tensors, {len(tiers)} tiers, {table.shape[0]} buckets")


main(sys.argv[1])
