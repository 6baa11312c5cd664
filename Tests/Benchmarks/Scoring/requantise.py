"""Writes a model whose n-gram table has fewer bits: requantise.py MODEL BITS OUTPUT

A value v of 16 bits becomes the nearest multiple of 2^(16 - BITS). Evaluating the result tells what that rounding costs;
the rounding from single precision to 16 bits, which every model has behind it, is finer than that to BITS by 2^(16 - BITS).
"""

import hashlib
import json
import sys

import numpy as np

path, bits, output = sys.argv[1], int(sys.argv[2]), sys.argv[3]
data = bytearray(open(path, "rb").read())
length = int.from_bytes(data[:8], "little")
header = json.loads(data[8 : 8 + length])
begin, end = (8 + length + offset for offset in header["gram.weight"]["data_offsets"])
step = 1 << (16 - bits)
values = np.frombuffer(bytes(data[begin:end]), "<i2").astype(np.int32)
rounded = np.clip(np.round(values / step) * step, -32768, 32767 // step * step)
data[begin:end] = rounded.astype("<i2").tobytes()
metadata = header["__metadata__"]
if "tensors_sha256" in metadata:
    # The new checksum has as many digits as the old one, so that the header keeps its length.
    checksum = hashlib.sha256(data[8 + length :]).hexdigest()
    data[8 : 8 + length] = bytes(data[8 : 8 + length]).replace(metadata["tensors_sha256"].encode(), checksum.encode())
open(output, "wb").write(data)
